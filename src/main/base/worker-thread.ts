import { Worker, type ResourceLimits } from 'node:worker_threads'
import { AppError, messageOf, systemCode } from './errors.ts'
import { fromWire } from './wire-error.ts'
import type { FromWorker, ToWorker } from './worker-host.ts'

/** How one task is run. */
export type TaskOptions = {
  signal: AbortSignal
  /** Wall time after which it is given up, in ms. */
  timeoutMs: number
  /** Hears what the task tells before its result. */
  onEvent?: (event: unknown) => void
}

/** What a thread is made of. */
export type ThreadOptions = {
  /** Module that calls `serveTasks`. */
  entry: URL
  limits: ResourceLimits
  /** Time without a sign of life after which it counts as stuck, in ms. */
  stuckMs: number
}

/** A thread that runs tasks; they take turns where they wait for something. */
export interface WorkerThread {
  /**
   * Runs a task. Rejects with what the task throws, with WorkerLost when it took too long or its thread had to be ended,
   * with AppError `busy` when the thread could not begin at all. On abort it rejects with the signal's reason when the
   * task has stopped, which may tell something before, or was stopped with its thread a few seconds later.
   */
  run(task: string, request: unknown, options: TaskOptions): Promise<unknown>
  /** Has what runs stop by itself, or ends it after a moment; resolves when the thread has ended. */
  end(): Promise<void>
  /** Tasks that run. */
  readonly load: number
  /** False when it has ended or ends, and while it works and nothing was heard of it for a while: it may be stuck. */
  readonly answers: boolean
  readonly gone: boolean
}

/** A task was given up: it took too long, or its thread was stuck, took too much memory, or crashed. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost'
  readonly reason: 'stuck' | 'slow' | 'memory' | 'crash'

  constructor(reason: WorkerLost['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

type Job = TaskOptions & {
  id: number
  result: PromiseWithResolvers<unknown>
  /** Why nobody wants the result any more; null while somebody does. */
  unwanted: unknown
  timers: Partial<Record<'limit' | 'leave', NodeJS.Timeout>>
}

/** Looks at a busy thread per `stuckMs`: a computer that was asleep wakes up to one missed look, not to all of them. */
const LOOKS = 5

/** What a task has for stopping when nobody waits for it; the programs it runs end in that time too. In ms. */
const LEAVE_MS = 3000

/** Starts a thread. Throws what `Worker` throws. */
export function startWorkerThread({ entry, limits, stuckMs }: ThreadOptions): WorkerThread {
  const worker = new Worker(entry, { resourceLimits: limits })
  const exit = Promise.withResolvers<undefined>()
  const jobs = new Map<number, Job>()
  let lastId = 0
  let missedLooks = 0
  let looking: NodeJS.Timeout | undefined
  let isReady = false
  let isEnding = false
  let gone = false
  let failure: unknown
  // One that waits for work does not hold the program.
  worker.unref()

  const leave = (job: Job): void => {
    for (const timer of Object.values(job.timers)) clearTimeout(timer)
    jobs.delete(job.id)
    if (jobs.size > 0) return
    clearInterval(looking)
    looking = undefined
    if (!gone) worker.unref()
  }
  const lose = (why: Error): void => {
    gone = true
    void worker.terminate()
    for (const job of jobs.values()) {
      job.result.reject(job.unwanted ?? why)
      leave(job)
    }
  }
  const look = (): void => {
    // One that still loads its code is not stuck in a file; the tasks' own limits end what never begins.
    if (!isReady) return
    missedLooks += 1
    if (missedLooks >= LOOKS) lose(new WorkerLost('stuck', 'a thread is stuck'))
  }
  const stop = (job: Job, why: unknown): void => {
    job.unwanted ??= why
    worker.postMessage({ kind: 'abort', id: job.id } satisfies ToWorker)
    job.timers.leave ??= setTimeout(() => lose(new WorkerLost('stuck', 'a task does not stop')), LEAVE_MS)
  }

  const settle = (job: Job, message: FromWorker & { kind: 'done' | 'failed' }): void => {
    if (job.unwanted !== null) job.result.reject(job.unwanted)
    else if (message.kind === 'done') job.result.resolve(message.value)
    else job.result.reject(fromWire(message.error))
    leave(job)
  }
  worker.on('message', (message: FromWorker) => {
    missedLooks = 0
    if (message.kind === 'ready') isReady = true
    const job = 'id' in message ? jobs.get(message.id) : undefined
    if (!job) return
    if (message.kind === 'event') job.onEvent?.(message.event)
    else if (message.kind === 'done' || message.kind === 'failed') settle(job, message)
  })
  worker.on('error', (error: unknown) => {
    failure = error
  })
  worker.on('exit', () => {
    lose(lossOf(failure, isReady))
    exit.resolve(undefined)
  })

  return {
    async run(task, request, options) {
      const { signal, timeoutMs } = options
      const result = Promise.withResolvers<unknown>()
      const job: Job = { ...options, id: ++lastId, result, unwanted: null, timers: {} }
      jobs.set(job.id, job)
      const onAbort = (): void => stop(job, signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      job.timers.limit = setTimeout(
        () => stop(job, new WorkerLost('slow', 'a task takes too long')),
        timeoutMs,
      )
      if (!looking) missedLooks = 0
      looking ??= setInterval(look, stuckMs / LOOKS)
      worker.ref()
      worker.postMessage({ kind: 'run', id: job.id, task, request } satisfies ToWorker)
      try {
        return await result.promise
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    async end() {
      isEnding = true
      const all = [...jobs.values()]
      for (const job of all) stop(job, new AppError('busy', 'Matinee is stopping.'))
      await Promise.allSettled(all.map((job) => job.result.promise))
      lose(new Error('ended'))
      await exit.promise
    },
    get load() {
      return jobs.size
    },
    get answers() {
      return !gone && !isEnding && missedLooks < 2
    },
    get gone() {
      return gone
    },
  }
}

function lossOf(failure: unknown, isReady: boolean): Error {
  if (!isReady) return new AppError('busy', 'Files cannot be read right now.', { cause: failure })
  return systemCode(failure) === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new WorkerLost('memory', 'a task took too much memory', { cause: failure })
    : new WorkerLost('crash', `a worker ended by itself: ${messageOf(failure)}`, { cause: failure })
}
