import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { needNode, ROOT } from './launcher/node.mjs'

/** Written at the end of a build; its time is the build's start, so an edit made meanwhile counts as newer. */
const STAMP = join(ROOT, 'out/.built')

/** What has to be there afterwards, whatever the builder says of itself. */
const RESULTS = [
  'out/main/index.js',
  'out/main/headless.js',
  'out/main/reading-worker.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/renderer/share.html',
]
const SOURCES = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

/** True when a source is newer than the last build, or no build is there. An installed copy has no sources: never. */
export function isStale() {
  if (!existsSync(join(ROOT, 'src'))) return false
  if (!existsSync(STAMP) || RESULTS.some((path) => !existsSync(join(ROOT, path)))) return true
  const builtMs = statSync(STAMP).mtimeMs
  return SOURCES.some((path) => newestMs(join(ROOT, path)) > builtMs)
}

/** @param {string} path @returns {number} time of the newest product file in or at `path`, Unix ms; 0 for none */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return isTest(path) ? 0 : stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

/** @param {string} path */
const isTest = (path) => /\.(test|contract)\.tsx?$/.test(path)

/**
 * Builds `out/`. Throws when the builder fails, or says it did well and something is missing.
 * @param {string} node
 * @param {'inherit' | 'quiet'} output
 */
export async function build(node, output = 'quiet') {
  const startedAt = new Date()
  const builder = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  const child = spawn(node, [builder, 'build', ...(output === 'quiet' ? ['--logLevel', 'warn'] : [])], {
    cwd: ROOT,
    // Standard output belongs to what is started afterwards (`--json`).
    stdio: ['ignore', output === 'quiet' ? 2 : 1, 2],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [code, signal] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the build ended with ${signal ?? code}`)
  const missing = RESULTS.filter((path) => !existsSync(join(ROOT, path)))
  if (missing.length > 0) throw new Error(`the build made no ${missing.join(', ')}`)
  writeFileSync(STAMP, '')
  utimesSync(STAMP, startedAt, startedAt)
}

/** Builds when it has to; ends the process when that fails. @param {string} node */
export async function buildIfStale(node) {
  if (!isStale()) return
  process.stderr.write('Building Matinee …\n')
  await buildOrExit(node, 'quiet')
}

/** @param {string} node @param {'inherit' | 'quiet'} output */
async function buildOrExit(node, output) {
  try {
    await build(node, output)
  } catch (error) {
    process.stderr.write(
      `Matinee could not be built: ${error instanceof Error ? error.message : String(error)}.\n`,
    )
    process.exit(1)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildOrExit(needNode(), 'inherit')
