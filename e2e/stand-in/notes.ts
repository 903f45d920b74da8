import type { Desktop } from './launch.ts'

/** What the shell was asked for, and what it said. */
export type Notes = {
  /** Addresses handed to the system's browser. */
  opened: string[]
  /** Addresses that no frame was let go to. */
  refused: string[]
  /** How often a dialog was to be shown. */
  dialogs: number
}

/** Lets the main process take notes from now on, and do nothing outside; the result reads them. */
export async function takeNotes(desktop: Desktop): Promise<() => Promise<Notes>> {
  // These functions run there: they know nothing of this file.
  await desktop.evaluate(({ BrowserWindow, dialog, shell }) => {
    const notes: Notes = { opened: [], refused: [], dialogs: 0 }
    Object.assign(globalThis, { notes })
    shell.openExternal = (url) => {
      notes.opened.push(url)
      return Promise.resolve()
    }
    dialog.showOpenDialog = () => {
      notes.dialogs++
      return Promise.resolve({ canceled: true, filePaths: [] })
    }
    dialog.showSaveDialog = () => {
      notes.dialogs++
      return Promise.resolve({ canceled: true, filePath: '' })
    }
    // Registered last, so that the guards have spoken.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    for (const name of ['will-frame-navigate', 'will-redirect'] as const) {
      contents?.on(name as 'will-redirect', (event: { url: string; defaultPrevented: boolean }) => {
        if (event.defaultPrevented) notes.refused.push(event.url)
      })
    }
  })
  return () => desktop.evaluate(() => (globalThis as unknown as { notes: Notes }).notes)
}
