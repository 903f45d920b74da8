import { Type, type Static } from 'typebox'
import { DateFilter, Metadata, Paging, TimestampMs } from './common.ts'
import { Failure } from './error.ts'
import { Chapter } from './file.ts'

/** Who may play a share: anyone with the link, or people who sign in. Fixed at creation. */
export const Visibility = Type.Enum(['public', 'private'])
/** Who may play a share. */
export type Visibility = Static<typeof Visibility>

/** What a chat's preview card may show of a private share. */
export const LinkPreview = Type.Enum(['none', 'full', 'player'])
/** What a chat's preview card may show of a private share. */
export type LinkPreview = Static<typeof LinkPreview>

/** The way of a share; it only goes forward. */
export const ShareStatus = Type.Enum(['pending', 'processing', 'completed', 'failed'])
/** The way of a share; it only goes forward. */
export type ShareStatus = Static<typeof ShareStatus>

/** From where an address of a share can be reached. */
export const Reach = Type.Enum(['loopback', 'lan', 'tunnel', 'domain'])
/** From where an address of a share can be reached. */
export type Reach = Static<typeof Reach>

/** A link to a file: its page, its stream, its download. */
export const Share = Type.Object({
  id: Type.String(),
  object: Type.Literal('share'),
  file_id: Type.String(),
  file_segment_id: Type.Optional(Type.String()),
  asset_type: Type.Enum(['file', 'file_segment']),
  title: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  metadata: Type.Optional(Metadata),
  visibility: Visibility,
  link_preview: LinkPreview,
  status: ShareStatus,
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  failure: Type.Optional(Failure),
  preview_url: Type.Optional(Type.String()),
  share_url: Type.String(),
  links: Type.Array(Type.Object({ reach: Reach, url: Type.String() })),
  stream_url: Type.Optional(Type.String()),
  media_download_url: Type.Optional(Type.String()),
  media_download_expires_at: Type.Union([TimestampMs, Type.Null()]),
  duration_seconds: Type.Optional(Type.Number()),
  view_count: Type.Integer(),
  expires_at: Type.Optional(TimestampMs),
  password_protected: Type.Boolean(),
  keep_copy: Type.Boolean(),
  created_at: TimestampMs,
})
/** A link to a file: its page, its stream, its download. */
export type Share = Static<typeof Share>

/** What of a share can be set at creation and changed later. */
const Editable = {
  title: Type.Optional(Type.String({ maxLength: 500 })),
  description: Type.Optional(Type.String({ maxLength: 10_000 })),
  metadata: Type.Optional(Metadata),
  link_preview: Type.Optional(LinkPreview),
}
const SharePassword = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: 'Write-only, for public shares; the page asks for it.',
})

/** Body of `POST /v1/share`. */
export const CreateShare = Type.Object({
  ...Editable,
  file_id: Type.String(),
  file_segment_id: Type.Optional(Type.String()),
  visibility: Type.Optional(Visibility),
  expires_at: Type.Optional(TimestampMs),
  password: Type.Optional(SharePassword),
  keep_copy: Type.Optional(Type.Boolean()),
})
/** Body of `POST /v1/share`. */
export type CreateShare = Static<typeof CreateShare>

/** Body of `PUT /v1/share/{id}`; what is absent stays, and null takes end or password away. */
export const UpdateShare = Type.Object({
  ...Editable,
  visibility: Type.Optional(Visibility),
  expires_at: Type.Optional(Type.Union([TimestampMs, Type.Null()])),
  password: Type.Optional(Type.Union([SharePassword, Type.Null()])),
})
/** Body of `PUT /v1/share/{id}`. */
export type UpdateShare = Static<typeof UpdateShare>

/** Query of `GET /v1/share/{id}`. */
export const GetShare = Type.Object({
  clip_start: Type.Optional(Type.Number()),
  clip_end: Type.Optional(Type.Number()),
  reach: Type.Optional(Reach),
})
/** Query of `GET /v1/share/{id}`. */
export type GetShare = Static<typeof GetShare>

/** Query of `GET /v1/share`. */
export const ListShares = Type.Object({
  ...Paging,
  file_id: Type.Optional(Type.String()),
  file_segment_id: Type.Optional(Type.String()),
  visibility: Type.Optional(Visibility),
  status: Type.Optional(ShareStatus),
  created_before: Type.Optional(DateFilter),
  created_after: Type.Optional(DateFilter),
})
/** Query of `GET /v1/share`. */
export type ListShares = Static<typeof ListShares>

/** A track to choose in a stream that has several: the EXT-X-MEDIA of the same NAME. */
export const Rendition = Type.Object({
  kind: Type.Enum(['audio']),
  language: Type.Optional(Type.String({ description: 'BCP 47' })),
  name: Type.String(),
  default: Type.Boolean(),
})
/** A track to choose in a stream that has several: the EXT-X-MEDIA of the same NAME. */
export type Rendition = Static<typeof Rendition>

/** Subtitles of a stream: the EXT-X-MEDIA of the same NAME, and all of their text as one WebVTT file. */
export const PlaybackSubtitle = Type.Object({
  language: Type.Optional(Type.String({ description: 'BCP 47' })),
  name: Type.String(),
  forced: Type.Boolean({ description: 'Only what is said in another language: shown unasked.' }),
  url: Type.String(),
})
/** Subtitles of a stream. */
export type PlaybackSubtitle = Static<typeof PlaybackSubtitle>

/** What the share page needs to play, and to know that it cannot yet. URLs are paths of the share listener. */
export const Playback = Type.Object({
  status: ShareStatus,
  progress: Type.Optional(Type.Number()),
  failure: Type.Optional(Failure),
  media_type: Type.Optional(Type.Enum(['video', 'audio'])),
  width: Type.Optional(Type.Number()),
  height: Type.Optional(Type.Number()),
  duration_seconds: Type.Optional(Type.Number()),
  stream_url: Type.Optional(Type.String()),
  renditions: Type.Optional(Type.Array(Rendition)),
  subtitles: Type.Optional(Type.Array(PlaybackSubtitle)),
  chapters: Type.Optional(
    Type.Array(Chapter, { description: 'Those in a clip, as far as they lie in it; times from its start.' }),
  ),
  storyboard_url: Type.Optional(
    Type.String({ description: 'WebVTT that names parts of pictures (#xywh=); 202 while they are made.' }),
  ),
  waveform_url: Type.Optional(Type.String({ description: 'A Waveform as JSON; 202 while it is made.' })),
  download_url: Type.Optional(Type.String()),
  download_bytes: Type.Optional(Type.Integer()),
  poster_url: Type.Optional(Type.String()),
  expires_at: Type.Optional(TimestampMs),
})
/** What the share page needs to play, and to know that it cannot yet. */
export type Playback = Static<typeof Playback>

/** How loud a file is over its length: equal stretches, the highest peak of each. */
export const Waveform = Type.Object({
  duration_seconds: Type.Number(),
  peaks: Type.Array(Type.Integer({ minimum: 0, maximum: 127 })),
})
/** How loud a file is over its length. */
export type Waveform = Static<typeof Waveform>
