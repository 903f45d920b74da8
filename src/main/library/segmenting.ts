import { randomUUID } from 'node:crypto'
import type { Metadata } from '../../shared/api/common.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { AppError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { ClipWindow } from '../media/playable.ts'
import { detectCuts } from '../media/shots.ts'
import type { Tools } from '../media/tools.ts'
import type { StoredSegmentation } from '../store/segments.ts'
import type { Store } from '../store/store.ts'
import { DEFAULT_SHOT } from './segment-rules.ts'
import { shotWindows } from './segment-windows.ts'

/** What the service of segments is made of. */
export type SegmentingDeps = {
  store: Pick<Store, 'segments' | 'segmentations' | 'transaction'> & {
    files: Pick<Store['files'], 'byId'>
    shares: Pick<
      Store['shares'],
      'ofSegment' | 'isSegmentationShared' | 'forgetDeletedOfSegment' | 'forgetDeletedOfSegmentation'
    >
  }
  jobs: Pick<JobQueue, 'add'>
  tools: Tools
  /** The source, checked against the disk now. Throws AppError `file_missing`. */
  sourceFile: (fileId: string) => Promise<{ path: string }>
  /** Base URL of the private listener. */
  privateUrl: () => string
  /** Hears of a segment whose name may be another one. */
  onRenamed: (segmentId: string) => void
  emit: (event: EngineEvent) => void
  log: Log
}

/** The looking for shots, behind the scenes. */
export interface Segmenting {
  begin(segmentation: StoredSegmentation): void
  /** Writes the segments of a segmentation; one metadata per window, or none at all. */
  write(
    segmentation: StoredSegmentation,
    windows: readonly ClipWindow[],
    metadata?: readonly (Metadata | null)[],
  ): void
  /** Ends the looking of one that is gone. */
  end(segmentationId: string): void
  resume(): void
  close(): Promise<void>
}

/** Makes the worker of segmentations over the queue of jobs. */
export function createSegmenting(
  deps: SegmentingDeps & { announce: (segmentation: StoredSegmentation) => void },
): Segmenting {
  const { store, jobs, log } = deps
  const ends = new Map<string, AbortController>()
  const running = new Set<Promise<undefined>>()

  const write: Segmenting['write'] = ({ id, fileId, config }, windows, metadata) => {
    const createdAt = Date.now()
    const pictured = config.thumbnails_config?.enable_segment_thumbnails ?? true
    windows.forEach((window, at) => {
      const own = { id: randomUUID(), metadata: metadata?.[at] ?? null }
      store.segments.insert({ ...own, fileId, segmentationId: id, ...window, pictured, createdAt })
    })
  }

  const settle = (id: string, status: 'processing' | 'completed' | 'failed', error?: unknown): void => {
    const failure = error === undefined ? null : failureOf(error)
    store.segmentations.setStatus(id, status, failure)
    const now = store.segmentations.byId(id)
    if (now) deps.announce(now)
  }

  const look = async (
    segmentation: StoredSegmentation,
    job: { signal: AbortSignal; progress: (fraction: number) => void },
  ): Promise<void> => {
    const { id, fileId, config } = segmentation
    const shot = config.shot_detector_config
    if (!shot) throw new Error('only shots are looked for')
    settle(id, 'processing')
    const { path } = await deps.sourceFile(fileId)
    const media = store.files.byId(fileId)?.media
    if (!media) throw new AppError('file_missing', 'The file is gone.')
    const range = {
      startS: config.start_time_seconds ?? 0,
      endS: Math.min(config.end_time_seconds ?? media.durationS, media.durationS),
    }
    const rules = { range, detector: shot.detector, threshold: shot.threshold ?? DEFAULT_SHOT.threshold }
    const cutsS = await detectCuts(deps.tools, { path, media }, rules, job)
    const windows = shotWindows(cutsS, {
      range,
      minS: shot.min_seconds ?? DEFAULT_SHOT.minS,
      maxS: shot.max_seconds ?? DEFAULT_SHOT.maxS,
      fillGaps: shot.fill_gaps ?? true,
    })
    store.transaction(() => {
      // It, or its file, may have been deleted meanwhile.
      if (!store.segmentations.byId(id)) return
      write(segmentation, windows)
      store.segmentations.setStatus(id, 'completed')
    })
    settle(id, 'completed')
  }

  const begin = (segmentation: StoredSegmentation): void => {
    const { id, fileId } = segmentation
    const end = new AbortController()
    ends.set(id, end)
    const run: Promise<undefined> = jobs
      .add<undefined>({
        kind: 'segments',
        key: `segments:${id}`,
        title: `Looking for shots in ${store.files.byId(fileId)?.filename ?? 'a file'}`,
        fileId,
        async run({ signal, progress }) {
          await look(segmentation, { signal: AbortSignal.any([signal, end.signal]), progress })
          return undefined
        },
      })
      .catch((error: unknown) => {
        // Stopping is no failure: the next start takes it up again.
        if ((error instanceof AppError && error.code === 'busy') || !store.segmentations.byId(id))
          return undefined
        if (!(error instanceof AppError)) log.warn({ err: error, id }, 'shots could not be looked for')
        settle(id, 'failed', error)
        return undefined
      })
      .catch((error: unknown) => {
        log.error({ id, reason: messageOf(error) }, 'a segmentation is stuck')
        return undefined
      })
      .finally(() => {
        ends.delete(id)
        running.delete(run)
      })
    running.add(run)
  }

  return {
    begin,
    write,
    end: (id) => ends.get(id)?.abort(new AppError('conflict', 'The segmentation was deleted.')),
    resume() {
      for (const it of store.segmentations.unsettled()) begin(it)
    },
    async close() {
      for (const it of ends.values()) it.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.all(running)
    },
  }
}

function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof AppError)) return { code: 'internal', message: 'Looking for shots failed.' }
  // The only conflict is the cancelling of the job.
  return error.code === 'conflict'
    ? { code: 'cancelled', message: 'Looking for shots was cancelled.' }
    : { code: error.code, message: error.message }
}
