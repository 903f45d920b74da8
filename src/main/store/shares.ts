import type { Database } from 'better-sqlite3'
import type { Metadata } from '../../shared/api/common.ts'
import type { Failure } from '../../shared/api/error.ts'
import type { LinkPreview, ShareStatus, Visibility } from '../../shared/api/share.ts'
import { failureFromRow, fromJson, toJson, where } from './rows.ts'

/** A share as it is kept. Times in Unix ms. */
export type StoredShare = {
  id: string
  fileId: string
  fileSegmentId: string | null
  title: string | null
  description: string | null
  metadata: Metadata | null
  visibility: Visibility
  linkPreview: LinkPreview
  status: ShareStatus
  failure: Failure | null
  viewCount: number
  /** A copy of what it is of is made, or was. */
  keepCopy: boolean
  /** The copy that it plays from; null while there is none. */
  keptKey: string | null
  expiresAt: number | null
  /** argon2id of its password; null when it has none. */
  passwordHash: string | null
  createdAt: number
  deletedAt: number | null
}

type ShareRow = {
  id: string
  file_id: string
  file_segment_id: string | null
  title: string | null
  description: string | null
  metadata: string | null
  visibility: string
  link_preview: string
  status: string
  failure_code: string | null
  failure_message: string | null
  view_count: number
  keep_copy: number
  kept_key: string | null
  expires_at: number | null
  password_hash: string | null
  created_at: number
  deleted_at: number | null
}

const fromRow = (row: ShareRow): StoredShare => ({
  id: row.id,
  fileId: row.file_id,
  fileSegmentId: row.file_segment_id,
  title: row.title,
  description: row.description,
  metadata: fromJson<Metadata>(row.metadata),
  visibility: row.visibility as Visibility,
  linkPreview: row.link_preview as LinkPreview,
  status: row.status as ShareStatus,
  failure: failureFromRow(row),
  viewCount: row.view_count,
  keepCopy: row.keep_copy === 1,
  keptKey: row.kept_key,
  expiresAt: row.expires_at,
  passwordHash: row.password_hash,
  createdAt: row.created_at,
  deletedAt: row.deleted_at,
})

const toRow = (share: StoredShare): ShareRow => ({
  id: share.id,
  file_id: share.fileId,
  file_segment_id: share.fileSegmentId,
  title: share.title,
  description: share.description,
  metadata: toJson(share.metadata),
  visibility: share.visibility,
  link_preview: share.linkPreview,
  status: share.status,
  failure_code: share.failure?.code ?? null,
  failure_message: share.failure?.message ?? null,
  view_count: share.viewCount,
  keep_copy: share.keepCopy ? 1 : 0,
  kept_key: share.keptKey,
  expires_at: share.expiresAt,
  password_hash: share.passwordHash,
  created_at: share.createdAt,
  deleted_at: share.deletedAt,
})

/** What a list of shares is narrowed to. Times in Unix ms. */
export type ShareQuery = {
  limit: number
  offset: number
  fileId?: string | undefined
  fileSegmentId?: string | undefined
  visibility?: Visibility | undefined
  status?: ShareStatus | undefined
  createdFrom?: number | undefined
  createdBefore?: number | undefined
}

const COLUMNS = `id, file_id, file_segment_id, title, description, metadata, visibility, link_preview, status,
  failure_code, failure_message, view_count, keep_copy, kept_key, expires_at, password_hash, created_at,
  deleted_at`

