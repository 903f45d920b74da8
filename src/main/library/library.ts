import type { ListOf } from '../../shared/api/common.ts'
import type {
  File,
  ListFiles,
  ListThumbnails,
  RegisterFile,
  Thumbnail,
  UpdateFile,
} from '../../shared/api/file.ts'
import type { AddFolder, Folder } from '../../shared/api/folder.ts'
import { dateRange } from '../base/dates.ts'
import { AppError } from '../base/errors.ts'
import { createLru } from '../base/lru.ts'
import type { MediaIndex } from '../../shared/media.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import type { PosterKind } from '../media/thumbnails.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { toFile } from './file-view.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createFolders } from './folders.ts'
import { createIngest } from './ingest.ts'
import { isSame } from './reconcile.ts'
import { checkMetadata, checkRegistrable, newFile, type Registrable } from './register.ts'
import { checkSource } from './source-check.ts'

/** A file of the source for sending: its real path and what it was when it was checked, a moment ago. */
export type SourceFile = { path: string; bytes: number; mtimeMs: number; inode: string; filename: string }

/** The owner's files and folders. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Library {
  /** Registers a local file in place; idempotent by real path. Resolves when the row exists, reading goes on. */
  register(body: RegisterFile): Promise<File>
  get(id: string): File
  list(query: ListFiles): ListOf<File>
  update(id: string, body: UpdateFile): File
  /** Forgets the entry and its shares; the source on disk is never touched. */
  remove(id: string): void
  thumbnails(id: string, query: ListThumbnails): ListOf<Thumbnail>
  /** Path of the JPEG poster; throws `not_found` while there is none. `card` is 1200 x 630 for previews. */
  poster(id: string, kind: PosterKind): Promise<string>

  addFolder(body: AddFolder): Promise<Folder>
  folders(): Folder[]
  folder(id: string): Folder
  /** Forgets the folder and the files in it that have no share; never touches the disk. */
  removeFolder(id: string): void
  rescan(id: string): Promise<Folder>

  /**
   * What streaming needs of a file, checked against the disk now: the real path must still be the path (no symlink
   * swapped in), size, mtime and inode as read; changed content is read again first. Throws `file_missing` (410) when
   * the source is gone, `unsupported_media` with the reason when no packager takes it.
   */
  playable(id: string): Promise<Playable>
  /** The source itself for a download, checked in the same way. Throws `file_missing`. */
  sourceFile(id: string): Promise<SourceFile>
  /** Takes up reading that a stop interrupted and scans all folders; returns when that has been queued. */
  start(): void
  close(): Promise<void>
}

/** Key tables kept parsed: every segment request needs the one of its film, 30 kB of JSON for two hours. */
const PARSED_INDEXES = 32
/** A file that somebody waits for is read before what a scan found. */
const ASKED_FOR = 10

