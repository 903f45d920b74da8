import { mkdir, statfs } from 'node:fs/promises'
import { AppError } from './errors.ts'

/** Room that must stay free on the data folder's disk for everything else. */
export const RESERVED_BYTES = 64 * 1024 * 1024

/**
 * Makes a folder, and refuses what its disk has no room for; `purpose` ends the sentence that says so. Throws AppError
 * `disk_full`.
 */
export async function assertRoom(dir: string, bytes: number, purpose: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  const { bavail, blocks, bsize } = await statfs(dir)
  // Some network drives tell nothing.
  if (blocks > 0 && bavail * bsize < bytes + RESERVED_BYTES) {
    throw new AppError('disk_full', `There is not enough room in the data folder ${purpose}.`)
  }
}
