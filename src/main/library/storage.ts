import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Disposable, Storage } from '../../shared/api/storage.ts'
import { emptyFolder, measureFolder, type FolderSize } from '../base/folder-files.ts'
import type { Store } from '../store/store.ts'

/** What the data folder takes of the disk, and how to have some of that back. */
export interface StorageKeeper {
  measure(): Promise<Storage>
  /**
   * Empties parts that are made again when they are needed. Never uploads, copies that shares play from, or the database;
   * what is in use stays.
   */
  clear(what: readonly Disposable[]): Promise<Storage>
}

type StorageDeps = {
  store: Pick<Store, 'keptCopies'>
  dataDir: string
  /** True for a repacked content that somebody is watching. */
  isWatched: (fingerprint: string) => boolean
}

/** Folders of the data folder that have a part of their own. */
export const KEPT = 'kept'
const TRANSCODED = 'transcoded'
const EXPORTS = 'exports'

/** Makes the keeper of the data folder's parts. */
export function createStorageKeeper({ store, dataDir, isWatched }: StorageDeps): StorageKeeper {
  const within = (...parts: string[]): string => join(dataDir, ...parts)
  const isOwnPart = (name: string): boolean => name === TRANSCODED || name === EXPORTS
  const clearing: Readonly<Record<Disposable, () => Promise<void>>> = {
    packaged: () => emptyFolder(within('packaged'), (name) => name === KEPT || isWatched(name)),
    converted: () => emptyFolder(within('cache', TRANSCODED)),
    caches: () => emptyFolder(within('cache'), isOwnPart),
    exports: () => emptyFolder(within('cache', EXPORTS)),
  }

  const measure = async (): Promise<Storage> => {
    const { bavail, bsize } = await statfs(dataDir)
    return {
      object: 'storage',
      uploads: await measureFolder(within('uploads')),
      kept: {
        bytes: (await measureFolder(within('packaged', KEPT))).bytes,
        count: store.keptCopies.total().count,
      },
      packaged: await measureFolder(within('packaged'), (name) => name === KEPT),
      converted: await measureFolder(within('cache', TRANSCODED)),
      caches: await measureFolder(within('cache'), isOwnPart),
      exports: await measureFolder(within('cache', EXPORTS)),
      database: await sizeOfDatabase(within('matinee.db')),
      free_bytes: bavail * bsize,
    }
  }

  return {
    measure,
    async clear(what) {
      for (const part of what) await clearing[part]()
      return measure()
    },
  }
}

/** SQLite's file, and what of it is still in the log beside it. */
async function sizeOfDatabase(path: string): Promise<FolderSize> {
  const files = await Promise.all(['', '-wal', '-shm'].map((end) => stat(path + end).catch(() => null)))
  const found = files.filter((it) => it !== null)
  return { bytes: found.reduce((sum, it) => sum + it.size, 0), count: found.length }
}
