import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes and number of the files in a folder, at any depth. */
export type FolderSize = { bytes: number; count: number }

/** What somebody still writes: it gets its name when it is whole. */
const isUnfinished = (name: string): boolean => /\.(tmp|new)$/.test(name)

/** Measures a folder without what `isLeftOut` names at its top; one that is not there is empty. */
export async function measureFolder(
  dir: string,
  isLeftOut: (name: string) => boolean = () => false,
): Promise<FolderSize> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const size = { bytes: 0, count: 0 }
  for (const entry of entries) {
    if (isLeftOut(entry.name)) continue
    const path = join(dir, entry.name)
    if (entry.isDirectory()) {
      const inner = await measureFolder(path)
      size.bytes += inner.bytes
      size.count += inner.count
    } else if (entry.isFile()) {
      // It may have gone meanwhile.
      size.bytes += (await stat(path).catch(() => null))?.size ?? 0
      size.count += 1
    }
  }
  return size
}

/**
 * Removes the files of a folder, at any depth, without what `isLeftOut` names at its top, what is still being written,
 * and what the system does not let go.
 */
export async function emptyFolder(
  dir: string,
  isLeftOut: (name: string) => boolean = () => false,
): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (isLeftOut(entry.name) || isUnfinished(entry.name)) continue
    const path = join(dir, entry.name)
    if (entry.isDirectory()) {
      await emptyFolder(path)
      // One that is not empty stays.
      await rmdir(path).catch(() => undefined)
    } else {
      await rm(path, { force: true }).catch(() => undefined)
    }
  }
}
