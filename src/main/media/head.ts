import { lstat } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { HEAD_BYTES } from './sniff.ts'
import { openFile } from './source.ts'

/**
 * Reads the first 64 KiB of a regular file. Looks before it opens, and opens without waiting: four FIFOs opened the
 * plain way stop every file call of the process (S56). Throws AppError `unsupported_media` for anything but a regular
 * file, the system error when it cannot be read.
 */
export async function readHead(path: string): Promise<Uint8Array> {
  if (!(await lstat(path)).isFile()) throw notRegular()
  const handle = await openFile(path)
  try {
    // What was a file at the look may be something else at the opening.
    if (!(await handle.stat()).isFile()) throw notRegular()
    const head = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const notRegular = (): AppError => new AppError('unsupported_media', 'This is no regular file.')
