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
  /** The last resort from npm (4.1), or older than what we test with: it works, with fewer codecs. */
  outdated: boolean
}

/** The two programs that media work needs. */
export type Tools = {
  ffmpeg: Tool
  ffprobe: Tool
  /** `-fps_mode` exists (5.1); before it the same thing is `-vsync`. */
  hasFpsMode: boolean
}

type Name = 'ffmpeg' | 'ffprobe'
type Candidate = { source: ToolSource; path: string | undefined }

const require = createRequire(import.meta.url)
/** Oldest release that is not told to be outdated. */
const CURRENT_MAJOR = 4
const CURRENT_MINOR = 4

/**
 * Finds ffmpeg and ffprobe: `FFMPEG_PATH`/`FFPROBE_PATH` → the ffmpeg-static package, when its file is there → the
 * PATH → the old ones from npm. Each candidate is run, not believed. Throws AppError `internal` naming what was tried.
 */
export async function resolveTools(env: NodeJS.ProcessEnv): Promise<Tools> {
  const [ffmpeg, ffprobe] = await Promise.all([resolve('ffmpeg', env), resolve('ffprobe', env)])
  const { major, minor } = releaseOf(ffmpeg.version)
  return { ffmpeg, ffprobe, hasFpsMode: major > 5 || (major === 5 && minor >= 1) }
}

async function resolve(name: Name, env: NodeJS.ProcessEnv): Promise<Tool> {
  const tried: string[] = []
  for (const { source, path } of candidates(name, env)) {
    if (!path) continue
    const version = await versionOf(path)
    if (version.ok) return { path, version: version.text, source, outdated: isOutdated(version.text, source) }
    tried.push(`${path} (${version.text})`)
  }
  throw new AppError(
    'internal',
    `No working ${name} was found${tried.length > 0 ? `; tried ${tried.join(', ')}` : ''}. Install ffmpeg, or set ${name.toUpperCase()}_PATH.`,
  )
}

function candidates(name: Name, env: NodeJS.ProcessEnv): Candidate[] {
  return [
    { source: 'env', path: env[`${name.toUpperCase()}_PATH`] },
    ...(name === 'ffmpeg'
      ? [
          {
            source: 'ffmpeg-static' as const,
            path: unpacked(fromPackage('ffmpeg-static', (it) => it as string)),
          },
        ]
      : []),
    { source: 'path', path: onPath(name, env) },
    {
      source: 'npm',
      path: unpacked(fromPackage(`@${name}-installer/${name}`, (it) => (it as { path: string }).path)),
    },
  ]
}

/** A package for another platform, or one that was never installed, is no candidate. */
function fromPackage(id: string, pathIn: (exported: unknown) => string): string | undefined {
  try {
    return pathIn(require(id))
  } catch {
    return undefined
  }
}

/** Programs cannot run out of Electron's archive; its builder puts them beside it. */
const unpacked = (path: string | undefined): string | undefined =>
  path?.replace(/app\.asar([\\/])/, 'app.asar.unpacked$1')

function onPath(name: Name, env: NodeJS.ProcessEnv): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  return (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, file))
    .find((path) => existsSync(path))
}

async function versionOf(path: string): Promise<{ ok: boolean; text: string }> {
  try {
    makeExecutable(path)
    const { stdout } = await run(path, ['-hide_banner', '-version'], { timeoutMs: 10_000 })
    const version = /version (\S+)/.exec(stdout.toString())?.[1]
    return version ? { ok: true, text: version } : { ok: false, text: 'does not answer as ffmpeg' }
  } catch (error) {
    return { ok: false, text: messageOf(error) }
  }
}

/** @ffprobe-installer's binary is packed with mode 644. */
function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
}

function isOutdated(version: string, source: ToolSource): boolean {
  if (source === 'npm') return true
  const { major, minor } = releaseOf(version)
  return major < CURRENT_MAJOR || (major === CURRENT_MAJOR && minor < CURRENT_MINOR)
}

/** A development build (`N-…`, a date) counts as new, unless it is the one npm ships. */
function releaseOf(version: string): { major: number; minor: number } {
  const [, major, minor] = /^n?(\d{1,2})\.(\d+)/.exec(version) ?? []
  if (major !== undefined) return { major: Number(major), minor: Number(minor) }
  return version.startsWith('N-4') ? { major: 4, minor: 1 } : { major: 99, minor: 0 }
}
