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

/** A thread with one task at a time, so that whatever goes wrong in it is that task's. */
export interface WorkerThread {
  /**
   * Runs a task; only when none runs. Rejects with what the task throws, with WorkerLost when the thread had to be
   * ended, with AppError `busy` when it could not begin at all. On abort it rejects with the signal's reason when the
   * task has stopped, which may tell something before, or was stopped with its thread a second later.
   */
  run(task: string, request: unknown, options: TaskOptions): Promise<unknown>
  /** Has what runs stop by itself, or ends it after a moment; resolves when the thread has ended. */
  end(): Promise<void>
  readonly gone: boolean
}

/** A thread was ended while it ran a task: it was stuck or too slow, took too much memory, or crashed. */
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
  /** Resolves when the thread has nothing to do with it any more. */
  left: PromiseWithResolvers<undefined>
  timers: Partial<Record<'limit' | 'stuck' | 'leave', NodeJS.Timeout>>
}

/** Looks at a busy thread per `stuckMs`: a computer that was asleep wakes up to one missed look, not to all of them. */
const LOOKS = 5

/** What a thread has for ending a task that nobody waits for; the programs it runs end in that time too. In ms. */
const LEAVE_MS = 1000

/** Starts a thread. Throws what `Worker` throws. */
export function startWorkerThread({ entry, limits, stuckMs }: ThreadOptions): WorkerThread {
  const worker = new Worker(entry, { resourceLimits: limits })
  const exit = Promise.withResolvers<undefined>()
  let job: Job | null = null
  let lastId = 0
  let isReady = false
  let gone = false
  let failure: unknown
  let ending: AppError | null = null
  // One that waits for work does not hold the program.
  worker.unref()

  const leave = (it: Job): void => {
    for (const timer of Object.values(it.timers)) clearTimeout(timer)
    if (job === it) job = null
    if (!gone) worker.unref()
    it.left.resolve(undefined)
  }
  /** Why nobody wants the result any more; null while somebody does. */
  const unwanted = ({ signal }: Job): unknown => (signal.aborted ? signal.reason : ending)
  const lose = (why: Error): void => {
    gone = true
    void worker.terminate()
    if (!job) return
    job.result.reject(unwanted(job) ?? why)
    leave(job)
  }
  /** Looks again and again whether the thread still lives; each sign of life begins that anew. */
  const watch = ({ timers }: Job): void => {
    let missed = 0
    clearTimeout(timers.stuck)
    timers.stuck = setInterval(() => {
      missed += 1
      if (missed >= LOOKS) lose(new WorkerLost('stuck', 'a task is stuck'))
    }, stuckMs / LOOKS)
  }
  const askToStop = (it: Job): void => {
    worker.postMessage({ kind: 'abort', id: it.id } satisfies ToWorker)
    it.timers.leave ??= setTimeout(() => lose(new WorkerLost('stuck', 'a task does not end')), LEAVE_MS)
  }

  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') isReady = true
    const it = job
    if (!it) return
    watch(it)
    if (!('id' in message) || message.id !== it.id) return
    if (message.kind === 'event') {
      it.onEvent?.(message.event)
      return
    }
    const why = unwanted(it)
    if (why !== null) it.result.reject(why)
    else if (message.kind === 'done') it.result.resolve(message.value)
    else it.result.reject(fromWire(message.error))
    leave(it)
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
      const it: Job = {
        ...options,
        ...{ id: ++lastId, result: Promise.withResolvers(), left: Promise.withResolvers(), timers: {} },
      }
      job = it
      const { signal, timeoutMs } = options
      const onAbort = (): void => askToStop(it)
      signal.addEventListener('abort', onAbort, { once: true })
      it.timers.limit = setTimeout(() => lose(new WorkerLost('slow', 'a task takes too long')), timeoutMs)
      watch(it)
      worker.ref()
      worker.postMessage({ kind: 'run', id: it.id, task, request } satisfies ToWorker)
      try {
        return await it.result.promise
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    async end() {
      ending = new AppError('busy', 'Matinee is stopping.')
      if (job) {
        askToStop(job)
        await job.left.promise
      }
      lose(new Error('ended'))
      await exit.promise
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
