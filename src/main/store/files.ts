import type { Database } from 'better-sqlite3'
import type { Metadata } from '../../shared/api/common.ts'
import type { Failure } from '../../shared/api/error.ts'
import type { Delivery, FileStatus } from '../../shared/api/file.ts'
import type { MediaInfo } from '../../shared/media.ts'
import { fileListStore, type FileQuery } from './file-list.ts'
import { failureFromRow, fromJson, toJson } from './rows.ts'

/** A file of the library as it is kept. */
export type StoredFile = {
  id: string
  /** Absolute real path: symlinks resolved when it was registered. */
  path: string
  folderId: string | null
  source: 'local' | 'upload'
  filename: string
  bytes: number
  mtimeMs: number
  inode: string
  fingerprint: string | null
  status: FileStatus
  failure: Failure | null
  metadata: Metadata | null
  mediaType: 'video' | 'audio' | null
  media: MediaInfo | null
  delivery: Delivery | null
  deliveryReason: string | null
  /** Name of the packager that takes it; null when none does. */
  packager: string | null
  /** Whether a poster was made; `none` for a file without a picture. */
  poster: 'pending' | 'made' | 'none'
  missing: boolean
  createdAt: number
}

type FileRow = {
  id: string
  path: string
  folder_id: string | null
  source: string
  filename: string
  bytes: number
  mtime_ms: number
  inode: string
  fingerprint: string | null
  status: string
  failure_code: string | null
  failure_message: string | null
  metadata: string | null
  media_type: string | null
  media: string | null
  delivery: string | null
  delivery_reason: string | null
  packager: string | null
  poster: number
  missing: number
  created_at: number
}

/** By their number in the column. */
const POSTER_STATES: readonly StoredFile['poster'][] = ['pending', 'made', 'none']

const fromRow = (row: FileRow): StoredFile => ({
  id: row.id,
  path: row.path,
  folderId: row.folder_id,
  source: row.source as StoredFile['source'],
  filename: row.filename,
  bytes: row.bytes,
  mtimeMs: row.mtime_ms,
  inode: row.inode,
  fingerprint: row.fingerprint,
  status: row.status as FileStatus,
  failure: failureFromRow(row),
  metadata: fromJson<Metadata>(row.metadata),
  mediaType: row.media_type as StoredFile['mediaType'],
  media: fromJson<MediaInfo>(row.media),
  delivery: row.delivery as Delivery | null,
  deliveryReason: row.delivery_reason,
  packager: row.packager,
  poster: POSTER_STATES[row.poster] ?? 'pending',
  missing: row.missing === 1,
  createdAt: row.created_at,
})

const toRow = (file: StoredFile): FileRow => ({
  id: file.id,
  path: file.path,
  folder_id: file.folderId,
  source: file.source,
  filename: file.filename,
  bytes: file.bytes,
  mtime_ms: file.mtimeMs,
  inode: file.inode,
  fingerprint: file.fingerprint,
  status: file.status,
  failure_code: file.failure?.code ?? null,
  failure_message: file.failure?.message ?? null,
  metadata: toJson(file.metadata),
  media_type: file.mediaType,
  media: toJson(file.media),
  delivery: file.delivery,
  delivery_reason: file.deliveryReason,
  packager: file.packager,
  poster: POSTER_STATES.indexOf(file.poster),
  missing: file.missing ? 1 : 0,
  created_at: file.createdAt,
})

/** What tells a file again on the disk: the light part of its row. */
export type FileIdentity = Pick<
  StoredFile,
  'id' | 'path' | 'bytes' | 'mtimeMs' | 'inode' | 'fingerprint' | 'missing'
> & {
  /** Why it could not be read, when it could not. */
  failureCode: string | null
}

type IdentityRow = Pick<
  FileRow,
  'id' | 'path' | 'bytes' | 'mtime_ms' | 'inode' | 'fingerprint' | 'failure_code' | 'missing'
>

const identityFromRow = (row: IdentityRow): FileIdentity => ({
  id: row.id,
  path: row.path,
  bytes: row.bytes,
  mtimeMs: row.mtime_ms,
  inode: row.inode,
  fingerprint: row.fingerprint,
  failureCode: row.failure_code,
  missing: row.missing === 1,
})

const IDENTITY_COLUMNS = 'id, path, bytes, mtime_ms, inode, fingerprint, failure_code, missing'

/** Most files of one content that are looked at; more copies than that tell nothing new. */
const MAX_COPIES = 8

const COLUMNS = `id, path, folder_id, source, filename, bytes, mtime_ms, inode, fingerprint, status, failure_code,
  failure_message, metadata, media_type, media, delivery, delivery_reason, packager, poster, missing, created_at`

