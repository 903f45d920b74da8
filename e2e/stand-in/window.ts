import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, HandlerDetails, WebPreferences } from 'electron'
import { allowGone } from './cdp.ts'
import type { Chromium } from './chromium.ts'
import type { StandInIpcMain } from './ipc-main.ts'
import { openPage, type StandInPage } from './page.ts'
import type { StandInSession } from './session.ts'
import type { DroppedFile } from './worlds.ts'

/** What the windows stand on; there once the app is ready. */
export type WindowGround = {
  chromium: Chromium
  session: StandInSession
  ipcMain: StandInIpcMain
  contentsCreated(contents: StandInContents): void
  allClosed(): void
}
let ground: WindowGround | undefined
export const setGround = (it: WindowGround): void => void (ground = it)

/** An event that a listener may refuse. */
export function refusable<T extends object>(details: T) {
  return {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    },
  }
}

type WindowOpenHandler = (details: Pick<HandlerDetails, 'url'>) => { action: 'deny' | 'allow' }
/** All the stand-in can be: a window that is asked for with less is refused, never made in silence. */
const ONLY = { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true } as const

/** The contents of a window. */
export class StandInContents extends EventEmitter {
  readonly #preferences: WebPreferences
  #onWindowOpen: WindowOpenHandler = () => ({ action: 'allow' })
  url = ''

  constructor(preferences: WebPreferences) {
    super()
    this.#preferences = preferences
  }

  getLastWebPreferences(): WebPreferences {
    return this.#preferences
  }

  getURL(): string {
    return this.url
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#onWindowOpen = handler
  }

  wantsWindow(url: string): void {
    const { action } = this.#onWindowOpen({ url })
    if (action !== 'deny') throw new Error(`the app allows a window for ${url}; the stand-in has none`)
  }

  mayGo({
    url,
    isMainFrame,
    isRedirect,
  }: {
    url: string
    isMainFrame: boolean
    isRedirect: boolean
  }): boolean {
    const names = isRedirect
      ? ['will-redirect']
      : ['will-frame-navigate', ...(isMainFrame ? ['will-navigate'] : [])]
    return names.every((name) => {
      const event = refusable({ url, isMainFrame })
      this.emit(name, event)
      return !event.defaultPrevented
    })
  }
}

/** A window: a page of Chromium, and what a window manager would keep of it. */
export class BrowserWindow extends EventEmitter {
  static readonly #all = new Set<BrowserWindow>()
  static getAllWindows = (): BrowserWindow[] => [...BrowserWindow.#all]

  readonly webContents: StandInContents
  readonly #ground: WindowGround
  readonly #page: Promise<StandInPage>
  readonly #bounds: { x: number; y: number; width: number; height: number }
  #isVisible: boolean
  #isMaximized = false
  #isMinimized = false
  #isFocused = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    if (!ground) throw new Error('Cannot create BrowserWindow before app is ready')
    const preferences = { ...ONLY, ...options.webPreferences }
    for (const [name, value] of Object.entries(ONLY)) {
      if (preferences[name as keyof typeof ONLY] !== value)
        throw new Error(`the stand-in has no ${name} but ${value}`)
    }
    const { width = 800, height = 600 } = options
    this.#ground = ground
    this.#bounds = { x: 0, y: 0, width, height }
    this.#isVisible = options.show !== false
    this.webContents = new StandInContents(preferences)
    this.#page = this.#open(preferences.preload)
    BrowserWindow.#all.add(this)
    ground.contentsCreated(this.webContents)
  }

  async #open(preload: string | undefined): Promise<StandInPage> {
    const { chromium, session, ipcMain } = this.#ground
    const { width, height } = this.#bounds
    let isFirst = true
    const page = await openPage(
      chromium,
      { size: { width, height }, preload },
      {
        session,
        mayGo: (request) => this.webContents.mayGo(request),
        wantsWindow: (url) => {
          this.webContents.wantsWindow(url)
        },
        invoked: (channel, args, url) => ipcMain.call(channel, { senderFrame: { url } }, args),
        loaded: () => {
          this.webContents.url = page.url
          this.webContents.emit('did-finish-load')
          if (isFirst) this.emit('ready-to-show')
          isFirst = false
        },
        gone: () => {
          this.#gone()
        },
      },
    )
    return page
  }

  async loadURL(url: string): Promise<void> {
    await (await this.#page).load(url)
  }

  /** Not Electron's: see StandInPage. */
  async announce(files: readonly DroppedFile[]): Promise<void> {
    await (await this.#page).announce(files)
  }

  close(): void {
    const event = refusable({})
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    void this.#page.then((page) => page.close()).catch(allowGone)
    this.#gone()
  }

  #gone(): void {
    if (!BrowserWindow.#all.delete(this)) return
    this.emit('closed')
    if (BrowserWindow.#all.size === 0) this.#ground.allClosed()
  }

  show(): void {
    this.#isVisible = true
    this.focus()
  }

  focus(): void {
    for (const window of BrowserWindow.#all) window.#isFocused = window === this
  }

  minimize(): void {
    this.#isMinimized = true
    this.#isFocused = false
  }

  restore(): void {
    this.#isMinimized = false
  }

  maximize(): void {
    this.#isMaximized = true
  }

  isVisible = (): boolean => this.#isVisible
  isFocused = (): boolean => this.#isFocused
  isMinimized = (): boolean => this.#isMinimized
  isMaximized = (): boolean => this.#isMaximized
  isDestroyed = (): boolean => !BrowserWindow.#all.has(this)
  getBounds = () => ({ ...this.#bounds })
}
