import { Type, type Static } from 'typebox'
import { DateFilter, Metadata, Paging, TimestampMs } from './common.ts'
import { Failure } from './error.ts'
import { FileFilter } from './file-filter.ts'

/** The way of a file: registered, being read, readable, or refused with a reason. */
export const FileStatus = Type.Enum(['pending', 'processing', 'completed', 'failed'])
/** The way of a file: registered, being read, readable, or refused with a reason. */
export type FileStatus = Static<typeof FileStatus>

/** What a browser needs of a file: nothing, another sound track, or another picture. */
export const Delivery = Type.Enum(['remux', 'audio', 'transcode'])
/** `remux` "plays everywhere", `audio` "converts audio", `transcode` "converts". */
export type Delivery = Static<typeof Delivery>

const NullableNumber = Type.Union([Type.Number(), Type.Null()])
const NullableText = Type.Union([Type.String(), Type.Null()])

/** A track of sound of a file. */
export const AudioTrack = Type.Object({
  name: Type.String({ description: 'No other track of the file is called so.' }),
  language: Type.Optional(Type.String({ description: 'BCP 47' })),
  codec: Type.String(),
  channels: Type.Integer(),
  default: Type.Boolean(),
  streamed: Type.Boolean({ description: 'False when it is left out of streams.' }),
})
/** A track of sound of a file. */
export type AudioTrack = Static<typeof AudioTrack>

/** A chapter that a file names itself; seconds from its start. */
export const Chapter = Type.Object({
  start_time: Type.Number(),
  end_time: Type.Number(),
  title: Type.String({ description: 'Its number where the file gives it no name.' }),
})
/** A chapter that a file names itself. */
export type Chapter = Static<typeof Chapter>

/** Subtitles of a file. Those of kind `text` are read as WebVTT at `/v1/files/{id}/subtitles/{index}.vtt`. */
export const Subtitle = Type.Object({
  index: Type.Integer(),
  name: Type.String({ description: 'No others of the file are called so.' }),
  language: Type.Optional(Type.String({ description: 'BCP 47' })),
  source: Type.Enum(['embedded', 'file'], {
    description: 'In the file, or in one beside it: `film.en.srt`.',
  }),
  kind: Type.Enum(['text', 'picture'], { description: 'Pictures of text are left out of streams.' }),
  forced: Type.Boolean({ description: 'Only what is said in another language than the rest.' }),
})
/** Subtitles of a file. */
export type Subtitle = Static<typeof Subtitle>

/** A video or audio file of the library. */
export const File = Type.Object({
  id: Type.String(),
  object: Type.Literal('file'),
  status: FileStatus,
  failure: Type.Optional(Failure),
  uri: Type.String({ description: 'matinee://files/<id>' }),
  filename: Type.String(),
  bytes: Type.Integer(),
  created_at: TimestampMs,
  metadata: Type.Union([Metadata, Type.Null()]),
  media_type: Type.Optional(Type.Enum(['video', 'audio'])),
  media_info: Type.Object({
    duration_seconds: NullableNumber,
    width: NullableNumber,
    height: NullableNumber,
    sample_rate: NullableNumber,
    channels: NullableNumber,
    bitrate: NullableNumber,
    format: NullableText,
    has_audio: Type.Union([Type.Boolean(), Type.Null()]),
    audio_tracks: Type.Array(AudioTrack, { description: 'Empty until the file was read.' }),
  }),
  video_info: Type.Object({
    duration_seconds: NullableNumber,
    width: NullableNumber,
    height: NullableNumber,
    format: NullableText,
    has_audio: Type.Union([Type.Boolean(), Type.Null()]),
  }),
  thumbnail_url: Type.Optional(Type.String()),
  source: Type.Enum(['upload', 'local']),
  path: Type.String(),
  folder_id: Type.Optional(Type.String()),
  missing: Type.Boolean(),
  video_codec: Type.Optional(Type.String()),
  audio_codec: Type.Optional(Type.String()),
  frame_rate: Type.Optional(Type.Number()),
  delivery: Type.Optional(Delivery),
  delivery_reason: Type.Optional(Type.String()),
  playable: Type.Boolean({ description: 'True when a share of this file can play now or after preparing.' }),
  chapters: Type.Optional(
    Type.Array(Chapter, { description: 'Only in the answer of one file, when it has some.' }),
  ),
  subtitles: Type.Optional(
    Type.Array(Subtitle, { description: 'Only in the answer of one file, when it has some.' }),
  ),
})
/** A video or audio file of the library. */
export type File = Static<typeof File>

