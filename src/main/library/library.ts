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
import type { Playable } from '../media/playable.ts'
import type { PosterKind } from '../media/thumbnails.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createFolderViews } from './folder-views.ts'
import { createFolders } from './folders.ts'
import { createIngest } from './ingest.ts'
import { findMoved, placed } from './moves.ts'
import { isSame } from './reconcile.ts'
import { createRecords } from './records.ts'
import { checkMetadata, checkRegistrable, newFile, type Registrable } from './register.ts'
import { createScanner } from './scan.ts'
import { ASKED_FOR, createSourceAccess, type SourceFile } from './source-access.ts'

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
   * the source is gone, `unsupported_media` with the reason when no packager takes it, `busy` when the file was moved
   * while it was read.
   */
  playable(id: string): Promise<Playable>
  /** The source itself for a download, checked in the same way. Throws `file_missing`. */
  sourceFile(id: string): Promise<SourceFile>
  /** Takes up reading that a stop interrupted and scans all folders; returns when that has been queued. */
  start(): void
  close(): Promise<void>
}

/** Makes the library over the store. */
export function createLibrary(deps: LibraryDeps): Library {
  const { store, log } = deps
  const views = createFolderViews(deps)
  const records = createRecords({ ...deps, touched: (id) => views.touched(id) })
  const ingest = createIngest({ ...deps, records })
  const scanner = createScanner({ ...deps, records, views, wake: () => ingest.wake() })
  const folders = createFolders({ ...deps, records, views, scanner })
  const sources = createSourceAccess({ store, records, ingest })

  /** The row of a path that has none yet: that of a file which was moved there, or a new one. */
  const adopt = async (found: Registrable, body: RegisterFile): Promise<StoredFile> => {
    const fingerprint = await fingerprintOf(found.path)
    const moved = await findMoved(store, fingerprint)
    // Two calls for one path may have come this far together: the first row counts.
    const known = store.files.byPath(found.path)
    if (known) return known
    if (moved) {
      const { identity, folderId } = found
      const file = { ...moved, ...identity, ...placed(moved, found.path), folderId, missing: false }
      records.save(file)
      return file
    }
    const file = newFile(found, fingerprint, body.metadata)
    records.insert(file)
    return file
  }
  const readSoon = (id: string): void => {
    ingest
      .read(id, ASKED_FOR)
      // Its failure is told by the row; nobody waits here.
      .catch((error: unknown) => log.info({ err: error, fileId: id }, 'a file was not read'))
      .finally(() => ingest.wake())
  }

  return {
    async register(body) {
      checkMetadata(body.metadata)
      const found = await checkRegistrable(body.path, store.folders.all())
      const { id } = store.files.byPath(found.path) ?? (await adopt(found, body))
      const file = records.find(id)
      const isStale = !isSame(file, found.identity) || file.missing || file.status === 'failed'
      const metadata = body.metadata ?? file.metadata
      if (isStale) records.save({ ...file, metadata, status: 'pending', missing: false })
      else if (body.metadata) records.save({ ...file, metadata })
      if (isStale || file.status === 'pending') readSoon(id)
      return records.view(records.find(id))
    },
    get: (id) => records.view(records.find(id)),
    list(query) {
      const { limit, offset, order, sort, status, missing } = query
      const { files, total } = store.files.list({
        ...{ limit, offset, order, sort, status, missing },
        ...dateRange(query.created_after, query.created_before),
        nameContains: query.q || undefined,
        folderId: query.folder_id,
        mediaType: query.media_type,
      })
      return { object: 'list', data: files.map((file) => records.view(file)), total, limit, offset }
    },
    update(id, body) {
      checkMetadata(body.metadata)
      const file = records.find(id)
      const changed = {
        ...file,
        ...(body.filename === undefined ? {} : { filename: plainName(body.filename) }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      }
      records.save(changed)
      return records.view(changed)
    },
    remove(id) {
      // Pictures go a moment later, and what hinders that is logged.
      void records.forget([records.find(id)])
    },
    thumbnails(id, { limit, offset, type }) {
      const file = records.find(id)
      const { thumbnail_url: url } = records.view(file)
      const time = file.media?.video ? file.media.durationS / 10 : 0
      const all: Thumbnail[] =
        url && (type === undefined || type === 'poster')
          ? [{ id: `${file.id}-poster`, url, time, type: 'poster' }]
          : []
      return { object: 'list', data: all.slice(offset, offset + limit), total: all.length, limit, offset }
    },
    async poster(id, kind) {
      const { fingerprint, poster } = records.find(id)
      if (!fingerprint || poster !== 'made') {
        throw new AppError('not_found', 'There is no picture of this file.')
      }
      try {
        return await deps.thumbnails.find(fingerprint, kind)
      } catch (error) {
        // The cache may be thrown away at any time: then the picture is made again.
        const file = records.find(id)
        if (error instanceof AppError && error.code === 'not_found' && file.fingerprint === fingerprint) {
          records.save({ ...file, poster: 'pending' })
          ingest.wake()
        }
        throw error
      }
    },

    addFolder: (body) => folders.add(body),
    folders: () => folders.all(),
    folder: (id) => folders.get(id),
    removeFolder: (id) => folders.remove(id),
    rescan: async (id) => folders.rescan(id),

    playable: (id) => sources.playable(id),
    sourceFile: (id) => sources.sourceFile(id),
    start() {
      store.files.resetInterrupted()
      folders.start()
      scanner.checkLoose()
      ingest.wake()
    },
    async close() {
      views.close()
      await Promise.all([scanner.close(), ingest.close(), folders.close()])
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