/** The table `files`. */
export function fileStore(db: Database) {
  const insert = db.prepare<FileRow>(
    `INSERT INTO files (${COLUMNS}) VALUES (${COLUMNS.replace(/\w+/g, '@$&')})`,
  )
  const update = db.prepare<FileRow>(`UPDATE files SET ${COLUMNS.replace(/\w+/g, '$& = @$&')} WHERE id = @id`)
  const byId = db.prepare<[string], FileRow>('SELECT * FROM files WHERE id = ?')
  const byPath = db.prepare<[string], FileRow>('SELECT * FROM files WHERE path = ?')
  const copies = db.prepare<[string], Pick<FileRow, 'id' | 'path'>>(
    `SELECT id, path FROM files WHERE fingerprint = ? ORDER BY missing DESC LIMIT ${MAX_COPIES}`,
  )
  const anyCopy = db.prepare<[string]>('SELECT 1 FROM files WHERE fingerprint = ? LIMIT 1').pluck()
  const ofFolder = db.prepare<[string, number], FileRow>('SELECT * FROM files WHERE folder_id = ? LIMIT ?')
  // The unary plus keeps the planner on the index of paths, which has the order of the pages.
  const identities = db.prepare<[string, string, string, number], IdentityRow>(`
    SELECT ${IDENTITY_COLUMNS} FROM files
    WHERE path > ? AND path < ? AND +folder_id = ? ORDER BY path LIMIT ?`)
  const looseIdentities = db.prepare<[], IdentityRow>(
    `SELECT ${IDENTITY_COLUMNS} FROM files WHERE folder_id IS NULL`,
  )
  const nextPending = db.prepare<[], FileRow>(
    `SELECT * FROM files WHERE status = 'pending' ORDER BY created_at DESC LIMIT 1`,
  )
  // Named, because the planner would rather look through all that is completed.
  const nextWithoutPoster = db.prepare<[], FileRow>(
    `SELECT * FROM files INDEXED BY files_without_poster
     WHERE poster = 0 AND status = 'completed' AND missing = 0
     ORDER BY created_at DESC LIMIT 1`,
  )
  const withoutPackager = db.prepare<[string, number], FileRow>(
    `SELECT * FROM files INDEXED BY files_without_packager
     WHERE packager IS NULL AND status = 'completed' AND id > ? ORDER BY id LIMIT ?`,
  )
  const resetInterrupted = db.prepare<[]>(`UPDATE files SET status = 'pending' WHERE status = 'processing'`)
  const markProcessing = db.prepare<[string]>(`UPDATE files SET status = 'processing' WHERE id = ?`)
  const counts = db.prepare<[string], { total: number; pending: number }>(`
    SELECT count(*) AS total, ifnull(sum(status IN ('pending', 'processing')), 0) AS pending
    FROM files WHERE folder_id = ?`)
  const remove = db.prepare<[string]>('DELETE FROM files WHERE id = ?')

  const listed = fileListStore(db)
  const inserting = db.transaction((file: StoredFile): void => {
    insert.run(toRow(file))
    listed.insert(file)
  })
  const updating = db.transaction((file: StoredFile): void => {
    update.run(toRow(file))
    listed.update(file)
  })
  const one = (row: FileRow | undefined): StoredFile | undefined => row && fromRow(row)
  return {
    insert: (file: StoredFile): void => inserting(file),
    update: (file: StoredFile): void => updating(file),
    byId: (id: string): StoredFile | undefined => one(byId.get(id)),
    byPath: (path: string): StoredFile | undefined => one(byPath.get(path)),
    /** Where the files of this content are, missing ones first; a few of them when there are many. */
    copies: (fingerprint: string): { id: string; path: string }[] => copies.all(fingerprint),
    hasCopy: (fingerprint: string): boolean => anyCopy.get(fingerprint) !== undefined,
    /** Some files of a folder, at most `limit`. */
    ofFolder: (folderId: string, limit: number): StoredFile[] => ofFolder.all(folderId, limit).map(fromRow),
    /**
     * A page of a folder's files by path: those after `after` and before `before`, at most `limit`. A hundred
     * thousand whole rows at once would stop everything else for a second.
     */
    identities: (page: { folderId: string; after: string; before: string; limit: number }): FileIdentity[] =>
      identities.all(page.after, page.before, page.folderId, page.limit).map(identityFromRow),
    /** The files that lie in no folder of the library. */
    looseIdentities: (): FileIdentity[] => looseIdentities.all().map(identityFromRow),
    /** The newest file that waits to be read: what came last is what its owner looks at. */
    nextPending: (): StoredFile | undefined => one(nextPending.get()),
    /** The newest readable file whose poster nobody has tried to make. */
    nextWithoutPoster: (): StoredFile | undefined => one(nextWithoutPoster.get()),
    /** A page of the files that were read and that no packager takes: those after the id `after`, at most `limit`. */
    withoutPackager: (after: string, limit: number): StoredFile[] =>
      withoutPackager.all(after, limit).map(fromRow),
    markProcessing: (id: string): void => void markProcessing.run(id),
    /** Files whose reading a stop interrupted wait again. */
    resetInterrupted: (): void => void resetInterrupted.run(),
    countsOfFolder: (folderId: string): { total: number; pending: number } =>
      counts.get(folderId) ?? { total: 0, pending: 0 },
    /** A page of the files that a query finds, and how many it finds in all. */
    list(query: FileQuery): { files: StoredFile[]; total: number } {
      const { ids, total } = listed.list(query)
      return { files: ids.map((id) => one(byId.get(id))).filter((file) => file !== undefined), total }
    },
    /** True when there was one; its shares go with it. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
  }
}
