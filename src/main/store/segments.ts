import type { Database } from 'better-sqlite3'
import type { Metadata } from '../../shared/api/common.ts'
import type { Failure } from '../../shared/api/error.ts'
import type { CreateSegmentation, Segmentation } from '../../shared/api/segment.ts'
import { failureFromRow, fromJson, toJson, where } from './rows.ts'

/** A window of a file as it is kept: seconds from the presentation's start. */
export type StoredSegment = {
  id: string
  fileId: string
  segmentationId: string | null
  startS: number
  endS: number
  metadata: Metadata | null
  /** False when its segmentation asked for no pictures. */
  pictured: boolean
  createdAt: number
}

/** How a file was cut, as it is kept. */
export type StoredSegmentation = {
  id: string
  fileId: string
  config: CreateSegmentation
  status: Segmentation['status']
  failure: Failure | null
  createdAt: number
}

type SegmentRow = {
  id: string
  file_id: string
  segmentation_id: string | null
  start_s: number
  end_s: number
  metadata: string | null
  pictured: number
  created_at: number
}

type SegmentationRow = {
  id: string
  file_id: string
  config: string
  status: string
  failure_code: string | null
  failure_message: string | null
  created_at: number
}

const fromRow = (row: SegmentRow): StoredSegment => ({
  id: row.id,
  fileId: row.file_id,
  segmentationId: row.segmentation_id,
  startS: row.start_s,
  endS: row.end_s,
  metadata: fromJson<Metadata>(row.metadata),
  pictured: row.pictured === 1,
  createdAt: row.created_at,
})

const toRow = (segment: StoredSegment): SegmentRow => ({
  id: segment.id,
  file_id: segment.fileId,
  segmentation_id: segment.segmentationId,
  start_s: segment.startS,
  end_s: segment.endS,
  metadata: toJson(segment.metadata),
  pictured: segment.pictured ? 1 : 0,
  created_at: segment.createdAt,
})

/** What a list of segments is narrowed to. Seconds. */
export type SegmentQuery = {
  limit: number
  offset: number
  fileId?: string | undefined
  segmentationId?: string | undefined
  startFrom?: number | undefined
  endUntil?: number | undefined
  minS?: number | undefined
  maxS?: number | undefined
  pictured?: boolean | undefined
}

/** Float noise of differences of times, in seconds. */
const SAME_S = '1e-6'

/** The table `file_segments`. */
export function segmentStore(db: Database) {
  const insert = db.prepare<SegmentRow>(`
    INSERT INTO file_segments (id, file_id, segmentation_id, start_s, end_s, metadata, pictured, created_at)
    VALUES (@id, @file_id, @segmentation_id, @start_s, @end_s, @metadata, @pictured, @created_at)`)
  const byId = db.prepare<[string], SegmentRow>('SELECT * FROM file_segments WHERE id = ?')
  const setMetadata = db.prepare<[string | null, string]>(
    'UPDATE file_segments SET metadata = ? WHERE id = ?',
  )
  const remove = db.prepare<[string]>('DELETE FROM file_segments WHERE id = ?')
  const countOf = db.prepare<[string]>('SELECT count(*) FROM file_segments WHERE segmentation_id = ?').pluck()

  return {
    insert: (segment: StoredSegment): void => void insert.run(toRow(segment)),
    byId: (id: string): StoredSegment | undefined => {
      const row = byId.get(id)
      return row && fromRow(row)
    },
    setMetadata: (id: string, metadata: Metadata): void => void setMetadata.run(toJson(metadata), id),
    remove: (id: string): void => void remove.run(id),
    countOf: (segmentationId: string): number => countOf.get(segmentationId) as number,
    /** In the order of the film. */
    list({ pictured, ...query }: SegmentQuery): { segments: StoredSegment[]; total: number } {
      const filter = where([
        query.fileId !== undefined && 'file_id = @fileId',
        query.segmentationId !== undefined && 'segmentation_id = @segmentationId',
        query.startFrom !== undefined && 'start_s >= @startFrom',
        query.endUntil !== undefined && 'end_s <= @endUntil',
        query.minS !== undefined && `end_s - start_s >= @minS - ${SAME_S}`,
        query.maxS !== undefined && `end_s - start_s <= @maxS + ${SAME_S}`,
        pictured === true && 'pictured = 1',
      ])
      const total = db.prepare(`SELECT count(*) FROM file_segments ${filter}`).pluck().get(query) as number
      const rows = db
        .prepare<[Omit<SegmentQuery, 'pictured'>], SegmentRow>(
          `SELECT * FROM file_segments ${filter} ORDER BY start_s, end_s, id LIMIT @limit OFFSET @offset`,
        )
        .all(query)
      return { segments: rows.map(fromRow), total }
    },
  }
}

const fromSegmentationRow = (row: SegmentationRow): StoredSegmentation => ({
  id: row.id,
  fileId: row.file_id,
  config: JSON.parse(row.config) as CreateSegmentation,
  status: row.status as Segmentation['status'],
  failure: failureFromRow(row),
  createdAt: row.created_at,
})

/** The table `segmentations`. Their segments go with them. */
export function segmentationStore(db: Database) {
  const insert = db.prepare<SegmentationRow>(`
    INSERT INTO segmentations (id, file_id, config, status, failure_code, failure_message, created_at)
    VALUES (@id, @file_id, @config, @status, @failure_code, @failure_message, @created_at)`)
  const setStatus = db.prepare<Pick<SegmentationRow, 'id' | 'status' | 'failure_code' | 'failure_message'>>(`
    UPDATE segmentations SET status = @status, failure_code = @failure_code, failure_message = @failure_message
    WHERE id = @id`)
  const byId = db.prepare<[string], SegmentationRow>('SELECT * FROM segmentations WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM segmentations WHERE id = ?')
  const unsettled = db.prepare<[], SegmentationRow>(
    `SELECT * FROM segmentations WHERE status IN ('pending', 'processing') ORDER BY created_at`,
  )
  const count = db.prepare<[string]>('SELECT count(*) FROM segmentations WHERE file_id = ?').pluck()
  const page = db.prepare<[string, number, number], SegmentationRow>(
    'SELECT * FROM segmentations WHERE file_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ? OFFSET ?',
  )
  const failureOf = (failure: Failure | null) => ({
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
  })

  return {
    insert({ id, fileId, config, status, failure, createdAt }: StoredSegmentation): void {
      const row = { id, file_id: fileId, config: JSON.stringify(config), status, created_at: createdAt }
      insert.run({ ...row, ...failureOf(failure) })
    },
    setStatus: (id: string, status: StoredSegmentation['status'], failure: Failure | null = null): void =>
      void setStatus.run({ id, status, ...failureOf(failure) }),
    byId: (id: string): StoredSegmentation | undefined => {
      const row = byId.get(id)
      return row && fromSegmentationRow(row)
    },
    remove: (id: string): void => void remove.run(id),
    /** What a stop interrupted. */
    unsettled: (): StoredSegmentation[] => unsettled.all().map(fromSegmentationRow),
    /** Newest first. */
    ofFile: (
      fileId: string,
      { limit, offset }: { limit: number; offset: number },
    ): { segmentations: StoredSegmentation[]; total: number } => ({
      segmentations: page.all(fileId, limit, offset).map(fromSegmentationRow),
      total: count.get(fileId) as number,
    }),
  }
}
