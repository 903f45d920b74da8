import type { Database } from 'better-sqlite3'
import type { MediaIndex } from '../../shared/media.ts'
import { fromJson } from './rows.ts'

/** The tables `media_indexes` and `index_progress`: key tables by content, and those that are being made. */
export function mediaIndexStore(db: Database) {
  const put = db.prepare<[string, string]>(
    `INSERT INTO media_indexes (fingerprint, media_index) VALUES (?, ?)
     ON CONFLICT (fingerprint) DO UPDATE SET media_index = excluded.media_index`,
  )
  const get = db.prepare<[string], { media_index: string }>(
    'SELECT media_index FROM media_indexes WHERE fingerprint = ?',
  )
  const remove = db.prepare<[string]>('DELETE FROM media_indexes WHERE fingerprint = ?')
  const saveProgress = db.prepare<[string, string]>(
    `INSERT INTO index_progress (fingerprint, state) VALUES (?, ?)
     ON CONFLICT (fingerprint) DO UPDATE SET state = excluded.state`,
  )
  const progress = db
    .prepare<[string], string>('SELECT state FROM index_progress WHERE fingerprint = ?')
    .pluck()
  const endProgress = db.prepare<[string]>('DELETE FROM index_progress WHERE fingerprint = ?')
  return {
    get: (fingerprint: string): MediaIndex | null => fromJson(get.get(fingerprint)?.media_index ?? null),
    /** Keeps the table of a content; how far its making had come is forgotten. */
    put(fingerprint: string, index: MediaIndex): void {
      put.run(fingerprint, JSON.stringify(index))
      endProgress.run(fingerprint)
    },
    /** How far the making of a table had come; null when nothing is known of that. */
    progress: (fingerprint: string): string | null => progress.get(fingerprint) ?? null,
    saveProgress: (fingerprint: string, state: string): void => void saveProgress.run(fingerprint, state),
    remove(fingerprint: string): void {
      remove.run(fingerprint)
      endProgress.run(fingerprint)
    },
  }
}
