import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What systems look at for the temporary folder (`os.tmpdir`). */
const NAMES = ['TMPDIR', 'TEMP', 'TMP']

/**
 * Gives this process and all that it starts from now on a temporary folder of its own. The function that is returned
 * removes it, with what tests, engines and browsers left in it, also those that were killed.
 */
export function openRunFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-run-'))
  // As open as the system's: tests give up their rights for a while to be refused something.
  chmodSync(folder, 0o1777)
  for (const name of NAMES) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
