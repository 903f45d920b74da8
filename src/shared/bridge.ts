/** What the desktop shell offers the file manager beyond a browser, as `window.matinee`; absent in a browser. */
export interface MatineeBridge {
  readonly platform: 'darwin' | 'win32' | 'linux'
  /** Absolute path of a file dropped on the window; empty for one that is not on disk. */
  pathForFile(file: unknown): string
  /** Asks for media files with the native dialog; absolute paths, empty when cancelled. */
  chooseFiles(): Promise<string[]>
  /** Asks for a folder with the native dialog; its absolute path, or null when cancelled. */
  chooseFolder(): Promise<string | null>
  /** Shows the file in the system's own file manager. */
  revealFile(fileId: string): Promise<void>
  /** Saves what an export made where the native dialog says, which asks before it writes over anything. */
  saveExport(jobId: string): Promise<SavedExport>
}

/** How saving an export ended; `reason` is a sentence to show. Nothing is half-written in any case. */
export type SavedExport =
  { state: 'saved'; filename: string } | { state: 'cancelled' } | { state: 'failed'; reason: string }

/** Names of the IPC calls behind the bridge. */
export const BRIDGE_CHANNELS = {
  chooseFiles: 'matinee:choose-files',
  chooseFolder: 'matinee:choose-folder',
  revealFile: 'matinee:reveal-file',
  saveExport: 'matinee:save-export',
} as const