/** Makes the library over the store. */
export function createLibrary(deps: LibraryDeps): Library {
  const { store, emit, privateUrl } = deps

  const parsed = createLru<MediaIndex>({ max: PARSED_INDEXES })
  const indexOf = (fingerprint: string): MediaIndex | null => {
    const known = parsed.get(fingerprint)
    if (known) return known
    const index = store.mediaIndexes.get(fingerprint)
    if (index) parsed.set(fingerprint, index)
    return index
  }

  const find = (id: string): StoredFile => {
    const file = store.files.byId(id)
    if (!file) throw new AppError('not_found', 'There is no such file.')
    return file
  }
  const view = (file: StoredFile): File => toFile(file, privateUrl())
  const save = (file: StoredFile): void => {
    store.files.update(file)
    emit({ type: 'file.updated', file: view(file) })
    folders.touched(file.folderId)
  }
  const forget = (file: StoredFile): void => {
    const shares = store.shares.ofFile(file.id)
    store.files.remove(file.id)
    for (const { id } of shares) emit({ type: 'share.deleted', id })
    emit({ type: 'file.deleted', id: file.id })
    folders.touched(file.folderId)
    const { fingerprint } = file
    if (fingerprint && store.files.byFingerprint(fingerprint).length === 0) {
      deps.thumbnails
        .remove(fingerprint)
        .catch((error: unknown) => deps.log.warn({ err: error }, 'a picture stays'))
    }
  }
  const ingest = createIngest({ ...deps, save })
  const folders = createFolders({ ...deps, save, forget, wake: () => ingest.wake() })

  /** The file at its path now, read again first when its content is not what it was. Throws `file_missing`. */
  const current = async (id: string): Promise<StoredFile> => {
    const file = find(id)
    const identity = await checkSource(file.path).catch((error: unknown) => {
      if (!file.missing) save({ ...file, missing: true })
      throw error
    })
    if (file.status !== 'completed' && file.status !== 'failed') return ingest.read(id, ASKED_FOR)
    if (!isSame(file, identity)) return ingest.read(id, ASKED_FOR)
    if (!file.missing) return file
    const returned = { ...file, missing: false }
    save(returned)
    return returned
  }

  /** The file of this content whose own path is empty now: it was moved here. */
  const movedHere = async (fingerprint: string): Promise<StoredFile | undefined> => {
    for (const file of store.files.byFingerprint(fingerprint)) {
      const isThere = await checkSource(file.path).then(
        () => true,
        () => false,
      )
      if (!isThere) return file
    }
    return undefined
  }

  const adopt = async (found: Registrable, body: RegisterFile): Promise<StoredFile> => {
    const fingerprint = await fingerprintOf(found.path)
    const moved = await movedHere(fingerprint)
    // Two calls for one path may have come this far together: the first row counts.
    const known = store.files.byPath(found.path)
    if (known) return known
    if (moved) {
      const { path, identity, folderId } = found
      const file = { ...moved, ...identity, path, folderId, missing: false }
      save(file)
      return file
    }
    const file = newFile(found, fingerprint, body.metadata)
    store.files.insert(file)
    emit({ type: 'file.updated', file: view(file) })
    folders.touched(file.folderId)
    return file
  }

  return {
    async register(body) {
      checkMetadata(body.metadata)
      const found = await checkRegistrable(body.path, store.folders.all())
      const file = store.files.byPath(found.path) ?? (await adopt(found, body))
      const isStale = !isSame(file, found.identity) || file.missing || file.status === 'failed'
      if (isStale || file.status === 'pending') {
        if (isStale) save({ ...file, ...found.identity, status: 'pending', missing: false })
        // Its failure is told by the row; nobody waits here.
        ingest.read(file.id, ASKED_FOR).then(
          () => ingest.wake(),
          () => undefined,
        )
      }
      return view(find(file.id))
    },
    get: (id) => view(find(id)),
    list(query) {
      const { files, total } = store.files.list({
        ...query,
        ...dateRange(query.created_after, query.created_before),
        nameContains: query.q || undefined,
        folderId: query.folder_id,
        mediaType: query.media_type,
      })
      return { object: 'list', data: files.map(view), total, limit: query.limit, offset: query.offset }
    },
    update(id, body) {
      checkMetadata(body.metadata)
      const file = find(id)
      const renamed = {
        ...file,
        ...(body.filename === undefined ? {} : { filename: plainName(body.filename) }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      }
      save(renamed)
      return view(renamed)
    },
    remove: (id) => forget(find(id)),
    thumbnails(id, { limit, offset, type }) {
      const file = find(id)
      const { thumbnail_url: url } = view(file)
      const all: Thumbnail[] =
        url && (type === undefined || type === 'poster')
          ? [
              {
                id: `${file.id}-poster`,
                url,
                time: file.media?.video ? file.media.durationS / 10 : 0,
                type: 'poster',
              },
            ]
          : []
      return { object: 'list', data: all.slice(offset, offset + limit), total: all.length, limit, offset }
    },
    async poster(id, kind) {
      const { fingerprint, poster } = find(id)
      if (!fingerprint || poster !== 'made')
        throw new AppError('not_found', 'There is no picture of this file.')
      return deps.thumbnails.find(fingerprint, kind)
    },

    addFolder: (body) => folders.add(body),
    folders: () => folders.all(),
    folder: (id) => folders.get(id),
    removeFolder: (id) => folders.remove(id),
    rescan: async (id) => folders.rescan(id),

    async playable(id) {
      const file = await current(id)
      const { fingerprint, media, packager } = file
      const index = fingerprint === null ? null : indexOf(fingerprint)
      if (file.missing) throw new AppError('file_missing', 'The file is no longer on the disk.')
      if (file.status !== 'completed' || packager === null || !media || !index || !fingerprint) {
        const reason = file.failure?.message ?? file.deliveryReason
        throw new AppError('unsupported_media', reason ?? 'This file cannot be played in a browser yet.')
      }
      const { path, bytes, mtimeMs, inode } = file
      const identity = { bytes, mtimeMs, inode }
      return { fingerprint, path, identity, media, index, packager: packager as PackagerName }
    },
    async sourceFile(id) {
      const { path, bytes, mtimeMs, inode, filename } = await current(id)
      return { path, bytes, mtimeMs, inode, filename }
    },
    start() {
      store.files.resetInterrupted()
      for (const { id } of store.folders.all()) folders.rescan(id)
      ingest.wake()
    },
    async close() {
      folders.close()
      await ingest.close()
    },
  }
}

/** A name for the library: one line, no path. Throws AppError `bad_request`. */
function plainName(name: string): string {
  if (/[/\\\u0000-\u001f\u007f]/.test(name) || name.trim() === '') {
    throw new AppError('bad_request', '"filename" must be a name, without "/" or line breaks.')
  }
  return name
}
