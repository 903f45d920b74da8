import type { ResourceLimits } from 'node:worker_threads'
import { AppError } from './errors.ts'
import { createLimit } from './limit.ts'
import { startWorkerThread, WorkerLost, type TaskOptions, type WorkerThread } from './worker-thread.ts'

/** Threads that work on what is not to be trusted: one that goes astray is ended, and the program goes on. */
export interface WorkerPool {
  /**
   * Runs a task of the entry in a thread, beside a few others that wait for something meanwhile. When the thread is lost,
   * nobody knows whose fault it was: then each of its tasks has a thread for itself. Rejects with what the task throws
   * (an AppError is one, a system error has its code), with WorkerLost when it took too long or lost its own thread,
   * with AppError `busy` when none can be started or the pool is closed; on abort with the signal's reason, when the
   * task has stopped.
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
  /** Threads that work at once; one that may be stuck does not count. */
  size: number
  /** Most tasks that a thread has at once. */
  tasksEach: number
  limits: ResourceLimits
  /** Time without a sign of life after which a thread counts as stuck, in ms; several times ALIVE_EVERY_MS. */
  stuckMs?: number
  /** The same for a thread with one task, which then is the guilty one. */
  stuckAloneMs?: number
  /** Time without work after which a thread ends, in ms; the last one stays three times as long. */
  idleMs?: number
}

const STUCK_MS = 10_000
/** A disk that was asleep, or is about to die, may hold a read that long. */
const STUCK_ALONE_MS = 30_000
const IDLE_MS = 10_000

/** How many times longer the last thread stays: the next file need not wait for a start, and yet idle means idle. */
const LAST_STAYS = 3

/** Makes a pool; no thread is started before `warm` or the first task. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { entry, size, tasksEach, limits } = options
  const { stuckMs = STUCK_MS, stuckAloneMs = STUCK_ALONE_MS, idleMs = IDLE_MS } = options
  const threads = new Set<WorkerThread>()
  const ends = new Map<WorkerThread, NodeJS.Timeout>()
  // Those with one task for themselves.
  const loners = new Set<WorkerThread>()
  const closing = new AbortController()
  const taking = createLimit(size * tasksEach)
  const alone = createLimit(1)

  const start = (thread: { stuckMs: number }): WorkerThread => {
    try {
      const started = startWorkerThread({ entry, limits, ...thread })
      threads.add(started)
      return started
    } catch (error) {
      throw new AppError('busy', 'Files cannot be read right now.', { cause: error })
    }
  }
  const drop = (thread: WorkerThread): void => {
    clearTimeout(ends.get(thread))
    ends.delete(thread)
    threads.delete(thread)
  }
  const rest = (thread: WorkerThread): void => {
    const end = (): void => {
      void thread.end().then(() => drop(thread))
    }
    ends.set(thread, setTimeout(end, threads.size > 1 ? idleMs : idleMs * LAST_STAYS).unref())
  }

  /** The first that has room: the others become idle, and end. */
  const pick = (): WorkerThread => {
    const good = [...threads].filter((it) => it.answers && !loners.has(it))
    const free = good.find((it) => it.load < tasksEach)
    const thread = free ?? (good.length < size ? start({ stuckMs }) : good[0])
    if (!thread) throw new AppError('busy', 'Files cannot be read right now.')
    clearTimeout(ends.get(thread))
    return thread
  }
  const giveBack = (thread: WorkerThread): void => {
    if (thread.gone) drop(thread)
    else if (thread.load === 0) rest(thread)
  }

  const runAlone = (task: string, request: unknown, taskOptions: TaskOptions): Promise<unknown> =>
    alone(async () => {
      taskOptions.signal.throwIfAborted()
      closing.signal.throwIfAborted()
      const thread = start({ stuckMs: stuckAloneMs })
      loners.add(thread)
      try {
        return await thread.run(task, request, taskOptions)
      } finally {
        await thread.end()
        loners.delete(thread)
        drop(thread)
      }
    })
  const runBeside = (task: string, request: unknown, taskOptions: TaskOptions): Promise<unknown> =>
    taking(async () => {
      taskOptions.signal.throwIfAborted()
      closing.signal.throwIfAborted()
      const thread = pick()
      try {
        return await thread.run(task, request, taskOptions)
      } finally {
        giveBack(thread)
      }
    })

  return {
    async run(task, request, taskOptions) {
      try {
        return await runBeside(task, request, taskOptions)
      } catch (error) {
        if (!(error instanceof WorkerLost) || error.reason === 'slow') throw error
        return runAlone(task, request, taskOptions)
      }
    },
    warm() {
      if (!closing.signal.aborted && threads.size === 0) rest(start({ stuckMs }))
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      for (const timer of ends.values()) clearTimeout(timer)
      await Promise.all([...threads].map((thread) => thread.end()))
    },
  }
}
