import type { Database } from 'better-sqlite3'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'

/** A copy of what shares are of, in the data folder: what was found in it when it was made. */
export type KeptCopy = {
  /** Name of its folder: the content, and the part of it. */
  key: string
  /** Name of the film in that folder. */
  filename: string
  bytes: number
  fingerprint: string
  packager: string
  media: MediaInfo
  index: MediaIndex
  /** Unix ms. */
  createdAt: number
}

type KeptCopyRow = {
  key: string
  filename: string
  bytes: number
  fingerprint: string
  packager: string
  media: string
  media_index: string
  created_at: number
}

const fromRow = (row: KeptCopyRow): KeptCopy => ({
  key: row.key,
  filename: row.filename,
  bytes: row.bytes,
  fingerprint: row.fingerprint,
  packager: row.packager,
  media: JSON.parse(row.media) as MediaInfo,
  index: JSON.parse(row.media_index) as MediaIndex,
  createdAt: row.created_at,
})

/** The table `kept_copies`; shares name their copy by its key. */
export function keptCopyStore(db: Database) {
  const insert = db.prepare<KeptCopyRow>(`
    INSERT OR REPLACE INTO kept_copies
      (key, filename, bytes, fingerprint, packager, media, media_index, created_at)
    VALUES (@key, @filename, @bytes, @fingerprint, @packager, @media, @media_index, @created_at)`)
  const byKey = db.prepare<[string], KeptCopyRow>('SELECT * FROM kept_copies WHERE key = ?')
  const keys = db.prepare<[], string>('SELECT key FROM kept_copies').pluck()
  const unused = db
    .prepare<[number], string>(
      `SELECT key FROM kept_copies
       WHERE created_at <= ? AND key NOT IN (SELECT kept_key FROM shares WHERE kept_key IS NOT NULL)`,
    )
    .pluck()
  const isContentKept = db
    .prepare<[string]>('SELECT EXISTS (SELECT 1 FROM kept_copies WHERE fingerprint = ?)')
    .pluck()
  const remove = db.prepare<[string]>('DELETE FROM kept_copies WHERE key = ?')
  const unname = db.prepare<[string]>('UPDATE shares SET kept_key = NULL WHERE kept_key = ?')
  const total = db.prepare<[], { count: number; bytes: number }>(
    'SELECT count(*) AS count, ifnull(sum(bytes), 0) AS bytes FROM kept_copies',
  )
  return {
    insert: ({ createdAt, index, media, ...copy }: KeptCopy): void =>
      void insert.run({
        ...copy,
        media: JSON.stringify(media),
        media_index: JSON.stringify(index),
        created_at: createdAt,
      }),
    byKey(key: string): KeptCopy | undefined {
      const row = byKey.get(key)
      return row && fromRow(row)
    },
    keys: (): string[] => keys.all(),
    /** Keys of copies that no share has, made at or before `time`. */
    unused: (time: number): string[] => unused.all(time),
    isContentKept: (fingerprint: string): boolean => isContentKept.get(fingerprint) === 1,
    /** Forgets a copy; shares that had it are of their file alone then. */
    remove(key: string): void {
      unname.run(key)
      remove.run(key)
    },
    total: (): { count: number; bytes: number } => total.get() ?? { count: 0, bytes: 0 },
  }
}
