import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { lstat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AddFolder, Folder } from '../../shared/api/folder.ts'
import { AppError, systemCode } from '../base/errors.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredFolder } from '../store/folders.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'
import { reconcile, type Change, type Known, type Seen } from './reconcile.ts'
import { absolutePath, isWithin, newFile, realPathOf } from './register.ts'
import { walk, type Walked } from './walk.ts'

/** The folders of the library and what lies in them. */
export interface Folders {
  add(body: AddFolder): Promise<Folder>
  all(): Folder[]
  get(id: string): Folder
  /** Forgets the folder and those of its files that have no share. */
  remove(id: string): void
  /** Starts a scan, or joins the one that runs; resolves when it has been queued. */
  rescan(id: string): Folder
  /** Tells the screen that counts of a folder have changed; many in a moment are one. */
  touched(folderId: string | null): void
  close(): void
}

/** Rows written in one transaction; between two of them others get their turn. */
const BATCH = 500
/** Shortest time between two reports of one folder, in ms. */
const REPORT_EVERY_MS = 300

type FolderDeps = LibraryDeps & {
  save: (file: StoredFile) => void
  forget: (file: StoredFile) => void
  /** Says that files wait to be read. */
  wake: () => void
}

/** Makes the part of the library that keeps folders. */
export function createFolders(deps: FolderDeps): Folders {
  const { store, jobs, emit, log } = deps
  const scanning = new Set<string>()
  const reports = new Map<string, NodeJS.Timeout>()

  const find = (id: string): StoredFolder => {
    const folder = store.folders.byId(id)
    if (!folder) throw new AppError('not_found', 'There is no such folder.')
    return folder
  }
  const view = (folder: StoredFolder): Folder => {
    const { total, pending } = store.files.countsOfFolder(folder.id)
    return {
      id: folder.id,
      object: 'folder',
      path: folder.path,
      name: basename(folder.path) || folder.path,
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
    clearTimeout(reports.get(id))
    reports.delete(id)
    const folder = store.folders.byId(id)
    if (folder) emit({ type: 'folder.updated', folder: view(folder) })
  }
  const touched = (id: string | null): void => {
    if (id === null || reports.has(id)) return
    reports.set(
      id,
      setTimeout(() => report(id), REPORT_EVERY_MS),
    )
  }

  const scan = (folder: StoredFolder): Folder => {
    scanning.add(folder.id)
    jobs
      .add({
        kind: 'scan',
        key: `scan:${folder.id}`,
        title: `Looking through ${basename(folder.path)}`,
        folderId: folder.id,
        run: ({ signal }) => scanNow(folder, signal),
      })
      .catch((error: unknown) => log.info({ err: error, folderId: folder.id }, 'a scan ended early'))
      .finally(() => {
        scanning.delete(folder.id)
        report(folder.id)
      })
    const shown = view(folder)
    emit({ type: 'folder.updated', folder: shown })
    return shown
  }

  const scanNow = async (folder: StoredFolder, signal: AbortSignal): Promise<void> => {
    const known = store.files.byFolder(folder.id).map(toKnown)
    let walked: Walked
    try {
      if (!(await lstat(folder.path)).isDirectory())
        throw new AppError('not_found', 'The folder is no longer one.')
      walked = await walk(folder.path, signal, () => touched(folder.id))
    } catch (error) {
      signal.throwIfAborted()
      await apply(folder, reconcile(known, []), signal)
      store.folders.update({ ...folder, scannedAt: Date.now(), failure: scanFailure(error) })
      return
    }
    const seen = await withFingerprints(known, walked.seen)
    await apply(folder, reconcile(known, seen), signal)
    store.folders.update({
      ...folder,
      scannedAt: Date.now(),
      unreadableCount: walked.unreadable,
      failure: null,
    })
  }

  const apply = async (
    folder: StoredFolder,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<void> => {
    for (let at = 0; at < changes.length; at += BATCH) {
      signal.throwIfAborted()
      const saved: StoredFile[] = []
      store.transaction(() => {
        for (const change of changes.slice(at, at + BATCH)) {
          const file = changed(folder, change)
          if (file) saved.push(file)
        }
      })
      for (const file of saved) deps.save(file)
      deps.wake()
      await nextTurn()
    }
  }

  /** Writes one change; the row as it is then, undefined when there is nothing to tell. */
  const changed = (folder: StoredFolder, change: Change): StoredFile | undefined => {
    if (change.kind === 'added') {
      const at = { ...change.seen, folderId: folder.id }
      const known = store.files.byPath(at.path)
      // Registered by its path before its folder was: it joins the folder.
      if (known) return write({ ...known, folderId: folder.id })
      const file = newFile(at, null, undefined)
      store.files.insert(file)
      return file
    }
    const file = store.files.byId(change.id)
    if (!file) return undefined
    switch (change.kind) {
      case 'moved': {
        const { path, identity } = change.seen
        // A name that the owner gave in the library stays; one that was the file's follows it.
        const filename = file.filename === basename(file.path) ? basename(path) : file.filename
        return write({ ...file, ...identity, path, filename, missing: false })
      }
      case 'changed':
        return write({ ...file, ...change.seen.identity, status: 'pending', missing: false })
      case 'missing':
        return write({ ...file, missing: true })
      case 'returned':
        return write({ ...file, missing: false, ...(file.status === 'failed' ? { status: 'pending' } : {}) })
    }
  }
  const write = (file: StoredFile): StoredFile => {
    store.files.update(file)
    return file
  }

  return {
    async add({ path: given }) {
      const path = await realPathOf(absolutePath(given))
      if (!(await lstat(path)).isDirectory()) {
        throw new AppError('bad_request', 'This is a file, not a folder. Add it as a file.')
      }
      for (const other of store.folders.all()) {
        if (other.path === path) throw new AppError('conflict', 'This folder is in the library already.')
        if (isWithin(other.path, path)) {
          throw new AppError(
            'conflict',
            `It lies in the folder ${basename(other.path)}, which is in the library.`,
          )
        }
        if (isWithin(path, other.path)) {
          throw new AppError(
            'conflict',
            `The library has ${basename(other.path)} of it. Forget that folder first.`,
          )
        }
      }
      const folder: StoredFolder = {
        id: randomUUID(),
        path,
        createdAt: Date.now(),
        scannedAt: null,
        unreadableCount: 0,
        failure: null,
      }
      store.folders.insert(folder)
      return scan(folder)
    },
    all: () => store.folders.all().map(view),
    get: (id) => view(find(id)),
    remove(id) {
      const folder = find(id)
      const kept: StoredFile[] = []
      store.transaction(() => {
        for (const file of store.files.byFolder(folder.id)) {
          if (deps.store.shares.ofFile(file.id).length > 0) kept.push({ ...file, folderId: null })
          else deps.forget(file)
        }
        store.folders.remove(folder.id)
      })
      for (const file of kept) deps.save(file)
      emit({ type: 'folder.deleted', id })
    },
    rescan: (id) => scan(find(id)),
    touched,
    close() {
      for (const timer of reports.values()) clearTimeout(timer)
    },
  }
}

const toKnown = ({ id, path, fingerprint, missing, bytes, mtimeMs, inode }: StoredFile): Known => ({
  id,
  path,
  fingerprint,
  missing,
  identity: { bytes, mtimeMs, inode },
})

/**
 * Works out the fingerprint of new files that may be an old one moved from another disk: those of the size of a file
 * that is gone. Others cost nothing.
 */
async function withFingerprints(known: readonly Known[], seen: readonly Seen[]): Promise<Seen[]> {
  const seenPaths = new Set(seen.map((it) => it.path))
  const knownPaths = new Set(known.map((it) => it.path))
  const goneSizes = new Set(known.filter((it) => !seenPaths.has(it.path)).map((it) => it.identity.bytes))
  return Promise.all(
    seen.map(async (it) => {
      if (knownPaths.has(it.path) || !goneSizes.has(it.identity.bytes)) return it
      const fingerprint = await fingerprintOf(it.path).catch(() => undefined)
      return fingerprint ? { ...it, fingerprint } : it
    }),
  )
}

function scanFailure(error: unknown): { code: string; message: string } {
  const denied = ['EACCES', 'EPERM'].includes(systemCode(error) ?? '')
  return denied
    ? { code: 'forbidden', message: 'Matinee is not allowed to read this folder.' }
    : { code: 'not_found', message: 'The folder is not there; its drive may be unplugged.' }
}
