import { close as closeFile, constants, fstat, open, stat, type BigIntStats } from 'node:fs'
import { promisify } from 'node:util'
import { AppError, systemCode } from '../base/errors.ts'
import { fileStamp } from '../base/file-stamp.ts'
import type { SourceIdentity } from '../media/playable.ts'

/** A file that is open for reading, and what it was when it was looked at a moment ago. */
export type OpenFile = { fd: number } & SourceIdentity

/** Shares open files among requests: a player asks for ranges of one file many times a second. */
export interface OpenFiles {
  /**
   * Opens a file, or takes the open one when the path still names the same: by `stamp`, if the path has just been
   * looked at, else by a look of its own. Throws AppError `file_missing`.
   */
  acquire(path: string, stamp?: string): Promise<OpenFile>
  /** Gives a file back; whoever acquires it must, once. */
  release(file: OpenFile): void
  /** Closes what nobody uses, and the rest when it is given back. */
  close(): void
}

type Entry = OpenFile & { path: string; users: number; stamp: string; idle?: NodeJS.Timeout }

/** A file nobody uses stays open so long: a drive can be unplugged, a deleted file's space is freed. */
const IDLE_MS = 1_000

/**
 * A symlink put in the file's place is not followed, and a pipe does not block the whole process (S56, S57). Neither
 * flag exists on Windows.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- absent on Windows
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** No fault of the file: tried again, it may open. */
const TOO_MANY_OPEN: readonly string[] = ['EMFILE', 'ENFILE']

const opened = promisify(open)
const fstatOf = promisify(fstat) as (fd: number, options: { bigint: true }) => Promise<BigIntStats>
const statOf = promisify(stat) as (path: string, options: { bigint: true }) => Promise<BigIntStats>

/** Makes the cache of open files. */
export function createOpenFiles(): OpenFiles {
  const entries = new Map<string, Entry>()
  const opening = new Map<string, Promise<Entry>>()
  let closed = false

  const drop = (entry: Entry): void => {
    clearTimeout(entry.idle)
    if (entries.get(entry.path) === entry) entries.delete(entry.path)
    if (entry.users === 0) closeFile(entry.fd, () => undefined)
  }
  const openNow = async (path: string): Promise<Entry> => {
    try {
      const entry = await openEntry(path)
      const old = entries.get(path)
      if (old) drop(old)
      entries.set(path, entry)
      return entry
    } finally {
      opening.delete(path)
    }
  }
  const take = (entry: Entry): Entry => {
    clearTimeout(entry.idle)
    entry.users += 1
    return entry
  }

  return {
    async acquire(path, stamp) {
      try {
        const now = stamp ?? fileStamp(await statOf(path, { bigint: true }))
        const known = entries.get(path)
        if (known?.stamp === now) return take(known)
        // Many who want one file at once wait for one opening of it.
        const pending = opening.get(path) ?? openNow(path)
        opening.set(path, pending)
        return take(await pending)
      } catch (error) {
        if (TOO_MANY_OPEN.includes(systemCode(error) ?? '')) throw error
        throw new AppError('file_missing', 'The file is no longer there, or cannot be read.', {
          cause: error,
        })
      }
    },
    release(file) {
      const entry = file as Entry
      entry.users -= 1
      if (entry.users > 0) return
      if (!closed && entries.get(entry.path) === entry)
        entry.idle = setTimeout(() => drop(entry), IDLE_MS).unref()
      else drop(entry)
    },
    close() {
      closed = true
      for (const entry of [...entries.values()]) drop(entry)
    },
  }
}

async function openEntry(path: string): Promise<Entry> {
  const fd = await opened(path, READ)
  try {
    const stats = await fstatOf(fd, { bigint: true })
    if (!stats.isFile()) throw new AppError('file_missing', 'This is not a file.')
    const { size, mtimeMs, ino } = stats
    return {
      fd,
      path,
      users: 0,
      bytes: Number(size),
      mtimeMs: Number(mtimeMs),
      inode: String(ino),
      stamp: fileStamp(stats),
    }
  } catch (error) {
    closeFile(fd, () => undefined)
    throw error
  }
}
