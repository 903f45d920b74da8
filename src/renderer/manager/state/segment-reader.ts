import type { FileSegment } from '../../../shared/api/segment.ts'
import { ApiError, sentenceOf, type Api } from '../api.ts'
import type { Read } from './inbox.ts'
import { NO_SEGMENTS, useSegments } from './segments.ts'
import { throttled } from './throttle.ts'

/** Reads the segments of the file that the inspector shows. The part of `sync` that is about segments. */
export interface SegmentReader {
  /** The first `count` segments of this file are looked at; null: of none. */
  needSegments(fileId: string | null, count: number): void
  /** The segments of these files are others now. */
  changed(fileIds: ReadonlySet<string>): void
  /** The line was dead: what is looked at is read again. */
  readAll(): Promise<void>
  stop(): void
}

/** What `createSegmentReader` needs. */
export type SegmentReaderDeps = {
  api: {
    files: Pick<Api['files'], 'get'>
    segments: Pick<Api['segments'], 'list'>
    segmentations: Pick<Api['segmentations'], 'list'>
  }
  read: Read
  onFailure: (error: unknown) => void
}

/** The most that the API gives at once. */
const PAGE = 100
/** Shortest time between two readings of what changes all the time, in ms. */
const EVERY_MS = 150

/** Makes the reader. */
export function createSegmentReader({ api, read, onFailure }: SegmentReaderDeps): SegmentReader {
  let needed: { fileId: string; count: number } | null = null

  const readNow = async (): Promise<void> => {
    const of = needed
    if (!of) return
    try {
      await read(
        async () => {
          // Lists of files leave the chapters out.
          const { chapters = [] } = await api.files.get(of.fileId)
          const cuts = await api.segmentations.list(of.fileId, { limit: PAGE, offset: 0 })
          const segments: FileSegment[] = []
          let total = 0
          do {
            const page = await api.segments.list(of.fileId, { limit: PAGE, offset: segments.length })
            total = page.total
            segments.push(...page.data)
            if (page.data.length === 0) break
          } while (segments.length < Math.min(total, of.count))
          return { segments, total, segmentations: cuts.data, chapters: chapters.length }
        },
        (answer) => {
          if (needed === of) useSegments.setState({ fileId: of.fileId, ...answer, failure: null })
        },
      )
    } catch (error) {
      onFailure(error)
      // A file that was forgotten meanwhile has none.
      if (needed !== of || (error instanceof ApiError && error.code === 'not_found')) return
      useSegments.setState({ ...NO_SEGMENTS, fileId: of.fileId, failure: sentenceOf(error) })
    }
  }
  const readSoon = throttled(EVERY_MS, () => void readNow())

  return {
    needSegments(fileId, count) {
      if (needed?.fileId === fileId && needed.count === count) return
      needed = fileId === null ? null : { fileId, count }
      if (useSegments.getState().fileId !== fileId) useSegments.setState({ ...NO_SEGMENTS, fileId })
      void readNow()
    },
    changed(fileIds) {
      if (needed && fileIds.has(needed.fileId)) readSoon()
    },
    readAll: readNow,
    stop: () => readSoon.cancel(),
  }
}
