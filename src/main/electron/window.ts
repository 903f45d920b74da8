import { BrowserWindow, nativeTheme, screen } from 'electron'
import { fittingSize, readSaved, saveSize, SMALLEST } from './window-size.ts'

/** `--bg-content` of renderer/ui/tokens.css: what is there before the page has drawn. */
const BACKGROUND = { dark: '#161618', light: '#ffffff' }

/** Opens the window of the file manager at `url`. It is shown once there is something to see. */
export function openWindow(options: {
  url: string
  /** Absolute path of the built preload script. */
  preload: string
  /** Where the window's size is kept. */
  sizeFile: string
  onProblem: (error: unknown) => void
}): BrowserWindow {
  const size = fittingSize(readSaved(options.sizeFile), screen.getPrimaryDisplay().workArea)
  const window = new BrowserWindow({
    width: size.width,
    height: size.height,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Matinee',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    },
  })
  if (size.isMaximized) window.maximize()
  window.once('ready-to-show', () => {
    window.show()
  })
  window.on('close', () => {
    const { width, height } = window.getBounds()
    // A maximised window keeps the size that it would go back to.
    const kept = window.isMaximized() ? { ...size, isMaximized: true } : { width, height, isMaximized: false }
    try {
      saveSize(options.sizeFile, kept)
    } catch (error) {
      options.onProblem(error)
    }
  })
  void window.loadURL(options.url).catch(options.onProblem)
  return window
}
