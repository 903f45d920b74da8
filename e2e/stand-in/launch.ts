import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { _electron, chromium, type Locator, type Page } from 'playwright/test'
import type { MatineeBridge } from '../../src/shared/bridge.ts'
import { ensureChromium } from '../../scripts/ensure-chromium.ts'
import { electronBinary } from '../../scripts/launcher/downloads.mjs'
import { connectStandIn, type Evaluate } from './connection.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** The built main bundle, which Electron finds by the package.json in ROOT. */
const MAIN = join(ROOT, 'out/main/index.js')

/** The least that a program offers to do with the files it drags (Chromium's DragOperation). */
const COPY = 1

/** What runs the desktop bundle here. */
export const RUNTIME =
  electronBinary() === undefined
    ? 'the stand-in (there is no Electron binary here)'
    : hasDisplay()
      ? 'Electron'
      : 'the stand-in (there is no display for Electron here)'

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return (
    process.platform !== 'linux' || [DISPLAY, WAYLAND_DISPLAY].some((it) => it !== undefined && it !== '')
  )
}

declare global {
  interface Window {
    readonly matinee?: MatineeBridge
  }
}

/** The desktop app as a test drives it; the same on Electron and in the stand-in. */
export type Desktop = {
  dataDir: string
  process: ChildProcess
  /** The page in its window. */
  page: Page
  /** Runs a function in the main process; it knows nothing of what stands around it here. */
  evaluate: Evaluate
  /** Drags files over the window to where `to` appears, and drops them there. */
  drop: (paths: readonly string[], to: Locator) => Promise<void>
  /** Starts another instance on the same data folder; resolves with its exit code. */
  startAgain(...args: string[]): Promise<number | null>
  /** Resolves with the exit code once the process has ended. */
  ended(): Promise<number | null>
  /** Quits it if it still runs, and removes its data folder. */
  stop(): Promise<void>
}

/** Starts the built desktop app on free ports and a data folder of its own; resolves when its window has its page. */
export async function launchDesktop(...args: string[]): Promise<Desktop> {
  const dataDir = mkdtempSync(join(tmpdir(), 'matinee-desktop-'))
  const options = ['--port=0', '--share-port=0', `--data-dir=${dataDir}`]
  const binary = RUNTIME === 'Electron' ? electronBinary() : undefined
  const app = await (binary === undefined
    ? startStandIn([...options, ...args])
    : startElectron(binary, [...options, ...args]))
  const { page, evaluate, process: child } = app
  await page.waitForURL((url) => url.protocol === 'http:')
  return {
    dataDir,
    page,
    evaluate,
    process: child,
    async drop(paths, to) {
      const session = await page.context().newCDPSession(page)
      const data = { items: [], files: [...paths], dragOperationsMask: COPY }
      const drag = (type: 'dragEnter' | 'dragOver' | 'drop', at: { x: number; y: number }) =>
        session.send('Input.dispatchDragEvent', { type, ...at, data })
      await app.announce(paths)
      await drag('dragEnter', { x: 5, y: 5 })
      await to.waitFor()
      const box = await to.boundingBox()
      if (!box) throw new Error('there is nothing to drop on')
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      await drag('dragOver', middle)
      await drag('drop', middle)
      await session.detach()
    },
    async startAgain(...more) {
      const [program, before] = binary === undefined ? standInCommand() : [binary, electronArgs()]
      const second = spawn(program, [...before, ...options, ...more], { stdio: 'ignore', env: standInEnv() })
      const [code] = (await once(second, 'exit')) as [number | null]
      return code
    },
    async ended() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return child.exitCode
    },
    async stop() {
      await app.close()
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Started = {
  process: ChildProcess
  page: Page
  evaluate: Evaluate
  announce(paths: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Electron's own sandbox refuses root. */
const electronArgs = (): string[] => [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT]

async function startElectron(executablePath: string, args: readonly string[]): Promise<Started> {
  const app = await _electron.launch({ executablePath, args: [...electronArgs(), ...args] })
  return {
    process: app.process(),
    page: await app.firstWindow(),
    evaluate: (run, argument) => app.evaluate(run as never, argument) as never,
    // Chromium itself tells Electron where a file lies that it was made to drop.
    announce: () => Promise.resolve(),
    async close() {
      if (app.process().exitCode === null) await app.close()
    },
  }
}

const standInEnv = (): NodeJS.ProcessEnv => ({ ...process.env, STAND_IN_CHROMIUM: ensureChromium() })
const standInCommand = (): [string, string[]] => [
  process.execPath,
  ['--import', join(import.meta.dirname, 'hook.ts'), MAIN],
]

async function startStandIn(args: readonly string[]): Promise<Started> {
  const [program, before] = standInCommand()
  const child = spawn(program, [...before, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: standInEnv(),
  })
  const standIn = await connectStandIn(child)
  const browser = await chromium.connectOverCDP(standIn.endpoint)
  const [context] = browser.contexts()
  if (!context) throw new Error('the browser has no context')
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  // Electron would not have made it at all.
  context.on('page', (stray) => void stray.close())
  return {
    process: child,
    page,
    evaluate: standIn.evaluate,
    announce: (paths) =>
      standIn.announce(paths.map((path) => ({ name: basename(path), size: statSync(path).size, path }))),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit')
        await standIn.evaluate(({ app }) => {
          setImmediate(() => {
            app.quit()
          })
        })
        await exit
      }
      await browser.close()
    },
  }
}
