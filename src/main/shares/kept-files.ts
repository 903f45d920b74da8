import { constants } from 'node:fs'
import { copyFile, open, readdir, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError, systemCode } from '../base/errors.ts'
import { openSource, type SourceRef } from '../media/source.ts'

const CHUNK_BYTES = 1024 * 1024

/** As large as texts beside a film may be. */
const MOST_BESIDE_BYTES = 8 * 1024 * 1024

/** What a link shows is not in the folder, and a pipe would be waited for; Windows knows neither flag. */
const NO_FOLLOW = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW
const NO_WAIT = process.platform === 'win32' ? 0 : constants.O_NONBLOCK

/**
 * Copies a source: at once and without taking room where the disk can share blocks, else byte by byte. Throws AppError
 * `disk_full`, `file_missing` when it is not what its identity says, the signal's reason on abort, the system error; a
 * part of the copy may be left then.
 */
export async function copyWhole(
  from: SourceRef,
  to: string,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<void> {
  const source = await openSource(from)
  try {
    await shareBlocks(source, from.path, to).catch(() => copyBytes(source, to, signal, progress))
  } catch (error) {
    throw asDiskFull(error)
  } finally {
    await source.close()
  }
}

/** Throws where the disk cannot: most disks. */
async function shareBlocks(source: FileHandle, path: string, to: string): Promise<void> {
  // The open file, not what its path has become: a pipe would be waited for. Others than Linux have no name for it; there
  // the look after the copy finds another file.
  const from = process.platform === 'linux' ? `/proc/self/fd/${source.fd}` : path
  await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
}

async function copyBytes(
  source: FileHandle,
  to: string,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<void> {
  const { size } = await source.stat()
  const target = await open(to, 'w')
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (let at = 0; at < size;) {
      signal.throwIfAborted()
      const { bytesRead } = await source.read(chunk, 0, CHUNK_BYTES, at)
      if (bytesRead === 0) throw new AppError('file_missing', 'The file became shorter while it was copied.')
      await target.writeFile(chunk.subarray(0, bytesRead))
      at += bytesRead
      progress(at / size)
    }
    // A copy that is told of must survive a power cut: its source may be gone by then.
    await target.sync()
  } finally {
    await target.close()
  }
}

/** A full disk by its name, anything else as it is. */
export const asDiskFull = (error: unknown): unknown =>
  systemCode(error) === 'ENOSPC' ? new AppError('disk_full', 'The disk is full.', { cause: error }) : error

/** Copies small files into a folder under their own names; what is no regular file, or a link to one, is left out. */
export async function copyBeside(paths: readonly string[], folder: string): Promise<void> {
  for (const path of paths) {
    const file = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT).catch(() => null)
    if (!file) continue
    try {
      const facts = await file.stat()
      if (facts.isFile() && facts.size <= MOST_BESIDE_BYTES) {
        await writeFile(join(folder, basename(path)), await file.readFile())
      }
    } finally {
      await file.close()
    }
  }
}

/** Removes every folder of `dir` but those of these names. */
export async function removeOthers(dir: string, names: ReadonlySet<string>): Promise<void> {
  const found = await readdir(dir).catch(() => [])
  const others = found.filter((name) => !names.has(name))
  await Promise.all(others.map((name) => rm(join(dir, name), { recursive: true, force: true })))
}
