import { parentPort } from 'node:worker_threads'
import { AppError } from './errors.ts'
import { toWire, type WireError } from './wire-error.ts'

/** What the pool sends: work, or the wish to end it. */
export type ToWorker =
  { kind: 'run'; id: number; task: string; request: unknown } | { kind: 'abort'; id: number }

/** What a worker answers. `alive` comes while it works: one whose thread is stuck does not send it. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'alive' }
  | { kind: 'event'; id: number; event: unknown }
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: WireError }

/** What a task in a worker is handed. */
export type TaskContext = {
  /** Aborted when nobody wants the result any more. */
  signal: AbortSignal
  /** Tells the caller something before the result. */
  emit: (event: unknown) => void
}

/** A task by its name: takes a request, gives a result; both are copied between threads. */
export type Task = (request: never, context: TaskContext) => Promise<unknown>

/** Time between two signs of life, in ms. */
export const ALIVE_EVERY_MS = 500

/** Serves a pool from inside of a worker: the last line of its entry. */
export function serveTasks(tasks: Readonly<Record<string, Task>>): void {
  const port = parentPort
  if (!port) throw new Error('a worker is started by a pool')
  const send = (message: FromWorker): void => port.postMessage(message)
  const running = new Map<number, AbortController>()
  let alive: NodeJS.Timeout | undefined

  const run = async ({ id, task, request }: ToWorker & { kind: 'run' }): Promise<void> => {
    const abort = new AbortController()
    running.set(id, abort)
    alive ??= setInterval(() => send({ kind: 'alive' }), ALIVE_EVERY_MS)
    try {
      const work = tasks[task]
      if (!work) throw new Error(`there is no task ${task}`)
      const emit = (event: unknown): void => send({ kind: 'event', id, event })
      const value = await work(request as never, { signal: abort.signal, emit })
      send({ kind: 'done', id, value })
    } catch (error) {
      send({ kind: 'failed', id, error: toWire(error) })
    } finally {
      running.delete(id)
      if (running.size === 0) {
        clearInterval(alive)
        alive = undefined
      }
    }
  }

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'run') void run(message)
    else running.get(message.id)?.abort(new AppError('conflict', 'Cancelled.'))
  })
  send({ kind: 'ready' })
}
