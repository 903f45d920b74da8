import type { IpcRenderer, WebUtils } from 'electron'

/**
 * The two functions here run in the page, not in Node: their text is sent there. They know nothing outside themselves.
 * One stands in the page's own world, the other in the world of the preload script; the worlds share no object, only
 * the events of the document, whose `detail` Chromium copies from world to world.
 */

/** A value on its way through the context bridge. Functions stay where they are and travel as numbers. */
type Bridged = { value: unknown } | { call: number } | { fields: [name: string, value: Bridged][] }
/** How a call ended, or that it will be told later. */
type Ending = { call: number; value?: unknown; error?: string; isLater?: boolean }

/** The page's side of the context bridge. `secret` names its events, so that the page cannot take part. */
export function mainWorld(secret: string): void {
  const dispatch = document.dispatchEvent.bind(document)
  const later = new Map<number, PromiseWithResolvers<unknown>>()
  let lastCall = 0
  let ending: Ending | undefined

  const outcome = ({ error, value }: Ending): unknown => {
    if (error !== undefined) throw new Error(error)
    return value
  }
  const made = (it: Bridged): unknown => {
    if ('value' in it) return it.value
    if ('fields' in it)
      return Object.freeze(Object.fromEntries(it.fields.map(([name, value]) => [name, made(value)])))
    return Object.freeze((...args: unknown[]) => {
      const call = ++lastCall
      ending = undefined
      dispatch(new CustomEvent(`${secret} call`, { detail: { call, to: it.call, args } }))
      const now = ending as Ending | undefined
      if (!now) throw new Error('the preload script did not answer')
      if (!now.isLater) return outcome(now)
      const waiting = Promise.withResolvers<unknown>()
      later.set(call, waiting)
      return waiting.promise
    })
  }
  document.addEventListener(`${secret} expose`, (event) => {
    const { key, api } = (event as CustomEvent<{ key: string; api: Bridged }>).detail
    // Neither writable nor configurable, as Electron defines it.
    Object.defineProperty(window, key, { value: made(api), enumerable: true })
  })
  document.addEventListener(`${secret} ending`, (event) => {
    const { detail } = event as CustomEvent<Ending>
    const waiting = later.get(detail.call)
    later.delete(detail.call)
    if (!waiting) ending = detail
    else if (detail.error !== undefined) waiting.reject(new Error(detail.error))
    else waiting.resolve(detail.value)
  })
}

/** The preload script's side: what a sandboxed preload may require, around `preload` itself. */
export function preloadWorld(
  secret: string,
  surroundings: { platform: string },
  preload: (require: (name: string) => unknown, process: object, module: object, exports: object) => void,
): void {
  const world = globalThis as unknown as {
    standInPost: (text: string) => void
    standInReceive: (message: { id: number; value?: unknown; error?: string }) => void
    standInPaths: (files: readonly DroppedFile[]) => void
  }
  const functions: ((...args: unknown[]) => unknown)[] = []
  const dispatch = (name: string, detail: object): void => {
    document.dispatchEvent(new CustomEvent(`${secret} ${name}`, { detail }))
  }
  const bridged = (value: unknown): Bridged => {
    if (typeof value === 'function') return { call: functions.push(value as () => unknown) - 1 }
    if (typeof value !== 'object' || value === null) return { value }
    return { fields: Object.entries(value).map(([name, it]) => [name, bridged(it)]) }
  }
  const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
  document.addEventListener(`${secret} call`, (event) => {
    const { call, to, args } = (event as CustomEvent<{ call: number; to: number; args: unknown[] }>).detail
    const end = (ending: Omit<Ending, 'call'>): void => {
      dispatch('ending', { call, ...ending })
    }
    try {
      const value = functions[to]?.(...args)
      if (!(value instanceof Promise)) {
        end({ value })
        return
      }
      end({ isLater: true })
      value.then(
        (it: unknown) => {
          end({ value: it })
        },
        (error: unknown) => {
          end({ error: textOf(error) })
        },
      )
    } catch (error) {
      end({ error: textOf(error) })
    }
  })

  const calls = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  world.standInReceive = ({ id, value, error }) => {
    if (error === undefined) calls.get(id)?.resolve(value)
    else calls.get(id)?.reject(new Error(error))
    calls.delete(id)
  }
  const ipcRenderer: Pick<IpcRenderer, 'invoke'> = {
    invoke(channel, ...args: unknown[]) {
      const answer = Promise.withResolvers<unknown>()
      calls.set(++lastId, answer)
      world.standInPost(JSON.stringify({ id: lastId, channel, args }))
      return answer.promise
    },
  }

  const dropped: DroppedFile[] = []
  world.standInPaths = (files) => {
    dropped.push(...files)
  }
  const webUtils: WebUtils = {
    getPathForFile(file) {
      if (!(file instanceof File)) throw new TypeError('getPathForFile: this is not a File')
      return dropped.findLast((it) => it.name === file.name && it.size === file.size)?.path ?? ''
    },
  }
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown) {
      dispatch('expose', { key, api: bridged(api) })
    },
  }
  const electron = { contextBridge, ipcRenderer, webUtils }
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`)
  }
  const exports = {}
  preload(require, { ...surroundings, type: 'renderer', sandboxed: true }, { exports }, exports)
}

/** A file that is about to be dropped: a page is told its name and size, only the shell its path. */
export type DroppedFile = { name: string; size: number; path: string }
