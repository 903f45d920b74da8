import { join } from 'node:path'
import type { DroppedFile } from './worlds.ts'
import { StandInApp } from './app.ts'
import { startChromium } from './chromium.ts'
import { StandInIpcMain } from './ipc-main.ts'
import { Menu } from './menu.ts'
import { StandInSession } from './session.ts'
import { BrowserWindow, setGround } from './window.ts'

/**
 * What the built main bundle gets for `electron` in the stand-in: exactly what Matinee uses, and no more. A name that
 * is missing here fails at start. What starts programs or asks people does nothing by itself; a test puts its answer
 * in place, by the same `evaluate` as on a real Electron.
 *
 * What it cannot show: Electron's own sandbox (the page is Chromium's, so it has no Node to begin with); refusals that
 * Chromium makes before Electron could be asked, and navigations that it does without a request (`about:blank`, `blob:`);
 * windows that the app allows a page to open; webviews.
 */
export const app = new StandInApp()
export const ipcMain = new StandInIpcMain()
export const session = { defaultSession: new StandInSession() }
export const nativeTheme = { shouldUseDarkColors: false }
export const screen = { getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1280, height: 800 } }) }
export { BrowserWindow, Menu }

const unanswered = (name: string) => async (): Promise<never> => {
  throw new Error(`the test has no answer for ${name}`)
}
export const dialog = {
  showOpenDialog: unanswered('dialog.showOpenDialog'),
  showSaveDialog: unanswered('dialog.showSaveDialog'),
  showErrorBox: (title: string, content: string): void => void process.stderr.write(`${title}: ${content}\n`),
}
export const shell = {
  openExternal: unanswered('shell.openExternal'),
  showItemInFolder: (path: string): void => {
    throw new Error(`the test has no answer for shell.showItemInFolder of ${path}`)
  },
}

/** What the test asks of the process. */
export type Asked = { id: number } & (
  { run: string; argument: unknown } | { announce: readonly DroppedFile[] }
)
/** What the process tells the test. */
export type Told = { endpoint: string } | { id: number; value?: unknown; error?: string }

async function boot(): Promise<void> {
  const profile = join(app.getPath('userData'), 'chromium')
  const chromium = await startChromium(process.env['STAND_IN_CHROMIUM'] ?? 'chromium', profile, (url) => {
    BrowserWindow.getAllWindows()[0]?.webContents.wantsWindow(url)
  })
  process.once('exit', () => chromium.process.kill('SIGKILL'))
  chromium.process.once('exit', () => {
    process.stderr.write('stand-in: the browser has ended\n')
    process.exit(70)
  })
  setGround({
    chromium,
    ipcMain,
    session: session.defaultSession,
    contentsCreated: (contents) => {
      app.emit('web-contents-created', {}, contents)
    },
    allClosed: () => {
      app.allClosed()
    },
  })
  tell({ endpoint: chromium.endpoint })
  app.becomeReady()
}

function tell(message: Told): void {
  process.send?.(message)
}

async function answer(request: Asked): Promise<unknown> {
  if ('announce' in request) {
    await BrowserWindow.getAllWindows()[0]?.announce(request.announce)
    return undefined
  }
  // Indirect, so that the function of the test sees the globals and nothing of this module.
  const run = (0, eval)(`(${request.run})`) as (electron: object, argument: unknown) => unknown
  const electron = { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, screen, session, shell }
  return run(electron, request.argument)
}

process.on('message', (request: Asked) => {
  answer(request).then(
    (value) => {
      tell({ id: request.id, value })
    },
    (error: unknown) => {
      tell({ id: request.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    },
  )
})
// The test is gone.
process.on('disconnect', () => {
  app.exit(1)
})
// Electron becomes ready after it has read its entry, which may end the process before.
setImmediate(() => {
  boot().catch((error: unknown) => {
    process.stderr.write(`stand-in: ${String(error)}\n`)
    process.exit(71)
  })
})
