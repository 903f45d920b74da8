import { randomUUID } from 'node:crypto'
import type { ListOf, Metadata } from '../../shared/api/common.ts'
import type { ListThumbnails, Thumbnail } from '../../shared/api/file.ts'
import type {
  CreateSegment,
  CreateSegmentation,
  FileSegment,
  GetSegmentation,
  ListSegmentations,
  ListSegments,
  Segmentation,
  SegmentationWithSegments,
  UpdateSegment,
} from '../../shared/api/segment.ts'
import { AppError } from '../base/errors.ts'
import type { ClipWindow } from '../media/playable.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredSegment, StoredSegmentation } from '../store/segments.ts'
import { checkMetadata } from './register.ts'
import { checkSegmentation } from './segment-rules.ts'
import { createSegmenting, type SegmentingDeps } from './segmenting.ts'
import { toSegment, toSegmentation, toThumbnail } from './segment-view.ts'
import { chapterWindows, manualWindows, uniformWindows, windowIn } from './segment-windows.ts'

/** Windows of files, marked by hand or found. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Segments {
  /**
   * Cuts a file into segments: at once, or behind the scenes where shots are looked for. Throws AppError `bad_request`,
   * `not_available` (narrative), `busy` (the file is being read), `unsupported_media` (it cannot be read, or has no
   * picture to look at).
   */
  segment(fileId: string, body: CreateSegmentation): Segmentation
  segmentations(fileId: string, query: ListSegmentations): ListOf<Segmentation>
  segmentation(id: string, query: GetSegmentation): SegmentationWithSegments
  /** Also ends the looking for shots. Throws AppError `conflict` when one of its segments is shared. */
  removeSegmentation(id: string): void

  list(fileId: string, query: ListSegments): ListOf<FileSegment>
  get(fileId: string, id: string): FileSegment
  add(fileId: string, body: CreateSegment): FileSegment
  update(fileId: string, id: string, body: UpdateSegment): FileSegment
  /** Throws AppError `conflict` when it is shared. */
  remove(fileId: string, id: string): void
  /** Where it lies in its file. */
  window(fileId: string, id: string): ClipWindow
  /** Pictures of segments, in the order of the film. */
  thumbnails(segmentationId: string, query: ListThumbnails): ListOf<Thumbnail>
  /** Takes up the looking for shots that a stop interrupted. */
  start(): void
  close(): Promise<void>
}

