import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

/** Names of a system's own Chromium, the most exact first. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Path of the Chromium that the tests drive: Playwright's own, or the system's. Undefined when there is none. */
export function chromiumPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const onPath = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [chromium.executablePath(), ...onPath, ...APPS].find((path) => existsSync(path))
}

/** As `chromiumPath`, after trying to install one where that needs nobody's word. Throws with how to install it. */
export function ensureChromium(): string {
  const path = chromiumPath() ?? (installWithApt() ? chromiumPath() : undefined)
  if (path) return path
  throw new Error(
    'The tests need a Chromium and found none. Install one with:  npx playwright install --with-deps chromium' +
      '\nor from your system, for example:  sudo apt-get install chromium',
  )
}

/** Only root may, and only then without asking. */
function installWithApt(): boolean {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  console.error('Installing Chromium with apt-get …')
  const run = (...args: string[]): boolean =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  return run('update', '-q') && run('install', '-y', '-q', '--no-install-recommends', 'chromium')
}

if (import.meta.main) {
  try {
    console.log(`Chromium: ${ensureChromium()}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
