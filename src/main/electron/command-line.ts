import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SERVE_OPTIONS } from '../config.ts'

/**
 * Splits the command line of the desktop app: our options, and the files that the system asks us to open, as absolute
 * paths. Chromium adds switches of its own, which are left out. `isDefaultApp` is true when Electron runs a folder: its
 * path stands before what is ours.
 */
export function readCommandLine(
  argv: readonly string[],
  isDefaultApp: boolean,
  cwd: string,
): { options: string[]; files: string[] } {
  const args = argv.slice(isDefaultApp ? 2 : 1)
  const { tokens } = parseArgs({
    args,
    options: SERVE_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const options: string[] = []
  const files: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(resolve(cwd, token.value))
    else if (token.kind === 'option' && token.name in SERVE_OPTIONS) {
      options.push(token.value === undefined ? `--${token.name}` : `--${token.name}=${token.value}`)
    }
  }
  return { options, files }
}

/** The files in what a second instance handed over; anything else is nothing. */
export function filesIn(handedOver: unknown): string[] {
  const { files } = (handedOver ?? {}) as { files?: unknown }
  return Array.isArray(files) ? files.filter((it) => typeof it === 'string') : []
}
