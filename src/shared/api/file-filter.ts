import { Type, type Static, type TSchema } from 'typebox'

/** How a condition compares. */
export const FilterOperator = Type.Enum(
  ['Equal', 'NotEqual', 'LessThan', 'GreaterThan', 'Like', 'In', 'ContainsAny', 'ContainsAll'],
  {
    description:
      'Equal, NotEqual, LessThan, GreaterThan compare with valueText; NotEqual is the opposite of Equal, so it also ' +
      'finds files without the field. Like compares the whole text without case, % stands for anything. In finds one ' +
      'of valueTextArray. ContainsAny, ContainsAll: a list has one, or all, of valueTextArray; a single value counts ' +
      'as a list of one.',
  },
)
/** How a condition compares. */
export type FilterOperator = Static<typeof FilterOperator>

/** A condition on one field. Numbers are compared by value though they are written as text, all else as text. */
const condition = <Path extends TSchema>(path: Path) =>
  Type.Object({
    path,
    operator: FilterOperator,
    valueText: Type.Optional(
      Type.String({ maxLength: 1_000, description: 'What to compare with: text, 60, true, 2026-11-24.' }),
    ),
    valueTextArray: Type.Optional(
      Type.Array(Type.String({ maxLength: 1_000 }), {
        minItems: 1,
        maxItems: 100,
        description: 'The values of In, ContainsAny, ContainsAll.',
      }),
    ),
  })

/** Most conditions on one part. */
const MAX_CONDITIONS = 20

const conditions = <Path extends TSchema>(path: Path, description: string) =>
  Type.Optional(Type.Array(condition(path), { maxItems: MAX_CONDITIONS, description }))

/** What of a file can be filtered by. */
export const FileField = Type.Enum([
  ...['id', 'uri', 'filename', 'bytes', 'created_at', 'status', 'media_type', 'source', 'path', 'folder_id'],
  'missing',
  'delivery',
] as const)
/** What of a file can be filtered by. */
export type FileField = Static<typeof FileField>

/** What of a video can be filtered by. */
export const VideoField = Type.Enum(['duration_seconds', 'width', 'height', 'format', 'has_audio'] as const)
/** What of a video can be filtered by. */
export type VideoField = Static<typeof VideoField>

/** The `filter` of `GET /v1/files`, as JSON in the query: files that fulfil every condition. */
export const FileFilter = Type.Object({
  metadata: conditions(
    Type.String({
      maxLength: 200,
      pattern: '^[\\p{L}\\p{M}\\p{N}_ -]+(\\.[\\p{L}\\p{M}\\p{N}_ -]+){0,9}$',
      description: 'a field of the metadata, like rating or place.city',
    }),
    'Conditions on the metadata that clients keep beside the file.',
  ),
  video_info: conditions(
    VideoField,
    'Conditions on length in seconds, size in pixels, container (MP4, Matroska, …), has_audio (true or false).',
  ),
  file: conditions(
    FileField,
    'Conditions on the file itself. bytes is a number; created_at is Unix milliseconds or a date like 2026-11-24; ' +
      'missing is true or false.',
  ),
})
/** The `filter` of `GET /v1/files`. */
export type FileFilter = Static<typeof FileFilter>

/** One condition of a filter, whatever it is on. */
export type FilterCondition = {
  path: string
  operator: FilterOperator
  valueText?: string
  valueTextArray?: string[]
}
