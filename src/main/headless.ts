import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from './base/errors.ts'
import { readConfig } from './config.ts'
import { startEngine } from './engine.ts'
import { VERSION } from './version.ts'

const HELP = `Matinee ${VERSION} – your computer as its owner's own video host.

  matinee serve [options]   start without a window
  matinee open [options]    print a fresh address that opens the file manager of the running Matinee

  --data-dir DIR      where Matinee keeps its library        (MATINEE_DATA_DIR)
  --port N            file manager and API, 0 = any free one (MATINEE_PORT, 4400)
  --share-port N      share pages and streams                (MATINEE_SHARE_PORT, 4401)
  --library DIR       have this folder in the library; may be given more than once
  --public-url URL    address under which share pages are known outside (MATINEE_PUBLIC_URL)
  --json              print one line of JSON when ready
  --log-level LEVEL   debug, info, warn, error

  MATINEE_API_KEY: an API key accepted beside the stored one.  MATINEE_MAX_UPLOAD_BYTES: the largest upload;
  without it, what the disk has room for.  FFMPEG_PATH, FFPROBE_PATH: which ffmpeg to use.
  MATINEE_HARDWARE_ENCODING=1: convert pictures by the graphics hardware where that works.
`

/** Commands that the design names and that are not built yet: they say so instead of doing half of it. */
const LATER = ['share', 'ls', 'rm', 'doctor']

/** Signals that come closer together than this are one wish. */
const SAME_SIGNAL_MS = 500

/** The pages lie beside the bundle: out/main/headless.js, out/renderer. */
const rendererDir = resolve(import.meta.dirname, '../renderer')

async function main(argv: readonly string[]): Promise<void> {
  const [first = 'serve', ...rest] = argv
  const command = first.startsWith('-') ? 'serve' : first
  const options = first.startsWith('-') ? argv : rest
  if (options.includes('--help') || options.includes('-h') || command === 'help') {
    process.stdout.write(HELP)
  } else if (options.includes('--version') || command === 'version') process.stdout.write(`${VERSION}\n`)
  else if (command === 'serve') await serve(options)
  else if (command === 'open') await open(options)
  else if (LATER.includes(command))
    throw new AppError('not_available', `"matinee ${command}" comes in a later version.`)
  else
    throw new AppError(
      'bad_request',
      `There is no command "${command}". "matinee --help" lists what there is.`,
    )
}

async function serve(options: readonly string[]): Promise<void> {
  const config = readConfig(options, process.env, rendererDir)
  const engine = await startEngine(config)

  let stoppingSinceMs: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSinceMs !== undefined) {
      // A second Ctrl-C means it: leave at once. The store is safe either way. One Ctrl-C may arrive twice, though: from
      // the terminal, and passed on by npm or our own launcher.
      if (Date.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(130)
      return
    }
    stoppingSinceMs = Date.now()
    if (!options.includes('--json')) process.stderr.write(`\n${signal}: stopping …\n`)
    engine.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  for (const warning of engine.warnings) process.stderr.write(`matinee: ${warning}\n`)
  const managerUrl = engine.managerUrl()
  if (options.includes('--json')) {
    const ready = {
      event: 'ready',
      api_url: engine.apiUrl,
      manager_url: managerUrl,
      share_url: engine.shareUrl,
    }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
  } else {
    process.stdout.write(
      [
        `Matinee ${VERSION} is running.`,
        `  File manager  ${managerUrl}`,
        `  Share pages   ${config.publicUrl ?? engine.shareUrl}`,
        `  API           ${engine.apiUrl}/v1   key: ${join(engine.dataDir, 'api-key')}`,
        `Ctrl-C stops it.`,
        '',
      ].join('\n'),
    )
  }
}

/** Asks the running Matinee of the data folder for a new launch address. */
async function open(options: readonly string[]): Promise<void> {
  const { dataDir } = readConfig(options, process.env, rendererDir)
  const endpointFile = join(dataDir, 'endpoint.json')
  if (!existsSync(endpointFile)) {
    throw new AppError('not_found', `No Matinee runs on ${dataDir}. Start one with "matinee serve".`)
  }
  const { api_url: apiUrl } = JSON.parse(readFileSync(endpointFile, 'utf8')) as { api_url: string }
  const key = readFileSync(join(dataDir, 'api-key'), 'utf8').trim()
  const answer = await fetch(`${apiUrl}/v1/launch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  }).catch((error: unknown) => {
    // One that was killed leaves its endpoint.json behind.
    throw new AppError('not_found', `No Matinee answers on ${apiUrl}. Start one with "matinee serve".`, {
      cause: error,
    })
  })
  if (!answer.ok) throw new AppError('internal', `Matinee answered ${answer.status}.`)
  const { url } = (await answer.json()) as { url: string }
  process.stdout.write(`${url}\n`)
}

function fail(error: unknown): never {
  const known = error instanceof AppError
  process.stderr.write(
    `matinee: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(known && error.code === 'bad_request' ? 2 : 1)
}

main(process.argv.slice(2)).catch(fail)
