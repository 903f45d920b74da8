import { Type, type Static } from 'typebox'

/** What a file, or a part of it, can be made into. */
export const ExportFormat = Type.Enum(['mp4', 'm4a', 'mp3', 'gif', 'webp'])
/** What a file, or a part of it, can be made into. */
export type ExportFormat = Static<typeof ExportFormat>

/** Body of `POST /v1/files/{id}/export`; without times it is the whole file. */
export const CreateExport = Type.Object({
  format: ExportFormat,
  start_time: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9, description: 'Seconds; 0 without it' })),
  end_time: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1e9, description: 'Seconds; the end of the file without it' }),
  ),
  max_bytes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Of MP4: the result is no larger',
    }),
  ),
})
/** Body of `POST /v1/files/{id}/export`. */
export type CreateExport = Static<typeof CreateExport>

/** The longest moving picture, in seconds. */
export const LONGEST_ANIMATION_S = 15
