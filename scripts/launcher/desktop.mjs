import { spawnSync } from 'node:child_process'
import { electronBinary, fetchElectron } from './downloads.mjs'

/**
 * Finds the desktop program, fetching it where that is worth it.
 * @param {string} node
 * @returns {Promise<{ program: string } | { reason: string }>} the program, or why there will be no window
 */
export async function findDesktop(node) {
  const { platform, env } = process
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)
    return { reason: 'there is no display here' }
  if (platform === 'linux' && process.getuid?.() === 0) return { reason: 'Electron does not run as root' }
  let program = electronBinary()
  if (!program) {
    const problem = await fetchElectron(node)
    program = electronBinary()
    if (!program) return { reason: `Electron is not here (${problem || 'its download was empty'})` }
  }
  // Says no within a second where the system lacks one of its libraries.
  const { status, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  if (status === 0) return { program }
  return { reason: `Electron does not start (${(stderr || 'it gives no reason').trim().split('\n')[0]})` }
}
