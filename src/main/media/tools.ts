import { accessSync, chmodSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { AppError, messageOf } from '../base/errors.ts'
import { run } from '../base/spawn.ts'

/** Where a program was found. */
export type ToolSource = 'env' | 'ffmpeg-static' | 'path' | 'npm'

/** A program that answered. */
export type Tool = {
  path: string
  /** As it tells it: `5.1.9-0+deb12u1`, `N-47683-g0e8eb07980`, … */
  version: string
  source: ToolSource
  /** The last resort from npm (4.1), or older than 4.4: it works, with fewer codecs. */
  outdated: boolean
}

/** The two programs that media work needs, and what this ffmpeg can do. */
export type Tools = {
  ffmpeg: Tool
  ffprobe: Tool
  /** `-fps_mode` exists (5.1); before it the same thing is `-vsync`. */
  hasFpsMode: boolean
  /** ffmpeg's names of what it can encode to: `libx264`, `aac`, … */
  encoders: ReadonlySet<string>
  /** ffmpeg's names of the codecs that it decodes: `hevc`, `ac3`, … */
  decodable: ReadonlySet<string>
  /** ffmpeg's names of its filters. */
  filters: ReadonlySet<string>
  /** What the owner named by the environment and does not work, one sentence each. */
  warnings: readonly string[]
}

type Name = 'ffmpeg' | 'ffprobe'
type Candidate = { source: ToolSource; path: string | undefined }
type Found = { tool: Tool; warnings: string[] }

/** Not called `require`: electron-vite answers to that word with a `require` of its own in the same scope. */
const load = createRequire(import.meta.url)

/** libavcodec of ffmpeg 4.4. A development build has no release number, but it has this one. */
const CURRENT_LIBAVCODEC = { major: 58, minor: 134 }

/** Wall time for a program's answer about itself. */
const ANSWER_TIMEOUT_MS = 10_000

/**
 * Finds ffmpeg and ffprobe: `FFMPEG_PATH`/`FFPROBE_PATH` → the ffmpeg-static package, when its file is there → the
 * PATH → the old ones from npm. Each candidate is run, not believed. Throws AppError `internal` naming what was tried.
 */
export async function resolveTools(env: NodeJS.ProcessEnv): Promise<Tools> {
  const [ffmpeg, ffprobe] = await Promise.all([find('ffmpeg', env), find('ffprobe', env)])
  const [help, encoders, codecs, filters] = await Promise.all([
    answer(ffmpeg.tool.path, ['-h', 'long']),
    answer(ffmpeg.tool.path, ['-encoders']),
    answer(ffmpeg.tool.path, ['-codecs']),
    answer(ffmpeg.tool.path, ['-filters']),
  ])
  return {
    ffmpeg: ffmpeg.tool,
    ffprobe: ffprobe.tool,
    hasFpsMode: /^-fps_mode\b/m.test(help),
    encoders: namesIn(encoders, /^ [VAS][.A-Z]{5} (\w\S*)/gm),
    decodable: namesIn(codecs, /^ D[.E][VA][.A-Z]{3} (\w\S*)/gm),
    filters: namesIn(filters, /^ [.A-Z]{2,3} +(\w+) +\S+->/gm),
    warnings: [...ffmpeg.warnings, ...ffprobe.warnings],
  }
}

const namesIn = (answered: string, pattern: RegExp): ReadonlySet<string> =>
  new Set(Array.from(answered.matchAll(pattern), ([, name]) => name ?? ''))

async function find(name: Name, env: NodeJS.ProcessEnv): Promise<Found> {
  const tried: string[] = []
  const warnings: string[] = []
  for (const { source, path } of candidates(name, env)) {
    if (!path) continue
    try {
      return { tool: { path, source, ...(await identify(path, source)) }, warnings }
    } catch (error) {
      tried.push(`${path} (${messageOf(error)})`)
      if (source === 'env') {
        warnings.push(`${variableOf(name)} names ${path}, which does not work: ${messageOf(error)}.`)
      }
    }
  }
  const what = tried.length > 0 ? `; tried ${tried.join(', ')}` : ''
  throw new AppError(
    'internal',
    `No working ${name} was found${what}. Install ffmpeg, or set ${variableOf(name)}.`,
  )
}

const variableOf = (name: Name): string => `${name.toUpperCase()}_PATH`

function candidates(name: Name, env: NodeJS.ProcessEnv): Candidate[] {
  return [
    { source: 'env', path: env[variableOf(name)] },
    // The package's path may name a file that was never downloaded. It has no ffprobe.
    {
      source: 'ffmpeg-static',
      path: name === 'ffmpeg' ? fromPackage('ffmpeg-static', (it) => it) : undefined,
    },
    { source: 'path', path: onPath(name, env) },
    {
      source: 'npm',
      path: fromPackage(`@${name}-installer/${name}`, (it) => (it as { path: unknown }).path),
    },
  ]
}

/** A package for another platform, or one that was never installed, is no candidate. */
function fromPackage(id: string, pathIn: (exported: unknown) => unknown): string | undefined {
  try {
    const path = pathIn(load(id))
    // Programs cannot run out of Electron's archive; its builder puts them beside it.
    return typeof path === 'string' ? path.replace(/app\.asar([\\/])/, 'app.asar.unpacked$1') : undefined
  } catch {
    return undefined
  }
}

function onPath(name: Name, env: NodeJS.ProcessEnv): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find((path) => existsSync(path))
}

/** Has the program tell what it is. Throws an error whose message says why it is of no use. */
async function identify(path: string, source: ToolSource): Promise<Pick<Tool, 'version' | 'outdated'>> {
  if (!existsSync(path)) throw new Error('there is no such file')
  // @ffprobe-installer's binary is packed with mode 644. Nobody else's file is touched.
  if (source === 'npm') makeExecutable(path)
  const said = await answer(path, ['-version'])
  const version = /^ff\w+ version (\S+)/.exec(said)?.[1]
  const [, major, minor] = /^libavcodec +(\d+)\. *(\d+)/m.exec(said) ?? []
  if (version === undefined) throw new Error('it does not answer as ffmpeg does')
  return { version, outdated: source === 'npm' || isOld(Number(major ?? 0), Number(minor ?? 0)) }
}

const isOld = (major: number, minor: number): boolean =>
  major < CURRENT_LIBAVCODEC.major || (major === CURRENT_LIBAVCODEC.major && minor < CURRENT_LIBAVCODEC.minor)

async function answer(path: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(path, ['-hide_banner', ...args], { timeoutMs: ANSWER_TIMEOUT_MS })
  return stdout.toString('utf8')
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
}
