import { spawn, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from './node.mjs'

/**
 * Two programs are not in their npm packages and come from elsewhere: Electron, and a current ffmpeg. Each is tried
 * for at start, where it would be used. A network that refuses costs REACH_MS once, then a day long nothing.
 */
const REACH_MS = 6_000
const DOWNLOAD_MS = 180_000
const AGAIN_AFTER_MS = 24 * 3_600_000

const MEMORY = join(ROOT, 'node_modules/.cache/matinee/downloads.json')
const require = createRequire(import.meta.url)

/** @returns {Record<string, number>} when each one failed, Unix ms */
function failures() {
  try {
    return JSON.parse(readFileSync(MEMORY, 'utf8'))
  } catch {
    return {}
  }
}

/** @param {string} name @param {number | undefined} atMs */
function remember(name, atMs) {
  try {
    mkdirSync(join(MEMORY, '..'), { recursive: true })
    writeFileSync(MEMORY, JSON.stringify({ ...failures(), [name]: atMs }))
  } catch {
    // A read-only folder: it is tried again at the next start.
  }
}

/**
 * Runs a package's own download script, once. Returns an empty text when that worked, or why not.
 * @param {{ name: string, title: string, url: string, node: string, script: string, env: NodeJS.ProcessEnv }} what
 */
async function tryOnce({ name, title, url, node, script, env }) {
  if (Date.now() - (failures()[name] ?? 0) < AGAIN_AFTER_MS) return 'it could not be fetched earlier'
  process.stderr.write(`Looking for ${title} …\n`)
  const problem = (await reachProblem(url)) || (await runProblem(node, script, env))
  remember(name, problem ? Date.now() : undefined)
  return problem
}

/** A proxy is not asked for beforehand: fetch does not use it, the download scripts do. @param {string} url */
async function reachProblem(url) {
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return ''
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) })
    return answer.ok ? '' : `${new URL(url).host} answers ${answer.status}`
  } catch {
    return `${new URL(url).host} cannot be reached`
  }
}

/** @param {string} node @param {string} script @param {NodeJS.ProcessEnv} env @returns {Promise<string>} */
function runProblem(node, script, env) {
  return new Promise((resolve) => {
    const child = spawn(node, [script], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
      timeout: DOWNLOAD_MS,
    })
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      resolve(code === 0 ? '' : signal ? 'the download took too long' : 'the download failed')
    })
  })
}

/** @returns {string | undefined} path of Electron's program, when it is there */
export function electronBinary() {
  const folder = join(ROOT, 'node_modules/electron')
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8')
    const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** Fetches Electron's program. Returns an empty text, or why there is none. @param {string} node */
export async function fetchElectron(node) {
  const folder = join(ROOT, 'node_modules/electron')
  if (!existsSync(folder)) return 'the package is not installed'
  const { version } = require(join(folder, 'package.json'))
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/'
  return tryOnce({
    name: 'electron',
    title: 'the desktop program (Electron, about 120 MB, once)',
    url: `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`,
    node,
    script: join(folder, 'install.js'),
    env: {},
  })
}

/** Fetches ffmpeg-static's program where else the old one from npm would be used. @param {string} node */
export async function fetchFfmpegIfOld(node) {
  const folder = join(ROOT, 'node_modules/ffmpeg-static')
  if (process.env.FFMPEG_PATH || !existsSync(folder)) return
  const target = /** @type {string | null} */ (require('ffmpeg-static'))
  if (!target || existsSync(target) || hasCurrentFfmpeg()) return
  const settings = require(join(folder, 'package.json'))['ffmpeg-static']
  const base =
    process.env.FFMPEG_BINARIES_URL ?? 'https://github.com/eugeneware/ffmpeg-static/releases/download'
  const release = process.env.FFMPEG_BINARY_RELEASE ?? settings['binary-release-tag']
  // Its script writes into place while it loads: given another name first, half a program is never found.
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  const problem = await tryOnce({
    name: 'ffmpeg',
    title: 'a current ffmpeg (about 30 MB, once)',
    url: `${base}/${release}/ffmpeg-${process.platform}-${process.arch}.gz`,
    node,
    script: join(folder, 'install.js'),
    env: { FFMPEG_BIN: partial },
  })
  if (!problem && existsSync(partial)) renameSync(partial, target)
  else {
    rmSync(partial, { force: true })
    process.stderr.write(
      `The old ffmpeg from npm is used: ${problem}. A newer one can be installed on the system.\n`,
    )
  }
}

/** True when the PATH has an ffmpeg of 4.4 or newer; a development build counts as new. */
function hasCurrentFfmpeg() {
  const file = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .map((it) => join(it, file))
    .find((it) => existsSync(it))
  if (!path) return false
  const { status, stdout } = spawnSync(path, ['-hide_banner', '-version'], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  const [, text = ''] = /version (\S+)/.exec(stdout ?? '') ?? []
  const [, major, minor] = /^n?(\d{1,2})\.(\d+)/.exec(text) ?? []
  return status === 0 && (major === undefined || Number(major) > 4 || (major === '4' && Number(minor) >= 4))
}
