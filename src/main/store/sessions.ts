import type { Database } from 'better-sqlite3'

/** The table `sessions`: the owner's signed-in browsers, by the hash of their cookie. Times in Unix ms. */
export function sessionStore(db: Database) {
  const insert = db.prepare<[string, number, number]>(
    'INSERT INTO sessions (id_hash, created_at, expires_at) VALUES (?, ?, ?)',
  )
  const expiry = db.prepare<[string], { expires_at: number }>(
    'SELECT expires_at FROM sessions WHERE id_hash = ?',
  )
  const remove = db.prepare<[string]>('DELETE FROM sessions WHERE id_hash = ?')
  const removeExpired = db.prepare<[number]>('DELETE FROM sessions WHERE expires_at <= ?')
  return {
    insert: (idHash: string, createdAt: number, expiresAt: number): void =>
      void insert.run(idHash, createdAt, expiresAt),
    expiresAt: (idHash: string): number | undefined => expiry.get(idHash)?.expires_at,
    remove: (idHash: string): void => void remove.run(idHash),
    removeExpired: (now: number): void => void removeExpired.run(now),
  }
}
