import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { File, RegisterFile, UpdateFile } from '../../shared/api/file.ts'
import type { AddFolder, Folder } from '../../shared/api/folder.ts'
import { AppError } from '../base/errors.ts'
import type { ClipWindow, Playable } from '../media/playable.ts'
import type { PosterKind } from '../media/thumbnails.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { createFileLists, type FileLists } from './file-lists.ts'
import { toDetails } from './file-details.ts'
import { fingerprintOf } from './fingerprint.ts'
import { createFolderViews } from './folder-views.ts'
import { createFolders } from './folders.ts'
import { createIngest } from './ingest.ts'
import { findMoved, placed } from './moves.ts'
import { isSame } from './reconcile.ts'
import { rechoose } from './rechoose.ts'
import { createRecords } from './records.ts'
import { checkMetadata, checkRegistrable, newFile, type Registrable } from './register.ts'
import { createScanner } from './scan.ts'
import { ASKED_FOR, createSourceAccess, type SourceFile } from './source-access.ts'
import { openUploadFolder } from './upload-folder.ts'
import { createUploads, type UploadAbout, type UploadOptions } from './uploads.ts'

/** The owner's files and folders. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Library extends FileLists {
  /** Registers a local file in place; idempotent by real path. Resolves when the row exists, reading goes on. */
  register(body: RegisterFile): Promise<File>
  /**
   * Takes a file that is sent instead of registered: its bytes as they come, what else is told of it before or after
   * them. Resolves when copy and row exist, reading goes on. Throws as `Uploads.receive`; nothing is left then.
   */
  upload(body: Readable, about: Promise<UploadAbout>, options: UploadOptions): Promise<File>
  /** Bytes of the largest upload that would be taken now. */
  uploadRoom(): Promise<number>
  get(id: string): File
  /** The same with its chapters and subtitles; those beside it are looked for on the disk. */
  detailed(id: string): Promise<File>
  update(id: string, body: UpdateFile): File
  /** Forgets the entry and its shares; the source on disk is never touched, but for the own copy of an upload. */
  remove(id: string): void
  /**
   * Path of the JPEG poster; throws `not_found` while there is none. `card` is 1200 x 630 for previews. With a window,
   * the picture is one of that part of a film, made when it is first asked for.
   */
  poster(id: string, kind: PosterKind, window?: ClipWindow | null): Promise<string>

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
   * while it was read. With a window it is that part of the file; `file_missing` when the file has become shorter.
   */
  playable(id: string, window?: ClipWindow | null): Promise<Playable>
  /** The source itself for a download, checked in the same way. Throws `file_missing`. */
  sourceFile(id: string): Promise<SourceFile>
  /** Takes up reading that a stop interrupted and scans all folders; returns when that has been queued. */
  start(): void
  close(): Promise<void>
}

/** Makes the library over the store. */
export function createLibrary(deps: LibraryDeps): Library {
  const { store, log } = deps
  const closing = new AbortController()
  const views = createFolderViews(deps)
  const copies = openUploadFolder(join(deps.dataDir, 'uploads'), log)
  const records = createRecords({ ...deps, copies, touched: (id) => views.touched(id) })
  const uploads = createUploads({ ...deps, records, folder: copies })
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

  const still = async (id: string, kind: PosterKind, window: ClipWindow): Promise<string> => {
    const { fingerprint, path, media } = await sources.playable(id, window)
    return deps.stills.find({ fingerprint, path, media }, window, kind)
  }

  return {
    ...createFileLists(deps, records),
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
    async upload(body, about, options) {
      const file = await uploads.receive(body, about, options)
      readSoon(file.id)
      return records.view(file)
    },
    uploadRoom: () => uploads.room(),
    get: (id) => records.view(records.find(id)),
    async detailed(id) {
      const { path, media } = records.find(id)
      const subtitles = media ? await deps.around.subtitles({ path, media }) : []
      return { ...records.view(records.find(id)), ...toDetails(media, subtitles) }
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
    async poster(id, kind, window) {
      if (window && records.find(id).media?.video) return still(id, kind, window)
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

    playable: (id, window) => sources.playable(id, window),
    sourceFile: (id) => sources.sourceFile(id),
    start() {
      uploads.recover()
      store.files.resetInterrupted()
      folders.start()
      scanner.checkLoose()
      rechoose({ ...deps, records }, closing.signal)
        .then(() => ingest.wake())
        .catch((error: unknown) => log.error({ err: error }, 'packagers could not be chosen anew'))
      ingest.wake()
    },
    async close() {
      closing.abort()
      views.close()
      await Promise.all([uploads.close(), scanner.close(), ingest.close(), folders.close()])
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
