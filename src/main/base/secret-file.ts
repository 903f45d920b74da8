import { randomBytes } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { systemCode } from './errors.ts'

/** Bytes of a secret: 256 random bits. */
const SECRET_BYTES = 32

/**
 * Reads the secret kept in a file, or makes one and writes it, readable by its owner alone (0600). The text is
 * base64url. Throws the system error when the file can neither be read nor made.
 */
export async function readOrCreateSecret(path: string): Promise<string> {
  try {
    const known = (await readFile(path, 'utf8')).trim()
    if (known.length > 0) {
      // A copied data folder may have lost the mode.
      await chmod(path, 0o600)
      return known
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  await writeFile(path, `${secret}\n`, { mode: 0o600 })
  return secret
}
