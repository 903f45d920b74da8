import type { Dirent } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMediaName } from '../../shared/media-names.ts'
import { systemCode } from '../base/errors.ts'
import { identityOf } from '../media/source.ts'
import type { Seen } from './reconcile.ts'

/** Media files found since the last batch, and the places that could not be looked at. */
export type Batch = { seen: Seen[]; unreadable: number }

/** Entries looked at together: so many calls the disk may order, and no more are in memory. */
const BATCH = 64

/** Errors of a place that vanished between being listed and being looked at: no trouble, it is gone. */
const VANISHED: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR']

/**
 * Finds the media files below `root`, batch by batch. Hidden entries are passed over. Symlinks are not followed: what
 * they lead to is either in the folder anyway or outside it (S57), and loops cannot exist. FIFOs, sockets and devices
 * are never opened (S56). A folder for which `skip` is true is left out. Throws the signal's reason on abort.
 */
export async function* walk(
  root: string,
  options: { signal: AbortSignal; skip: (folder: string) => boolean },
): AsyncGenerator<Batch> {
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      const entries: Dirent[] = []
      for await (const entry of await opendir(folder, { bufferSize: BATCH })) {
        options.signal.throwIfAborted()
        if (entry.name.startsWith('.')) continue
        if (entry.isDirectory()) {
          const path = join(folder, entry.name)
          if (!options.skip(path)) folders.push(path)
        } else if (entry.isFile() && isMediaName(entry.name)) {
          entries.push(entry)
          if (entries.length === BATCH) yield await lookAtAll(folder, entries.splice(0))
        }
      }
      yield await lookAtAll(folder, entries)
    } catch (error) {
      options.signal.throwIfAborted()
      yield { seen: [], unreadable: isVanished(error, folder) ? 0 : 1 }
    }
  }
}

async function lookAtAll(folder: string, entries: readonly Dirent[]): Promise<Batch> {
  const looks = await Promise.all(entries.map((entry) => look(join(folder, entry.name))))
  return {
    seen: looks.filter((it) => typeof it === 'object'),
    unreadable: looks.filter((it) => it === 'unreadable').length,
  }
}

async function look(path: string): Promise<Seen | 'unreadable' | undefined> {
  try {
    const stats = await lstat(path, { bigint: true })
    return stats.isFile() ? { path, identity: identityOf(stats) } : undefined
  } catch (error) {
    return isVanished(error, path) ? undefined : 'unreadable'
  }
}

/** A name that is no valid UTF-8 was mangled on its way here: it is there, but its path finds nothing. */
const isVanished = (error: unknown, path: string): boolean =>
  VANISHED.includes(systemCode(error)) && !path.includes('\ufffd')
