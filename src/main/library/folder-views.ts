import { basename } from 'node:path'
import type { Folder } from '../../shared/api/folder.ts'
import type { StoredFolder } from '../store/folders.ts'
import type { LibraryDeps } from './deps.ts'

/** How folders look from outside, and when that is told. */
export interface FolderViews {
  /** Ids of the folders that are being scanned or wait for it. */
  readonly scanning: Set<string>
  view(folder: StoredFolder): Folder
  /** Tells the screen of a folder now. */
  report(id: string): void
  /** Tells of it in a moment; many changes in a moment are one. */
  touched(id: string | null): void
  close(): void
}

/** Shortest time between two reports of one folder whose files change, in ms. */
const REPORT_EVERY_MS = 300

/** Mark of a folder whose files are still being forgotten; it counts as gone already. */
export const FORGETTING = 'forgetting'

/** True while the files of a forgotten folder are still being cleared away. */
export const isForgotten = (folder: StoredFolder): boolean => folder.failure?.code === FORGETTING

/** The name that a person gives a folder. */
export const nameOf = ({ path }: Pick<StoredFolder, 'path'>): string => basename(path) || path

/** Makes the views of folders. */
export function createFolderViews({ store, emit }: Pick<LibraryDeps, 'store' | 'emit'>): FolderViews {
  const scanning = new Set<string>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const view = (folder: StoredFolder): Folder => {
    const { total, pending } = store.files.countsOfFolder(folder.id)
    return {
      id: folder.id,
      object: 'folder',
      path: folder.path,
      name: nameOf(folder),
      status: scanning.has(folder.id) ? 'scanning' : folder.failure ? 'failed' : 'ready',
      ...(folder.failure ? { failure: folder.failure } : {}),
      file_count: total,
      pending_count: pending,
      unreadable_count: folder.unreadableCount,
      created_at: folder.createdAt,
      ...(folder.scannedAt === null ? {} : { scanned_at: folder.scannedAt }),
    }
  }
  const report = (id: string): void => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    const folder = store.folders.byId(id)
    if (folder && !isForgotten(folder)) emit({ type: 'folder.updated', folder: view(folder) })
  }

  return {
    scanning,
    view,
    report,
    touched(id) {
      if (id === null || closed || timers.has(id)) return
      timers.set(
        id,
        setTimeout(() => report(id), REPORT_EVERY_MS),
      )
    },
    close() {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
