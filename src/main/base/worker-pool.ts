import type { ResourceLimits } from 'node:worker_threads'
import { AppError } from './errors.ts'
import { startWorkerThread, type TaskOptions, type WorkerThread } from './worker-thread.ts'

/** Threads that work on what is not to be trusted: one that goes astray is ended, and the program goes on. */
export interface WorkerPool {
  /**
   * Runs a task of the entry in a thread of its own, in the order they come. Rejects with what the task throws (an
   * AppError is one, a system error has its code), with WorkerLost when its thread had to be ended, with AppError `busy`
   * when none can be started or the pool is closed; on abort with the signal's reason, when the task has stopped.
   */
  run(task: string, request: unknown, options: TaskOptions): Promise<unknown>
  /** Starts a thread when there is none, so that the first task need not wait for it. */
  warm(): void
  /** Ends everything; resolves when no thread is left. */
  close(): Promise<void>
}

/** How a pool is made. */
export type PoolOptions = {
  /** Module that calls `serveTasks`. */
  entry: URL
  /** Most threads at once. */
  size: number
  limits: ResourceLimits
  /** Time without a sign of life after which a thread counts as stuck, in ms; several times ALIVE_EVERY_MS. */
  stuckMs?: number
  /**
   * Time that a task waits for the first thread before it takes another, in ms: what a second one costs (its start, and
   * its own compiling of everything) is more than many short tasks take.
   */
  patienceMs?: number
  /** Time without work after which a thread ends, in ms; the last one stays three times as long. Default 10 s. */
  idleMs?: number
}

/** A disk that was asleep, or is about to die, may hold a read that long. */
const STUCK_MS = 30_000
const IDLE_MS = 10_000
const PATIENCE_MS = 20

/** How many times longer the last thread stays: the next file need not wait for a start, and yet idle means idle. */
const LAST_STAYS = 3

/** A task in line; once `isUrgent` it takes any thread. */
type Turn = PromiseWithResolvers<WorkerThread> & { patience: NodeJS.Timeout; isUrgent: boolean }

/** Makes a pool; no thread is started before `warm` or the first task. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { entry, size, limits } = options
  const { stuckMs = STUCK_MS, idleMs = IDLE_MS, patienceMs = PATIENCE_MS } = options
  // The first is the one that is preferred.
  const threads: WorkerThread[] = []
  const idle = new Map<WorkerThread, NodeJS.Timeout>()
  const waiting: Turn[] = []
  let closed = false

  const start = (): WorkerThread => {
    try {
      const thread = startWorkerThread({ entry, limits, stuckMs })
      threads.push(thread)
      return thread
    } catch (error) {
      throw new AppError('busy', 'Files cannot be read right now.', { cause: error })
    }
  }
  const drop = (thread: WorkerThread): void => {
    clearTimeout(idle.get(thread))
    idle.delete(thread)
    if (threads.includes(thread)) threads.splice(threads.indexOf(thread), 1)
  }
  const takeIdle = (): WorkerThread | undefined => {
    for (const thread of threads.filter((it) => idle.has(it))) {
      clearTimeout(idle.get(thread))
      idle.delete(thread)
      if (!thread.gone) return thread
      drop(thread)
    }
    return undefined
  }
  const serve = (turn: Turn, thread: WorkerThread): void => {
    clearTimeout(turn.patience)
    waiting.splice(waiting.indexOf(turn), 1)
    turn.resolve(thread)
  }
  const serveByAny = (turn: Turn): void => {
    try {
      const thread = takeIdle() ?? (threads.length < size ? start() : undefined)
      if (thread) serve(turn, thread)
    } catch (error) {
      waiting.splice(waiting.indexOf(turn), 1)
      turn.reject(error)
    }
  }

  const take = async (signal: AbortSignal): Promise<WorkerThread> => {
    const [first] = threads
    if (!first || idle.has(first)) return takeIdle() ?? start()
    const { promise, resolve, reject } = Promise.withResolvers<WorkerThread>()
    const turn: Turn = {
      ...{ promise, resolve, reject },
      isUrgent: false,
      patience: setTimeout(() => {
        turn.isUrgent = true
        serveByAny(turn)
      }, patienceMs),
    }
    waiting.push(turn)
    const onAbort = (): void => {
      const at = waiting.indexOf(turn)
      if (at < 0) return
      waiting.splice(at, 1)
      clearTimeout(turn.patience)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }
  const giveBack = (thread: WorkerThread): void => {
    const isFirst = thread === threads[0]
    if (thread.gone) drop(thread)
    else rest(thread)
    const [turn] = waiting
    // Another than the first is for those whose patience has ended.
    if (turn && (isFirst || turn.isUrgent)) serveByAny(turn)
  }
  const rest = (thread: WorkerThread): void => {
    const end = (): void => {
      drop(thread)
      void thread.end()
    }
    const staysMs = threads.length > 1 ? idleMs : idleMs * LAST_STAYS
    idle.set(thread, setTimeout(end, staysMs).unref())
  }

  return {
    async run(task, request, taskOptions) {
      const { signal } = taskOptions
      if (closed) throw new AppError('busy', 'Matinee is stopping.')
      signal.throwIfAborted()
      const thread = await take(signal)
      try {
        signal.throwIfAborted()
        return await thread.run(task, request, taskOptions)
      } finally {
        giveBack(thread)
      }
    },
    warm() {
      if (!closed && threads.length === 0) rest(start())
    },
    async close() {
      closed = true
      for (const turn of waiting.splice(0)) {
        clearTimeout(turn.patience)
        turn.reject(new AppError('busy', 'Matinee is stopping.'))
      }
      await Promise.all(threads.map((thread) => thread.end()))
    },
  }
}