/** Body of `POST /v1/files` with JSON: registers a local file in place, nothing is copied. */
export const RegisterFile = Type.Object({
  path: Type.String({ minLength: 1, maxLength: 4096 }),
  metadata: Type.Optional(Metadata),
})
/** Body of `POST /v1/files` with JSON. */
export type RegisterFile = Static<typeof RegisterFile>

/** Form of `POST /v1/files` as `multipart/form-data`: a file that is sent. Its fields may come in any order. */
export const UploadFile = Type.Object({
  file: Type.String({ format: 'binary', description: 'Audio or video, with its name.' }),
  metadata: Type.Optional(Type.String({ description: 'A JSON object as text.' })),
  enable_segment_thumbnails: Type.Optional(Type.Boolean()),
})

/** Body of `PUT /v1/files/{id}`; what is absent stays. */
export const UpdateFile = Type.Object({
  filename: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  metadata: Type.Optional(Metadata),
})
/** Body of `PUT /v1/files/{id}`. */
export type UpdateFile = Static<typeof UpdateFile>

/** Query of `GET /v1/files`; files fulfil all of it. */
export const ListFiles = Type.Object({
  ...Paging,
  status: Type.Optional(FileStatus),
  created_before: Type.Optional(DateFilter),
  created_after: Type.Optional(DateFilter),
  order: Type.Enum(['created_at', 'filename'], { default: 'created_at' }),
  sort: Type.Enum(['asc', 'desc'], { default: 'desc' }),
  q: Type.Optional(
    Type.String({
      maxLength: 500,
      description:
        'Words, each of them a part of the name, of a folder or of a tag (`tags` in the metadata), without case or accents.',
    }),
  ),
  filter: Type.Optional(
    Type.String({
      maxLength: 8_000,
      contentMediaType: 'application/json',
      contentSchema: FileFilter,
      description: 'Conditions on metadata, video_info and file, as JSON.',
    }),
  ),
  folder_id: Type.Optional(Type.String()),
  media_type: Type.Optional(Type.Enum(['video', 'audio'])),
  missing: Type.Optional(Type.Boolean()),
})
/** Query of `GET /v1/files`. */
export type ListFiles = Static<typeof ListFiles>

/** A picture of a file; `time` is the second of the file it shows. */
export const Thumbnail = Type.Object({
  id: Type.String(),
  url: Type.String(),
  time: Type.Number(),
  type: Type.Enum(['file', 'segment'], { description: 'What it is of: `file` is its poster.' }),
  segment_id: Type.Optional(Type.String()),
  segmentation_id: Type.Optional(Type.String()),
})
/** A picture of a file. */
export type Thumbnail = Static<typeof Thumbnail>

/**
 * Query of `GET /v1/files/{id}/thumbnails` and `GET /v1/segmentations/{id}/thumbnails`; `is_default=false` means "no
 * filter".
 */
export const ListThumbnails = Type.Object({
  ...Paging,
  type: Type.Optional(
    Type.String({
      pattern: '^(file|segment|keyframe|frame)(,(file|segment|keyframe|frame))*$',
      description: 'one or more of file, segment, keyframe, frame, with commas between them',
    }),
  ),
  segmentation_id: Type.Optional(Type.String()),
  is_default: Type.Optional(Type.Boolean()),
})
/** Query of `GET /v1/files/{id}/thumbnails`. */
export type ListThumbnails = Static<typeof ListThumbnails>