/** The table `shares`. A deleted share keeps its row for the time of an undo; `byId` still finds it. */
export function shareStore(db: Database) {
  const insert = db.prepare<ShareRow>(
    `INSERT INTO shares (${COLUMNS}) VALUES (${COLUMNS.replace(/\w+/g, '@$&')})`,
  )
  const update = db.prepare<ShareRow>(
    `UPDATE shares SET ${COLUMNS.replace(/\w+/g, '$& = @$&')} WHERE id = @id`,
  )
  const byId = db.prepare<[string], ShareRow>('SELECT * FROM shares WHERE id = ?')
  const active = db.prepare<[string, string, string], ShareRow>(`
    SELECT * FROM shares
    WHERE file_id = ? AND ifnull(file_segment_id, '') = ? AND visibility = ? AND deleted_at IS NULL`)
  const ofFile = db.prepare<[string], ShareRow>(
    'SELECT * FROM shares WHERE file_id = ? AND deleted_at IS NULL',
  )
  const ofSegment = db.prepare<[string], ShareRow>(
    'SELECT * FROM shares WHERE file_segment_id = ? AND deleted_at IS NULL',
  )
  const isSegmentationShared = db
    .prepare<[string]>(
      `SELECT EXISTS (SELECT 1 FROM shares JOIN file_segments ON file_segments.id = shares.file_segment_id
       WHERE file_segments.segmentation_id = ? AND shares.deleted_at IS NULL)`,
    )
    .pluck()
  const forgetDeletedOf = db.prepare<[string]>(
    'DELETE FROM shares WHERE file_segment_id = ? AND deleted_at IS NOT NULL',
  )
  const forgetDeletedOfAll = db.prepare<[string]>(
    `DELETE FROM shares WHERE deleted_at IS NOT NULL
     AND file_segment_id IN (SELECT id FROM file_segments WHERE segmentation_id = ?)`,
  )
  const unsettled = db.prepare<[], ShareRow>(
    `SELECT * FROM shares WHERE status IN ('pending', 'processing') AND deleted_at IS NULL`,
  )
  const addView = db.prepare<[string]>('UPDATE shares SET view_count = view_count + 1 WHERE id = ?')
  const purge = db.prepare<[number]>('DELETE FROM shares WHERE deleted_at IS NOT NULL AND deleted_at <= ?')

  const one = (row: ShareRow | undefined): StoredShare | undefined => row && fromRow(row)
  return {
    insert: (share: StoredShare): void => void insert.run(toRow(share)),
    update: (share: StoredShare): void => void update.run(toRow(share)),
    /** Also one that was deleted a moment ago: look at `deletedAt`. */
    byId: (id: string): StoredShare | undefined => one(byId.get(id)),
    activeOf: (
      fileId: string,
      fileSegmentId: string | null,
      visibility: Visibility,
    ): StoredShare | undefined => one(active.get(fileId, fileSegmentId ?? '', visibility)),
    ofFile: (fileId: string): StoredShare[] => ofFile.all(fileId).map(fromRow),
    ofSegment: (segmentId: string): StoredShare[] => ofSegment.all(segmentId).map(fromRow),
    /** True when a segment of the segmentation is shared. */
    isSegmentationShared: (segmentationId: string): boolean => isSegmentationShared.get(segmentationId) === 1,
    /** Forgets deleted shares of a segment that goes: they can be brought back no more. */
    forgetDeletedOfSegment: (segmentId: string): void => void forgetDeletedOf.run(segmentId),
    /** The same for all segments of a segmentation. */
    forgetDeletedOfSegmentation: (segmentationId: string): void =>
      void forgetDeletedOfAll.run(segmentationId),
    /** Shares whose preparing a stop interrupted. */
    unsettled: (): StoredShare[] => unsettled.all().map(fromRow),
    addView: (id: string): void => void addView.run(id),
    list(query: ShareQuery): { shares: StoredShare[]; total: number } {
      const filter = where([
        'deleted_at IS NULL',
        query.fileId !== undefined && 'file_id = @fileId',
        query.fileSegmentId !== undefined && 'file_segment_id = @fileSegmentId',
        query.visibility !== undefined && 'visibility = @visibility',
        query.status !== undefined && 'status = @status',
        query.createdFrom !== undefined && 'created_at >= @createdFrom',
        query.createdBefore !== undefined && 'created_at < @createdBefore',
      ])
      const total = db.prepare(`SELECT count(*) FROM shares ${filter}`).pluck().get(query) as number
      const rows = db
        .prepare<[ShareQuery], ShareRow>(
          `SELECT * FROM shares ${filter} ORDER BY created_at DESC, id DESC LIMIT @limit OFFSET @offset`,
        )
        .all(query)
      return { shares: rows.map(fromRow), total }
    },
    /** Forgets shares deleted at or before `time`. */
    purge: (time: number): void => void purge.run(time),
  }
}
