import type { Database } from 'better-sqlite3'
import type { Failure } from '../../shared/api/error.ts'
import { failureFromRow } from './rows.ts'

/** A folder of the library as it is kept. */
export type StoredFolder = {
  id: string
  path: string
  createdAt: number
  scannedAt: number | null
  unreadableCount: number
  failure: Failure | null
}

type FolderRow = {
  id: string
  path: string
  created_at: number
  scanned_at: number | null
  unreadable_count: number
  failure_code: string | null
  failure_message: string | null
}

const fromRow = (row: FolderRow): StoredFolder => ({
  id: row.id,
  path: row.path,
  createdAt: row.created_at,
  scannedAt: row.scanned_at,
  unreadableCount: row.unreadable_count,
  failure: failureFromRow(row),
})

const toRow = (folder: StoredFolder): FolderRow => ({
  id: folder.id,
  path: folder.path,
  created_at: folder.createdAt,
  scanned_at: folder.scannedAt,
  unreadable_count: folder.unreadableCount,
  failure_code: folder.failure?.code ?? null,
  failure_message: folder.failure?.message ?? null,
})

/** The table `folders`. */
export function folderStore(db: Database) {
  const insert = db.prepare<FolderRow>(`
    INSERT INTO folders (id, path, created_at, scanned_at, unreadable_count, failure_code, failure_message)
    VALUES (@id, @path, @created_at, @scanned_at, @unreadable_count, @failure_code, @failure_message)`)
  const update = db.prepare<FolderRow>(`
    UPDATE folders SET scanned_at = @scanned_at, unreadable_count = @unreadable_count,
      failure_code = @failure_code, failure_message = @failure_message
    WHERE id = @id`)
  const all = db.prepare<[], FolderRow>('SELECT * FROM folders ORDER BY path')
  const byId = db.prepare<[string], FolderRow>('SELECT * FROM folders WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM folders WHERE id = ?')
  return {
    insert: (folder: StoredFolder): void => void insert.run(toRow(folder)),
    /** Writes what a scan found; id, path and creation stay. */
    update: (folder: StoredFolder): void => void update.run(toRow(folder)),
    all: (): StoredFolder[] => all.all().map(fromRow),
    byId: (id: string): StoredFolder | undefined => {
      const row = byId.get(id)
      return row && fromRow(row)
    },
    /** True when there was one. Its files stay, without a folder. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
  }
}
