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
  /** Starts the thread that is kept, so that the first task need not wait for it. */
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
  /** Threads kept when there is nothing to do; the others end after `idleMs`. */
  kept: number
  limits: ResourceLimits
  /** Time without a sign of life after which a thread counts as stuck, in ms; several times ALIVE_EVERY_MS. */
  stuckMs?: number
  idleMs?: number
}

const STUCK_MS = 10_000
const IDLE_MS = 10_000

/** Makes a pool; no thread is started before `warm` or the first task. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { entry, size, kept, limits, stuckMs = STUCK_MS, idleMs = IDLE_MS } = options
  const all = new Set<WorkerThread>()
  // The one that worked last comes first: the others become idle, and end.
  const idle: { thread: WorkerThread; timer: NodeJS.Timeout }[] = []
  const waiting: PromiseWithResolvers<WorkerThread>[] = []
  let closed = false

  const start = (): WorkerThread => {
    try {
      const thread = startWorkerThread({ entry, limits, stuckMs })
      all.add(thread)
      return thread
    } catch (error) {
      throw new AppError('busy', 'Files cannot be read right now.', { cause: error })
    }
  }
  const take = (signal: AbortSignal): WorkerThread | Promise<WorkerThread> => {
    for (let next = idle.pop(); next; next = idle.pop()) {
      clearTimeout(next.timer)
      if (!next.thread.gone) return next.thread
      all.delete(next.thread)
    }
    if (all.size < size) return start()
    const turn = Promise.withResolvers<WorkerThread>()
    waiting.push(turn)
    const onAbort = (): void => {
      const at = waiting.indexOf(turn)
      if (at < 0) return
      waiting.splice(at, 1)
      turn.reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return turn.promise.finally(() => signal.removeEventListener('abort', onAbort))
  }
  const giveBack = (thread: WorkerThread): void => {
    const lives = !thread.gone
    if (!lives) all.delete(thread)
    const turn = waiting.shift()
    try {
      if (turn) turn.resolve(lives ? thread : start())
      else if (lives) rest(thread)
    } catch (error) {
      turn?.reject(error)
    }
  }
  const rest = (thread: WorkerThread): void => {
    const end = (): void => {
      if (all.size <= kept) return
      idle.splice(
        idle.findIndex((it) => it.thread === thread),
        1,
      )
      all.delete(thread)
      void thread.end()
    }
    idle.push({ thread, timer: setTimeout(end, idleMs).unref() })
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
      if (!closed && all.size < kept) rest(start())
    },
    async close() {
      closed = true
      for (const turn of waiting.splice(0)) turn.reject(new AppError('busy', 'Matinee is stopping.'))
      await Promise.all([...all].map((thread) => thread.end()))
    },
  }
}
