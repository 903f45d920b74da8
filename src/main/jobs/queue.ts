import { randomUUID } from 'node:crypto'
import type { Job, JobResult } from '../../shared/api/job.ts'
import { AppError, messageOf } from '../base/errors.ts'

/** What a running job is handed. */
export type JobContext = {
  id: string
  /** Aborted when the job is cancelled or the queue closes. */
  signal: AbortSignal
  /** Reports `fraction` 0..1 of the work done; time left is worked out from it. */
  progress: (fraction: number) => void
}

/** A piece of work for the queue. */
export type JobSpec<T> = {
  kind: Job['kind']
  /** Adding a key that is queued or running returns the run there is. */
  key: string
  /** What a person reads in the list of jobs. */
  title: string
  /** Higher runs first; equal ones in the order they came. Default 0. */
  priority?: number
  fileId?: string
  folderId?: string
  /** Aborted when nobody wants the result any more: cancels the job. */
  signal?: AbortSignal
  run(context: JobContext): Promise<T>
  /** What the finished job tells of the file that it made. */
  resultOf?: (value: T) => JobResult
}

/** Work in order: one run per key, a limit per kind, abort, progress. */
export interface JobQueue {
  /** Resolves with the run's result; rejects with its failure, or the abort reason when cancelled. */
  add<T>(spec: JobSpec<T>): Promise<T>
  /** The same for whoever follows the job instead: its state now. Throws AppError `busy` while Matinee stops. */
  begin<T>(spec: JobSpec<T>): Job
  /** One of the list. Throws AppError `not_found`. */
  get(id: string): Job
  /** Newest first: what waits and runs, and the last that ended. */
  list(): Job[]
  /** Throws AppError `not_found`, or `conflict` when the job has ended. */
  cancel(id: string): Job
  /** Aborts what runs, forgets what waits; resolves when nothing runs any more. */
  close(): Promise<void>
}

