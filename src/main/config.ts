import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from './base/errors.ts'

/** All that an engine is started with. Port 0 means any free one. */
export type EngineConfig = {
  /** Absolute path of the data folder; made when absent. */
  dataDir: string
  /** Port of the private listener (file manager and API), on 127.0.0.1. */
  port: number
  /** Port of the share listener, on 127.0.0.1. */
  sharePort: number
  /** Absolute paths of folders to have in the library. */
  libraries: readonly string[]
  /** Base URL under which the share listener is known outside, without a slash at its end. */
  publicUrl?: string
  /** A key accepted beside the stored one. */
  apiKey?: string
  /** Most bytes of an upload; without it, what the disk has room for. */
  maxUploadBytes?: number
  /** An encoder that gives nothing for so long hangs, in ms; without it two minutes. */
  encoderStallMs?: number
  /** True: pictures are converted by the hardware's encoder where one works; without it by libx264. */
  hardwareEncoding?: boolean
  /** Folder of the built renderer. */
  rendererDir: string
  /** Environment in which ffmpeg is looked for. */
  env: NodeJS.ProcessEnv
  logLevel: string
}

/** Options of `matinee serve`, as they stand in its help. */
export const SERVE_OPTIONS = {
  'data-dir': { type: 'string' },
  port: { type: 'string' },
  'share-port': { type: 'string' },
  library: { type: 'string', multiple: true },
  'public-url': { type: 'string' },
  json: { type: 'boolean' },
  lan: { type: 'boolean' },
  tunnel: { type: 'boolean' },
  headless: { type: 'boolean' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Reads the options of `matinee serve`. Throws AppError `bad_request` naming the one that is wrong. */
export function parseServeArgs(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: SERVE_OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new AppError('bad_request', error instanceof Error ? error.message : 'The options cannot be read.')
  }
}

/**
 * Makes the configuration from the command line, then the environment, then the defaults. `rendererDir` is where the
 * built pages are. Throws AppError `bad_request` or `not_available` with a sentence for the terminal.
 */
export function readConfig(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  rendererDir: string,
): EngineConfig {
  const { values } = parseServeArgs(argv)
  if (values.lan) throw new AppError('not_available', '--lan comes in a later version.')
  if (values.tunnel) throw new AppError('not_available', '--tunnel comes in a later version.')
  const publicUrl = values['public-url'] ?? env['MATINEE_PUBLIC_URL']
  const apiKey = env['MATINEE_API_KEY']
  const maxUploadBytes = bytesOf('MATINEE_MAX_UPLOAD_BYTES', env['MATINEE_MAX_UPLOAD_BYTES'])
  const hardwareEncoding = isOn('MATINEE_HARDWARE_ENCODING', env['MATINEE_HARDWARE_ENCODING'])
  return {
    dataDir: resolve(values['data-dir'] ?? env['MATINEE_DATA_DIR'] ?? defaultDataDir(env)),
    port: portOf('--port', values.port ?? env['MATINEE_PORT'], 4400),
    sharePort: portOf('--share-port', values['share-port'] ?? env['MATINEE_SHARE_PORT'], 4401),
    libraries: (values.library ?? []).map((path) => resolve(path)),
    ...(publicUrl ? { publicUrl: baseUrl(publicUrl) } : {}),
    ...(apiKey ? { apiKey } : {}),
    ...(maxUploadBytes === undefined ? {} : { maxUploadBytes }),
    ...(hardwareEncoding ? { hardwareEncoding } : {}),
    rendererDir,
    env,
    logLevel: values['log-level'] ?? 'info',
  }
}

/** Where a user's data lives on this system when nothing else is said. */
export function defaultDataDir(env: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Matinee')
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Matinee')
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'matinee')
  }
}

function portOf(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new AppError('bad_request', `${name} takes a port from 0 to 65535, not "${text}".`)
  }
  return port
}

function bytesOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const bytes = Number(text)
  if (!/^\d+$/.test(text) || bytes === 0 || !Number.isSafeInteger(bytes)) {
    throw new AppError('bad_request', `${name} takes a number of bytes, not "${text}".`)
  }
  return bytes
}

function isOn(name: string, text: string | undefined): boolean {
  if (text === '1') return true
  if (text === undefined || text === '' || text === '0') return false
  throw new AppError('bad_request', `${name} takes 1 or 0, not "${text}".`)
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    throw new AppError(
      'bad_request',
      `--public-url takes an address like https://video.example.org, not "${text}".`,
    )
  }
  return url.href.replace(/\/+$/, '')
}
