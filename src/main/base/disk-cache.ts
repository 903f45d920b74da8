import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writeFileAtomic } from './atomic-file.ts'

/** Bytes kept beyond a restart, at most so many; what was not used for longest goes first. */
export interface DiskCache {
  /** Null when there is nothing of that key, or it cannot be read. */
  get(key: string): Promise<Buffer | null>
  has(key: string): Promise<boolean>
  /** Path of the file that has them, as for `get`: for sending it in parts. */
  find(key: string): Promise<string | null>
  /** Keeps them if that is possible; a full disk is no failure of whoever made them. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Drops all whose name begins so: of use where keys are their own names. */
  removeNamed(start: string): Promise<void>
}

/** What a stopped process left half written is removed by the next that puts something, once it is so old. */
const LEFT_BEHIND_MS = 60 * 60 * 1000

/** Room is made for more than one thing at a time: it takes a look at all that lies there. */
const SHARE_KEPT = 0.95

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 32)

/**
 * Makes a cache of files in `dir`. Keys may be any text: files are named by their hash, unless `nameOf` makes names of
 * them that can be told apart.
 */
export function createDiskCache({
  dir,
  maxBytes,
  nameOf = hashOf,
}: {
  dir: string
  maxBytes: number
  nameOf?: (key: string) => string
}): DiskCache {
  const pathOf = (key: string): string => join(dir, nameOf(key))
  /** What was used last goes last. */
  const setUsed = async (path: string): Promise<void> => {
    const now = new Date()
    await utimes(path, now, now)
  }
  /** What lies there; null until it was looked at. */
  let total: number | null = null

  const look = async (): Promise<{ path: string; bytes: number; usedMs: number }[]> => {
    const names = await readdir(dir)
    const entries = await Promise.all(
      names.map(async (name) => {
        const path = join(dir, name)
        const stats = await stat(path).catch(() => null)
        return stats?.isFile() ? [{ path, bytes: stats.size, usedMs: stats.mtimeMs }] : []
      }),
    )
    return entries.flat()
  }
  const makeRoom = async (): Promise<void> => {
    const entries = (await look()).sort((a, b) => a.usedMs - b.usedMs)
    total = entries.reduce((sum, it) => sum + it.bytes, 0)
    for (const { path, bytes, usedMs } of entries) {
      const isLeft = path.endsWith('.tmp') && Date.now() - usedMs > LEFT_BEHIND_MS
      if (total <= maxBytes * SHARE_KEPT && !isLeft) continue
      await rm(path, { force: true })
      total -= bytes
    }
  }

  return {
    async get(key) {
      const path = pathOf(key)
      try {
        const bytes = await readFile(path)
        await setUsed(path)
        return bytes
      } catch {
        return null
      }
    },
    has: (key) =>
      stat(pathOf(key)).then(
        (it) => it.isFile(),
        () => false,
      ),
    async find(key) {
      const path = pathOf(key)
      return setUsed(path).then(
        () => path,
        () => null,
      )
    },
    async put(key, bytes) {
      if (bytes.length > maxBytes) return
      try {
        await writeFileAtomic(pathOf(key), bytes)
        total = total === null ? null : total + bytes.length
        if (total === null || total > maxBytes) await makeRoom()
      } catch {
        // It is made again when it is asked for again.
      }
    },
    async removeNamed(start) {
      const entries = await look().catch(() => [])
      for (const { path } of entries.filter((it) => basename(it.path).startsWith(start))) {
        await rm(path, { force: true })
      }
      total = null
    },
  }
}
