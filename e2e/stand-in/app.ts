import { EventEmitter } from 'node:events'
import { releaseLock, takeOrHandOver } from './single-instance.ts'
import { BrowserWindow, refusable } from './window.ts'

/** The life of the app: ready, one instance, quit. */
export class StandInApp extends EventEmitter {
  readonly isPackaged = false
  readonly #ready = Promise.withResolvers<undefined>()
  readonly #paths = new Map<string, string>()
  #lockFolder: string | undefined
  #isQuitting = false

  /** Not Electron's: the browser is there. */
  becomeReady(): void {
    this.#ready.resolve(undefined)
    this.emit('ready')
  }

  whenReady(): Promise<undefined> {
    return this.#ready.promise
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  /** Throws for a name that the app has not set: the stand-in keeps nothing in places of the system. */
  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`the stand-in has no folder ${name}`)
    return path
  }

  requestSingleInstanceLock(data?: unknown): boolean {
    const folder = this.getPath('userData')
    const letter = { argv: process.argv, cwd: process.cwd(), data }
    const isFirst = takeOrHandOver(folder, letter, (second) => {
      this.emit('second-instance', {}, second.argv, second.cwd, second.data)
    })
    if (isFirst) this.#lockFolder = folder
    return isFirst
  }

  quit(): void {
    if (this.#isQuitting || this.#isRefused('before-quit')) return
    this.#isQuitting = true
    for (const window of BrowserWindow.getAllWindows()) window.close()
    // A window that refused to close keeps the app, as a listener of will-quit does.
    if (BrowserWindow.getAllWindows().length > 0 || this.#isRefused('will-quit')) this.#isQuitting = false
    else this.exit(0)
  }

  /** Not Electron's: the last window is gone. Nothing is said of it while the app quits. */
  allClosed(): void {
    if (!this.#isQuitting) this.emit('window-all-closed')
  }

  exit(code = 0): void {
    if (this.#lockFolder !== undefined) releaseLock(this.#lockFolder)
    process.exit(code)
  }

  #isRefused(name: string): boolean {
    const event = refusable({})
    this.emit(name, event)
    return event.defaultPrevented
  }
}
