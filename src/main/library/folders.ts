import { randomUUID } from 'node:crypto'
import { lstat, realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { AddFolder, Folder } from '../../shared/api/folder.ts'
import { AppError } from '../base/errors.ts'
import type { StoredFolder } from '../store/folders.ts'
import type { LibraryDeps } from './deps.ts'
import { FORGETTING, isForgotten, type FolderViews } from './folder-views.ts'
import type { Records } from './records.ts'
import { absolutePath, isWithin, realPathOf, refusePath } from './register.ts'
import { tryToList, type Scanner } from './scan.ts'

/** The folders of the library. */
export interface Folders {
  add(body: AddFolder): Promise<Folder>
  all(): Folder[]
  get(id: string): Folder
  /** Forgets the folder and those of its files that have no share. */
  remove(id: string): void
  /** Starts a scan, or joins the one that runs. */
  rescan(id: string): Folder
  /** Queues a scan of every folder, and goes on forgetting what a stop interrupted. */
  start(): void
  /** Resolves when nothing is being forgotten any more. */
  close(): Promise<void>
}

type FolderDeps = Pick<LibraryDeps, 'store' | 'emit' | 'log' | 'dataDir'> & {
  records: Records
  views: FolderViews
  scanner: Pick<Scanner, 'scan'>
}

/** Files forgotten at once; between two batches others get their turn. */
const BATCH = 200

/** Makes the part of the library that keeps folders. */
export function createFolders(deps: FolderDeps): Folders {
  const { store, emit, records, views, scanner } = deps
  const forgetting = new Set<Promise<void>>()
  let closed = false

  const find = (id: string): StoredFolder => {
    const folder = store.folders.byId(id)
    if (!folder || isForgotten(folder)) throw new AppError('not_found', 'There is no such folder.')
    return folder
  }

  /** Forgets a batch of a folder's files; those with a share stay, without it. */
  const forgetSome = async (id: string): Promise<void> => {
    const files = store.files.ofFolder(id, BATCH)
    const shared = files.filter((file) => store.shares.ofFile(file.id).length > 0)
    for (const file of shared) records.save({ ...file, folderId: null })
    await records.forget(files.filter((file) => !shared.includes(file)))
  }
  const forgetRest = async (id: string, first: Promise<void>): Promise<void> => {
    await first
    while (!closed && store.files.countsOfFolder(id).total > 0) await forgetSome(id)
    if (!closed) store.folders.remove(id)
  }
  /** The first batch is gone when the call returns; a folder of a hundred thousand files takes its time. */
  const forgetAll = (id: string): void => {
    const first = forgetSome(id)
    if (store.files.countsOfFolder(id).total === 0) store.folders.remove(id)
    const run = forgetRest(id, first)
      .catch((error: unknown) => deps.log.error({ err: error }, 'a folder could not be forgotten'))
      .finally(() => forgetting.delete(run))
    forgetting.add(run)
  }

  return {
    async add({ path: given }) {
      const path = await realPathOf(absolutePath(given))
      if (!(await lstat(path)).isDirectory()) {
        throw new AppError('bad_request', 'This is a file, not a folder. Add it as a file.')
      }
      await tryToList(path).catch(refusePath)
      if (isWithin(await realpath(deps.dataDir), path)) {
        throw new AppError('bad_request', 'This folder is where Matinee keeps its own data.')
      }
      for (const other of store.folders.all()) refuseOverlap(path, other)
      const folder: StoredFolder = {
        id: randomUUID(),
        path,
        createdAt: Date.now(),
        scannedAt: null,
        unreadableCount: 0,
        failure: null,
      }
      store.folders.insert(folder)
      scanner.scan(folder)
      return views.view(folder)
    },
    all: () =>
      store.folders
        .all()
        .filter((folder) => !isForgotten(folder))
        .map((folder) => views.view(folder)),
    get: (id) => views.view(find(id)),
    remove(id) {
      const folder = find(id)
      store.folders.update({ ...folder, failure: { code: FORGETTING, message: 'Being forgotten.' } })
      emit({ type: 'folder.deleted', id })
      forgetAll(id)
    },
    rescan(id) {
      const folder = find(id)
      scanner.scan(folder)
      return views.view(folder)
    },
    start() {
      for (const folder of store.folders.all()) {
        if (isForgotten(folder)) forgetAll(folder.id)
        else scanner.scan(folder)
      }
    },
    async close() {
      closed = true
      await Promise.all(forgetting)
    },
  }
}

/** A place belongs to one folder of the library only. Throws AppError `conflict`. */
function refuseOverlap(path: string, other: StoredFolder): void {
  const name = basename(other.path) || other.path
  if (isWithin(other.path, path) && isForgotten(other)) {
    throw new AppError('conflict', `The folder ${name} is still being forgotten. Try again in a moment.`)
  }
  if (other.path === path) throw new AppError('conflict', 'This folder is in the library already.')
  if (isWithin(other.path, path)) {
    throw new AppError('conflict', `It lies in the folder ${name}, which is in the library.`)
  }
  if (isWithin(path, other.path)) {
    throw new AppError('conflict', `The library has ${name} of it. Forget that folder first.`)
  }
}
