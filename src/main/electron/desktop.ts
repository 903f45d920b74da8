import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, session, shell, type BrowserWindow } from 'electron'
import { messageOf } from '../base/errors.ts'
import { readConfig, type EngineConfig } from '../config.ts'
import { startEngine, type Engine } from '../engine.ts'
import { answerBridge } from './bridge.ts'
import { filesIn, readCommandLine } from './command-line.ts'
import { createEngineClient, type EngineClient } from './engine-client.ts'
import { createExportSaver, type ExportSaver } from './export-saver.ts'
import { setMenu } from './menu.ts'
import { guardContents, guardSession, type Origins } from './security.ts'
import { openWindow } from './window.ts'

/**
 * Runs the desktop app: an engine and a window over it. `outDir` is the folder of the build. Must be called before
 * Electron is ready, and must not be awaited for: Electron becomes ready only after its entry has been read.
 */
export function runDesktop(outDir: string): void {
  const { options, files } = readCommandLine(process.argv, !app.isPackaged, process.cwd())
  let config: EngineConfig
  try {
    config = readConfig(options, process.env, join(outDir, 'renderer'))
    // Beside what the engine keeps, so that a data folder of one's own is an instance of one's own.
    const ownFolder = join(config.dataDir, 'desktop')
    mkdirSync(ownFolder, { recursive: true })
    app.setPath('userData', ownFolder)
  } catch (error) {
    fail(error)
    return
  }
  if (!app.requestSingleInstanceLock({ files })) {
    // The first instance has the files now.
    app.exit(0)
    return
  }

  /** Files to register as soon as there is an engine. */
  const waiting = [...files]
  let engine: Promise<Engine> | undefined
  let client: EngineClient | undefined
  let exports: ExportSaver | undefined
  let window: BrowserWindow | undefined
  let isStopped = false

  const registerWaiting = (): void => {
    if (!client) return
    for (const path of waiting.splice(0)) {
      client.register(path).catch((error: unknown) => {
        dialog.showErrorBox('This file cannot be added', `${path}\n\n${messageOf(error)}`)
      })
    }
  }
  const take = (paths: readonly string[]): void => {
    waiting.push(...paths)
    registerWaiting()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  }
  app.on('second-instance', (_event, _argv, _cwd, handedOver) => {
    take(filesIn(handedOver))
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take([path])
  })

  const start = async (): Promise<void> => {
    engine = startEngine(config)
    const running = await engine
    const origins: Origins = {
      manager: new URL(running.apiUrl).origin,
      shares: [running.shareUrl, ...(config.publicUrl ? [config.publicUrl] : [])].map(
        (it) => new URL(it).origin,
      ),
    }
    client = createEngineClient(running)
    exports = createExportSaver(client)
    guardSession(session.defaultSession, origins)
    // Whatever comes to show pages in this app, this window or another one.
    app.on('web-contents-created', (_event, contents) => {
      guardContents(contents, origins)
    })
    answerBridge({ window: () => window, origins, client, exports })
    window = openWindow({
      url: running.managerUrl(),
      preload: join(outDir, 'preload', 'index.cjs'),
      sizeFile: join(config.dataDir, 'desktop', 'window.json'),
      onProblem: report,
    })
    window.on('closed', () => {
      window = undefined
    })
    setMenu({
      reload: () => void window?.loadURL(running.managerUrl()).catch(report),
      openInBrowser: () => void shell.openExternal(running.managerUrl()).catch(report),
    })
    registerWaiting()
  }

  // Until there is a tray to come back from, no window means the end.
  app.on('window-all-closed', () => {
    app.quit()
  })
  app.on('will-quit', (event) => {
    if (isStopped || !engine) return
    event.preventDefault()
    engine
      .then(async (running) => {
        await exports?.close()
        await running.stop()
      })
      .catch(report)
      .finally(() => {
        isStopped = true
        app.quit()
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      app.quit()
    })
  }
  app.whenReady().then(start).catch(fail)
}

/** Tells why the app cannot run, and ends it. */
function fail(error: unknown): void {
  report(error)
  dialog.showErrorBox('Matinee cannot start', messageOf(error))
  app.exit(1)
}

function report(error: unknown): void {
  process.stderr.write(`matinee: ${messageOf(error)}\n`)
}
