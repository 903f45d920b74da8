import { lstat, type FileHandle } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { lendBytes } from '../base/lent-bytes.ts'
import { id3Length } from './audio-frames.ts'
import { HEAD_BYTES } from './sniff.ts'
import { openFile } from './source.ts'

/**
 * Opens a regular file. Looks before it opens, and opens without waiting: four FIFOs opened the plain way stop every
 * file call of the process (S56). Throws AppError `unsupported_media` for anything but a regular file, the system error
 * when it cannot be opened. The caller closes the handle.
 */
export async function openRegular(path: string): Promise<FileHandle> {
  if (!(await lstat(path)).isFile()) throw notRegular()
  const file = await openFile(path)
  try {
    // What was a file at the look may be something else at the opening.
    if (!(await file.stat()).isFile()) throw notRegular()
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Reads the first 64 KiB of a regular file. Throws as `openRegular`, the system error when it cannot be read. */
export async function readHead(path: string): Promise<Uint8Array> {
  const file = await openRegular(path)
  try {
    return await lendHead(file, (head) => Buffer.from(head))
  } finally {
    await file.close()
  }
}

/**
 * Lends the first 64 KiB of an open file to `look`, which must not keep them. Of a file that begins with a longer tag (a
 * picture of the cover is larger than that), it is an empty tag and the 64 KiB behind it: only they tell what it is.
 * Throws the system error.
 */
export function lendHead<T>(file: FileHandle, look: (head: Uint8Array) => T): Promise<T> {
  return lendBytes(HEAD_BYTES, async (buffer) => {
    const head = await readAt(file, buffer, 0)
    const tagLength = id3Length(head)
    if (tagLength < head.length || tagLength === 0) return look(head)
    return look(Buffer.concat([EMPTY_TAG, await readAt(file, buffer, tagLength)]))
  })
}

/** An ID3v2.4 tag with nothing in it. */
const EMPTY_TAG = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1')

async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
  return buffer.subarray(0, bytesRead)
}

const notRegular = (): AppError => new AppError('unsupported_media', 'This is no regular file.')