/** Makes the service of segments over the store. */
export function createSegments(deps: SegmentingDeps): Segments {
  const { store, emit } = deps
  const segmenting = createSegmenting({ ...deps, announce: (it) => announceSegmentation(it) })

  const fileOf = (id: string): StoredFile => {
    const file = store.files.byId(id)
    if (!file) throw new AppError('not_found', 'There is no such file.')
    return file
  }
  /** A file that can be cut: its length is known. */
  const readable = (id: string): { file: StoredFile; durationS: number } => {
    const file = fileOf(id)
    if (file.status === 'failed') {
      throw new AppError('unsupported_media', file.failure?.message ?? 'This file cannot be read.')
    }
    if (file.status !== 'completed' || !file.media) {
      throw new AppError('busy', 'This file is being read. Try again in a moment.')
    }
    return { file, durationS: file.media.durationS }
  }
  const segmentOf = (fileId: string, id: string): StoredSegment => {
    const segment = store.segments.byId(id)
    if (segment?.fileId !== fileId) throw new AppError('not_found', 'There is no such segment.')
    return segment
  }
  const segmentationOf = (id: string): StoredSegmentation => {
    const segmentation = store.segmentations.byId(id)
    if (!segmentation) throw new AppError('not_found', 'There is no such segmentation.')
    return segmentation
  }
  const view = (segment: StoredSegment): FileSegment =>
    toSegment(segment, fileOf(segment.fileId), deps.privateUrl())
  const viewSegmentation = (it: StoredSegmentation): Segmentation =>
    toSegmentation(it, store.segments.countOf(it.id))
  const announce = (segment: StoredSegment): FileSegment => {
    const shown = view(segment)
    emit({ type: 'segment.updated', segment: shown })
    return shown
  }
  const announceSegmentation = (it: StoredSegmentation): Segmentation => {
    const shown = viewSegmentation(it)
    emit({ type: 'segmentation.updated', segmentation: shown })
    return shown
  }

  return {
    segment(fileId, body) {
      checkSegmentation(body)
      const { file, durationS } = readable(fileId)
      const range = windowIn(
        { startS: body.start_time_seconds ?? 0, endS: body.end_time_seconds ?? durationS },
        durationS,
        { start: 'start_time_seconds', end: 'end_time_seconds' },
      )
      const segmentation: StoredSegmentation = {
        ...{ id: randomUUID(), fileId, config: body, failure: null, createdAt: Date.now() },
        status: body.strategy === 'shot-detector' ? 'pending' : 'completed',
      }
      if (body.shot_detector_config) {
        if (!file.media?.video) {
          throw new AppError('unsupported_media', 'There is no picture in this file to look for shots in.')
        }
        store.segmentations.insert(segmentation)
        const shown = announceSegmentation(segmentation)
        segmenting.begin(segmentation)
        return shown
      }
      const named = body.strategy === 'chapters' ? chapterWindows(file.media?.chapters ?? [], range) : []
      if (body.strategy === 'chapters' && named.length === 0) {
        throw new AppError('bad_request', 'There are no chapters in this part of the file.')
      }
      const marked = body.manual_config
      const windows = marked
        ? manualWindows(marked, range)
        : body.uniform_config
          ? uniformWindows(body.uniform_config, range)
          : named.map((it) => it.window)
      for (const it of marked?.segments ?? []) checkMetadata(it.metadata)
      store.transaction(() => {
        store.segmentations.insert(segmentation)
        segmenting.write(
          segmentation,
          windows,
          marked?.segments.map((it) => namedMetadata(it)) ??
            named.map(({ name }) => (name === null ? null : { name })),
        )
      })
      return announceSegmentation(segmentation)
    },
    segmentations(fileId, query) {
      const { limit, offset } = query
      const { segmentations, total } = store.segmentations.ofFile(fileOf(fileId).id, query)
      return { object: 'list', data: segmentations.map(viewSegmentation), total, limit, offset }
    },
    segmentation(id, { limit, offset }) {
      const segmentation = segmentationOf(id)
      const { segments, total } = store.segments.list({ segmentationId: id, limit, offset })
      return {
        ...viewSegmentation(segmentation),
        segments: { object: 'list', data: segments.map(view), total, limit, offset },
      }
    },
    removeSegmentation(id) {
      const segmentation = segmentationOf(id)
      store.transaction(() => {
        if (store.shares.isSegmentationShared(id)) throw inUse('A segment of it is shared')
        store.shares.forgetDeletedOfSegmentation(id)
        store.segmentations.remove(id)
      })
      segmenting.end(id)
      emit({ type: 'segmentation.deleted', id, file_id: segmentation.fileId })
    },

    list(fileId, query) {
      const { limit, offset } = query
      const { segments, total } = store.segments.list({
        fileId: fileOf(fileId).id,
        ...{ limit, offset },
        segmentationId: query.segmentation_id,
        startFrom: query.start_time_after,
        endUntil: query.end_time_before,
        minS: query.min_duration,
        maxS: query.max_duration,
      })
      return { object: 'list', data: segments.map(view), total, limit, offset }
    },
    get: (fileId, id) => view(segmentOf(fileId, id)),
    add(fileId, body) {
      const metadata = namedMetadata(body)
      checkMetadata(metadata ?? undefined)
      const { durationS } = readable(fileId)
      const window = windowIn({ startS: body.start_time, endS: body.end_time }, durationS)
      const segment: StoredSegment = {
        ...{ id: randomUUID(), fileId, segmentationId: null, ...window },
        ...{ metadata, pictured: true, createdAt: Date.now() },
      }
      store.segments.insert(segment)
      return announce(segment)
    },
    update(fileId, id, { metadata }) {
      checkMetadata(metadata)
      const segment = segmentOf(fileId, id)
      store.segments.setMetadata(id, metadata)
      const shown = announce({ ...segment, metadata })
      deps.onRenamed(id)
      return shown
    },
    remove(fileId, id) {
      segmentOf(fileId, id)
      store.transaction(() => {
        if (store.shares.ofSegment(id).length > 0) throw inUse('This segment is shared')
        store.shares.forgetDeletedOfSegment(id)
        store.segments.remove(id)
      })
      emit({ type: 'segment.deleted', id, file_id: fileId })
    },
    window: (fileId, id) => {
      const { startS, endS } = segmentOf(fileId, id)
      return { startS, endS }
    },
    thumbnails(segmentationId, { limit, offset, type }) {
      const { fileId } = segmentationOf(segmentationId)
      const hasPictures = fileOf(fileId).media?.video && (type?.split(',').includes('segment') ?? true)
      const { segments, total } = hasPictures
        ? store.segments.list({ segmentationId, pictured: true, limit, offset })
        : { segments: [], total: 0 }
      const data = segments.map((it) => toThumbnail(it, deps.privateUrl()))
      return { object: 'list', data, total, limit, offset }
    },
    start: () => segmenting.resume(),
    close: () => segmenting.close(),
  }
}

const inUse = (what: string): AppError => new AppError('conflict', `${what}. Delete the share first.`)

/** The metadata of a new segment: its name lives there. */
function namedMetadata({ name, metadata }: { name?: string; metadata?: Metadata }): Metadata | null {
  if (name === undefined) return metadata ?? null
  return { ...metadata, name }
}
