import type { Database } from 'better-sqlite3'
import type { MediaIndex } from '../../shared/media.ts'
import { fromJson } from './rows.ts'

/** The table `media_indexes`: key tables by content. */
export function mediaIndexStore(db: Database) {
  const put = db.prepare<[string, string]>(
    `INSERT INTO media_indexes (fingerprint, media_index) VALUES (?, ?)
     ON CONFLICT (fingerprint) DO UPDATE SET media_index = excluded.media_index`,
  )
  const get = db.prepare<[string], { media_index: string }>(
    'SELECT media_index FROM media_indexes WHERE fingerprint = ?',
  )
  const remove = db.prepare<[string]>('DELETE FROM media_indexes WHERE fingerprint = ?')
  return {
    remove: (fingerprint: string): void => void remove.run(fingerprint),
    put: (fingerprint: string, index: MediaIndex): void => void put.run(fingerprint, JSON.stringify(index)),
    get: (fingerprint: string): MediaIndex | null => fromJson(get.get(fingerprint)?.media_index ?? null),
  }
}
