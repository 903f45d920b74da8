import type { ChildProcess } from 'node:child_process'
import type * as electron from 'electron'
import type { Asked, Told } from './electron.ts'
import type { DroppedFile } from './worlds.ts'

/** Runs a function in the main process, as Playwright's ElectronApplication does. */
export type Evaluate = <R, A = undefined>(
  run: (modules: typeof electron, argument: A) => R | Promise<R>,
  argument?: A,
) => Promise<R>

/** The test's end of the channel to a process that runs in the stand-in. */
export type StandInConnection = {
  /** Where Playwright connects to. */
  endpoint: string
  evaluate: Evaluate
  announce(files: readonly DroppedFile[]): Promise<void>
}

/** Waits until the browser of `child` is there. Throws when the process ends before. */
export async function connectStandIn(child: ChildProcess): Promise<StandInConnection> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const started = Promise.withResolvers<string>()
  let lastId = 0

  child.on('message', (told: Told) => {
    if ('endpoint' in told) {
      started.resolve(told.endpoint)
      return
    }
    const answer = waiting.get(told.id)
    waiting.delete(told.id)
    if (told.error === undefined) answer?.resolve(told.value)
    else answer?.reject(new Error(told.error))
  })
  child.once('exit', (code) => {
    const gone = new Error(`the desktop app ended with ${String(code)}`)
    for (const it of [started, ...waiting.values()]) it.reject(gone)
  })

  const ask = (request: { run: string; argument: unknown } | { announce: readonly DroppedFile[] }) => {
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++lastId, answer)
    child.send({ id: lastId, ...request } satisfies Asked)
    return answer.promise
  }
  return {
    endpoint: await started.promise,
    evaluate: (run, argument) => ask({ run: String(run), argument }) as never,
    async announce(files) {
      await ask({ announce: files })
    },
  }
}