type Entry = {
  job: Job
  spec: JobSpec<unknown>
  abort: AbortController
  startedMs: number
  promise: Promise<unknown>
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

/** Ended jobs that stay in the list, of each kind: a large scan does not push out what somebody exported. */
const KEPT_ENDED = 50

/** Makes a queue. `limits` is the most of each kind at once; `onChange` hears each new state of a job. */
export function createJobQueue(options: {
  limits: Record<Job['kind'], number>
  onChange: (job: Job) => void
}): JobQueue {
  const waiting: Entry[] = []
  const running = new Set<Entry>()
  const ended: Job[] = []
  const byKey = new Map<string, Entry>()
  let closed = false

  const change = (entry: Entry, patch: Partial<Job>): void => {
    entry.job = { ...entry.job, ...patch }
    options.onChange(entry.job)
  }

  /** Whoever adds its key from now on begins anew. */
  const forget = (entry: Entry): void => {
    if (byKey.get(entry.spec.key) === entry) byKey.delete(entry.spec.key)
  }

  const settle = (entry: Entry, patch: Partial<Job>): void => {
    forget(entry)
    change(entry, patch)
    ended.unshift(entry.job)
    const alike = ended.filter(({ kind }) => kind === entry.job.kind)
    const oldest = alike[KEPT_ENDED]
    if (oldest) ended.splice(ended.indexOf(oldest), 1)
  }

  const runOne = async (entry: Entry): Promise<void> => {
    running.add(entry)
    entry.startedMs = Date.now()
    change(entry, { status: 'running' })
    try {
      const result = await entry.spec.run({
        signal: entry.abort.signal,
        id: entry.job.id,
        progress: (fraction) => reportProgress(entry, fraction),
      })
      const made = entry.spec.resultOf?.(result)
      settle(entry, { status: 'completed', progress: 1, ...(made ? { result: made } : {}) })
      entry.resolve(result)
    } catch (error) {
      const cancelled = entry.abort.signal.aborted
      settle(entry, cancelled ? { status: 'cancelled' } : { status: 'failed', ...told(error) })
      entry.reject(error)
    } finally {
      running.delete(entry)
      fill()
    }
  }

  const reportProgress = (entry: Entry, fraction: number): void => {
    const progress = Math.min(1, Math.max(0, fraction))
    // Whole per cents: an event for each of ffmpeg's reports would flood the screen.
    if (Math.floor(progress * 100) === Math.floor((entry.job.progress ?? -1) * 100)) return
    const elapsedS = (Date.now() - entry.startedMs) / 1000
    change(entry, {
      progress,
      ...(progress > 0.02 ? { seconds_left: Math.round((elapsedS * (1 - progress)) / progress) } : {}),
    })
  }

  const fill = (): void => {
    if (closed) return
    for (const entry of [...waiting]) {
      const busy = [...running].filter((it) => it.spec.kind === entry.spec.kind).length
      if (busy >= options.limits[entry.spec.kind]) continue
      waiting.splice(waiting.indexOf(entry), 1)
      void runOne(entry)
    }
  }

  const drop = (entry: Entry): void => {
    waiting.splice(waiting.indexOf(entry), 1)
    settle(entry, { status: 'cancelled' })
    entry.reject(entry.abort.signal.reason)
  }

  const cancelEntry = (entry: Entry, reason: Error): void => {
    entry.abort.abort(reason)
    forget(entry)
    if (waiting.includes(entry)) drop(entry)
  }

  const enter = <T>(spec: JobSpec<T>): Entry => {
    const known = byKey.get(spec.key)
    if (known) return known
    if (closed) throw new AppError('busy', 'Matinee is stopping.')
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    // A job's failure is told by its state; a caller that does not wait must not crash the process.
    promise.catch(() => undefined)
    const entry: Entry = {
      spec: spec as JobSpec<unknown>,
      promise,
      resolve,
      reject,
      abort: new AbortController(),
      startedMs: 0,
      job: {
        id: randomUUID(),
        object: 'job',
        kind: spec.kind,
        status: 'queued',
        title: spec.title,
        created_at: Date.now(),
        ...(spec.fileId ? { file_id: spec.fileId } : {}),
        ...(spec.folderId ? { folder_id: spec.folderId } : {}),
      },
    }
    byKey.set(spec.key, entry)
    const priority = spec.priority ?? 0
    const at = waiting.findIndex((it) => (it.spec.priority ?? 0) < priority)
    waiting.splice(at < 0 ? waiting.length : at, 0, entry)
    change(entry, {})
    const { signal } = spec
    const onAbort = (): void => cancelEntry(entry, signal?.reason as Error)
    signal?.addEventListener('abort', onAbort, { once: true })
    promise.finally(() => signal?.removeEventListener('abort', onAbort)).catch(() => undefined)
    if (signal?.aborted) onAbort()
    fill()
    return entry
  }
  const list = (): Job[] =>
    [...[...waiting].reverse(), ...[...running].reverse()].map((it) => it.job).concat(ended)

  return {
    // Async, so that a closed queue rejects.
    add: async <T>(spec: JobSpec<T>) => (await enter(spec).promise) as T,
    begin: (spec) => enter(spec).job,
    list,
    get(id) {
      const job = list().find((it) => it.id === id)
      if (!job) throw new AppError('not_found', 'There is no such job.')
      return job
    },
    cancel(id) {
      const entry = [...waiting, ...running].find((it) => it.job.id === id)
      if (!entry) {
        if (ended.some((job) => job.id === id)) throw new AppError('conflict', 'This job has already ended.')
        throw new AppError('not_found', 'There is no such job.')
      }
      cancelEntry(entry, new AppError('conflict', 'Cancelled.'))
      return entry.job
    },
    async close() {
      closed = true
      const open = [...waiting, ...running]
      for (const entry of open) cancelEntry(entry, new AppError('busy', 'Matinee is stopping.'))
      await Promise.allSettled(open.map((it) => it.promise))
    },
  }
}

const told = (error: unknown): Pick<Job, 'error' | 'error_code'> =>
  error instanceof AppError
    ? { error: error.message, error_code: error.code }
    : {
        error: `Something went wrong inside Matinee: ${messageOf(error).slice(0, 200)}`,
        error_code: 'internal',
      }
