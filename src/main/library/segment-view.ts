import type { Thumbnail } from '../../shared/api/file.ts'
import type { FileSegment, Segmentation } from '../../shared/api/segment.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredSegment, StoredSegmentation } from '../store/segments.ts'

const thumbnailUrl = ({ id, fileId }: StoredSegment, privateUrl: string): string =>
  `${privateUrl}/v1/files/${fileId}/segments/${id}/thumbnail.jpg`

/** The API's FileSegment of a row. `privateUrl` is the base of the private listener. */
export function toSegment(segment: StoredSegment, file: StoredFile, privateUrl: string): FileSegment {
  return {
    id: segment.id,
    object: 'file_segment',
    file_id: segment.fileId,
    ...(segment.segmentationId === null ? {} : { segmentation_id: segment.segmentationId }),
    start_time: segment.startS,
    end_time: segment.endS,
    ...(segment.pictured && file.media?.video ? { thumbnail_url: thumbnailUrl(segment, privateUrl) } : {}),
    ...(segment.metadata === null ? {} : { metadata: segment.metadata }),
    created_at: segment.createdAt,
  }
}

/** The API's Segmentation of a row. */
export function toSegmentation(segmentation: StoredSegmentation, totalSegments: number): Segmentation {
  return {
    id: segmentation.id,
    object: 'segmentation',
    file_id: segmentation.fileId,
    status: segmentation.status,
    ...(segmentation.failure === null ? {} : { failure: segmentation.failure }),
    criteria: segmentation.config.strategy,
    segmentation_config: segmentation.config,
    total_segments: totalSegments,
    created_at: segmentation.createdAt,
  }
}

/** The API's Thumbnail of a segment. */
export function toThumbnail(segment: StoredSegment, privateUrl: string): Thumbnail {
  return {
    id: `${segment.id}-segment`,
    url: thumbnailUrl(segment, privateUrl),
    time: (segment.startS + segment.endS) / 2,
    type: 'segment',
    segment_id: segment.id,
    ...(segment.segmentationId === null ? {} : { segmentation_id: segment.segmentationId }),
  }
}
