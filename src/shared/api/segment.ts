import { Type, type Static } from 'typebox'
import { Metadata, Paging, TimestampMs } from './common.ts'
import { Failure } from './error.ts'

/** The most windows that one segmentation may have. */
export const MAX_SEGMENTS = 10_000

/** A point of a file in seconds from its start. */
const Second = Type.Number({ minimum: 0, maximum: 1e9 })

/** How a file is cut into segments. */
export const SegmentStrategy = Type.Enum(['manual', 'uniform', 'shot-detector', 'chapters', 'narrative'], {
  description:
    'chapters takes those that the file names, and has no config. narrative is refused: it needs a language model.',
})
/** How a file is cut into segments. */
export type SegmentStrategy = Static<typeof SegmentStrategy>

/** Windows that somebody has marked. They may overlap and come in any order. */
export const ManualConfig = Type.Object({
  segments: Type.Array(
    Type.Object({
      start_time: Second,
      end_time: Second,
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
      metadata: Type.Optional(Metadata),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
})
/** Windows that somebody has marked. */
export type ManualConfig = Static<typeof ManualConfig>

/** Windows of one length, one every `hop_seconds` (default: one after the other). The last may be shorter. */
export const UniformConfig = Type.Object({
  window_seconds: Type.Number({ minimum: 1, maximum: 120 }),
  hop_seconds: Type.Optional(Type.Number({ minimum: 1, maximum: 120 })),
})
/** Windows of one length. */
export type UniformConfig = Static<typeof UniformConfig>

/** One segment per shot. A shot begins where the picture changes by more than `threshold`. */
export const ShotDetectorConfig = Type.Object({
  detector: Type.Enum(['content', 'adaptive'], {
    description:
      'content compares each picture with the one before. adaptive compares that change with those around it, so that a moving camera makes no cuts.',
  }),
  threshold: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 27, description: 'Higher finds fewer shots.' }),
  ),
  min_seconds: Type.Optional(Type.Number({ minimum: 0.6, maximum: 600 })),
  max_seconds: Type.Optional(Type.Number({ minimum: 1, maximum: 600, default: 300 })),
  fill_gaps: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        'True: segments cover all of it, a shot that is too short is joined to the one before. False: it is left out.',
    }),
  ),
})
/** One segment per shot. */
export type ShotDetectorConfig = Static<typeof ShotDetectorConfig>

/** Whether segments get pictures. */
export const ThumbnailsConfig = Type.Object({
  enable_segment_thumbnails: Type.Optional(Type.Boolean({ default: true })),
})
/** Whether segments get pictures. */
export type ThumbnailsConfig = Static<typeof ThumbnailsConfig>

/** Body of `POST /v1/files/{id}/segmentations`: a strategy and exactly the config of it. */
export const CreateSegmentation = Type.Object({
  strategy: SegmentStrategy,
  manual_config: Type.Optional(ManualConfig),
  uniform_config: Type.Optional(UniformConfig),
  shot_detector_config: Type.Optional(ShotDetectorConfig),
  narrative_config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  start_time_seconds: Type.Optional(Second),
  end_time_seconds: Type.Optional(Second),
  thumbnails_config: Type.Optional(ThumbnailsConfig),
})
/** Body of `POST /v1/files/{id}/segmentations`. */
export type CreateSegmentation = Static<typeof CreateSegmentation>

/** A window of a file. The name lives in `metadata.name`. Not an HLS Media Segment. */
export const FileSegment = Type.Object({
  id: Type.String(),
  object: Type.Literal('file_segment'),
  file_id: Type.String(),
  segmentation_id: Type.Optional(Type.String()),
  start_time: Type.Number(),
  end_time: Type.Number(),
  thumbnail_url: Type.Optional(Type.String({ description: 'On the private listener.' })),
  metadata: Type.Optional(Metadata),
  created_at: TimestampMs,
})
/** A window of a file. */
export type FileSegment = Static<typeof FileSegment>

/** How one file was cut into segments. Looking for shots takes a while: a job of kind `segments` does it. */
export const Segmentation = Type.Object({
  id: Type.String(),
  object: Type.Literal('segmentation'),
  file_id: Type.String(),
  status: Type.Enum(['pending', 'processing', 'completed', 'failed']),
  failure: Type.Optional(Failure),
  criteria: Type.String({ description: 'The strategy, as the hosted API calls it.' }),
  segmentation_config: CreateSegmentation,
  total_segments: Type.Integer(),
  created_at: TimestampMs,
})
/** How one file was cut into segments. */
export type Segmentation = Static<typeof Segmentation>

/** A segmentation with a page of its segments, in the order of the film. */
export const SegmentationWithSegments = Type.Object({
  ...Segmentation.properties,
  segments: Type.Object({
    object: Type.Literal('list'),
    data: Type.Array(FileSegment),
    total: Type.Integer(),
    limit: Type.Integer(),
    offset: Type.Integer(),
  }),
})
/** A segmentation with a page of its segments. */
export type SegmentationWithSegments = Static<typeof SegmentationWithSegments>

/** Query of `GET /v1/segmentations/{id}`: the page of its segments. */
export const GetSegmentation = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  offset: Paging.offset,
})
/** Query of `GET /v1/segmentations/{id}`. */
export type GetSegmentation = Static<typeof GetSegmentation>

/** Query of `GET /v1/files/{id}/segmentations`. */
export const ListSegmentations = Type.Object({ ...Paging })
/** Query of `GET /v1/files/{id}/segmentations`. */
export type ListSegmentations = Static<typeof ListSegmentations>

/** Query of `GET /v1/files/{id}/segments`; segments fulfil all of it and come in the order of the film. */
export const ListSegments = Type.Object({
  ...Paging,
  segmentation_id: Type.Optional(Type.String()),
  start_time_after: Type.Optional(Type.Number({ description: 'They begin then or later.' })),
  end_time_before: Type.Optional(Type.Number({ description: 'They end then or earlier.' })),
  min_duration: Type.Optional(Type.Number({ minimum: 0 })),
  max_duration: Type.Optional(Type.Number({ minimum: 0 })),
})
/** Query of `GET /v1/files/{id}/segments`. */
export type ListSegments = Static<typeof ListSegments>

/** Body of `POST /v1/files/{id}/segments`. An end behind the file's is taken as the file's. */
export const CreateSegment = Type.Object({
  start_time: Second,
  end_time: Second,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  metadata: Type.Optional(Metadata),
})
/** Body of `POST /v1/files/{id}/segments`. */
export type CreateSegment = Static<typeof CreateSegment>

/** Body of `PUT /v1/files/{id}/segments/{sid}`: the metadata, replaced whole. */
export const UpdateSegment = Type.Object({ metadata: Metadata })
/** Body of `PUT /v1/files/{id}/segments/{sid}`. */
export type UpdateSegment = Static<typeof UpdateSegment>

/** Path parameters of a call on one segment. */
export const SegmentParams = Type.Object({ id: Type.String(), sid: Type.String() })
