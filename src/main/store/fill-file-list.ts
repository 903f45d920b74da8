import type { Database } from 'better-sqlite3'
import type { Metadata } from '../../shared/api/common.ts'
import { fromJson } from './rows.ts'
import { listedText, type ListedText, type Texts } from './search-text.ts'

/** Rows read at once: all of a large library would not fit into memory. */
const FILL_BATCH = 1_000

/** Writes the table `file_list` for the files that are there already, whose texts SQL cannot work out. */
export function fillFileList(db: Database): void {
  type Row = {
    number: number
    id: string
    path: string
    source: Texts['source']
    filename: string
    metadata: string | null
    folder_path: string | null
  }
  const read = db.prepare<[number], Row>(`
    SELECT f.rowid AS number, f.id, f.path, f.source, f.filename, f.metadata, folders.path AS folder_path
    FROM files f LEFT JOIN folders ON folders.id = f.folder_id
    WHERE f.rowid > ? ORDER BY f.rowid LIMIT ${FILL_BATCH}`)
  const write = db.prepare<[ListedText & { id: string }]>(`
    INSERT INTO file_list (id, created_at, status, media_type, missing, folder_id, name_order, search_text)
    SELECT id, created_at, status, media_type, missing, folder_id, @nameOrder, @searchText
    FROM files WHERE id = @id`)
  for (let after = 0; ;) {
    const rows = read.all(after)
    for (const { id, folder_path: folderPath, metadata, ...row } of rows) {
      write.run({ id, ...listedText({ ...row, metadata: fromJson<Metadata>(metadata) }, folderPath) })
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.number
  }
}
