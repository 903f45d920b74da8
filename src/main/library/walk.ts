import { lstat, opendir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { systemCode } from '../base/errors.ts'
import { identityOf } from '../media/source.ts'
import type { Seen } from './reconcile.ts'

/** Endings of files that are worth a look; what they really are is told by their bytes. */
const MEDIA_EXTENSIONS = new Set(
  (
    'mp4 m4v mov qt 3gp 3g2 mkv webm ts m2ts mts mpg mpeg m2v vob avi flv f4v wmv asf mxf ogv ' +
    'm4a m4b aac mp3 flac ogg oga opus wav aif aiff wma'
  )
    .split(' ')
    .map((it) => `.${it}`),
)

/** What a walk found, and what it was not allowed to see. */
export type Walked = { seen: Seen[]; unreadable: number }

/** Errors of a place that vanished between being listed and being looked at: no trouble, it is gone. */
const VANISHED = ['ENOENT', 'ENOTDIR']

/**
 * Finds the media files below `root`. Hidden entries are passed over. Symlinks are not followed: what they lead to is
 * either in the folder anyway or outside it (S57), and loops cannot exist. FIFOs, sockets and devices are never opened
 * (S56). Throws the system error when `root` itself cannot be listed, the signal's reason on abort.
 */
export async function walk(
  root: string,
  signal: AbortSignal,
  onFound: (count: number) => void,
): Promise<Walked> {
  const seen: Seen[] = []
  let unreadable = 0
  const folders = [root]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    try {
      for await (const entry of await opendir(folder)) {
        // A name that is no valid UTF-8 was mangled on the way here: its path would find nothing.
        if (entry.name.includes('\ufffd')) unreadable += 1
        else if (entry.name.startsWith('.')) continue
        else if (entry.isDirectory()) folders.push(join(folder, entry.name))
        else if (entry.isFile() && MEDIA_EXTENSIONS.has(extname(entry.name).toLowerCase())) {
          const found = await look(join(folder, entry.name))
          if (found === 'unreadable') unreadable += 1
          else if (found) seen.push(found)
          if (seen.length % 500 === 0) onFound(seen.length)
        }
      }
    } catch (error) {
      if (folder === root) throw error
      if (!VANISHED.includes(systemCode(error) ?? '')) unreadable += 1
    }
  }
  onFound(seen.length)
  return { seen, unreadable }
}

async function look(path: string): Promise<Seen | 'unreadable' | undefined> {
  try {
    const stats = await lstat(path, { bigint: true })
    return stats.isFile() ? { path, identity: identityOf(stats) } : undefined
  } catch (error) {
    return VANISHED.includes(systemCode(error) ?? '') ? undefined : 'unreadable'
  }
}
