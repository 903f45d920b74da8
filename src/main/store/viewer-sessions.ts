import type { Database } from 'better-sqlite3'

/** Whose session it is: a member's, or of a browser that unlocked one share by its password. */
export type SessionOf = { memberId: string } | { shareId: string }

/** A session as it is kept, without its id: nobody could read that here. Times in Unix ms. */
export type StoredViewerSession = {
  /** What tokens name it by; worth nothing in itself. */
  ref: string
  of: SessionOf
  expiresAt: number
}

type SessionRow = { ref: string; member_id: string | null; share_id: string | null; expires_at: number }

const fromRow = ({ ref, member_id, share_id, expires_at }: SessionRow): StoredViewerSession => ({
  ref,
  of: member_id === null ? { shareId: share_id ?? '' } : { memberId: member_id },
  expiresAt: expires_at,
})

const memberOf = (of: SessionOf): string | null => ('memberId' in of ? of.memberId : null)
const shareOf = (of: SessionOf): string | null => ('shareId' in of ? of.shareId : null)

/** The table `viewer_sessions`, by the hash of the cookie. */
export function viewerSessionStore(db: Database) {
  const insert = db.prepare<[string, string, string | null, string | null, number, number]>(`
    INSERT INTO viewer_sessions (id_hash, ref, member_id, share_id, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?)`)
  const byHash = db.prepare<[string], SessionRow>('SELECT * FROM viewer_sessions WHERE id_hash = ?')
  const byRef = db.prepare<[string], SessionRow>('SELECT * FROM viewer_sessions WHERE ref = ?')
  const extend = db.prepare<[number, string]>('UPDATE viewer_sessions SET expires_at = ? WHERE ref = ?')
  const remove = db.prepare<[string]>('DELETE FROM viewer_sessions WHERE id_hash = ?')
  const removeOf = db.prepare<[string | null, string | null]>(
    'DELETE FROM viewer_sessions WHERE member_id = ? OR share_id = ?',
  )
  const removeOldest = db.prepare<[string | null, string | null, number]>(`
    DELETE FROM viewer_sessions WHERE id_hash IN (
      SELECT id_hash FROM viewer_sessions WHERE member_id = ? OR share_id = ?
      ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?)`)
  const removeExpired = db.prepare<[number]>('DELETE FROM viewer_sessions WHERE expires_at <= ?')
  const count = db
    .prepare<[string, number], number>(
      'SELECT count(*) FROM viewer_sessions WHERE member_id = ? AND expires_at > ?',
    )
    .pluck()

  const one = (row: SessionRow | undefined): StoredViewerSession | undefined => row && fromRow(row)
  return {
    insert(idHash: string, { ref, of, expiresAt }: StoredViewerSession, createdAt: number): void {
      insert.run(idHash, ref, memberOf(of), shareOf(of), createdAt, expiresAt)
    },
    byHash: (idHash: string): StoredViewerSession | undefined => one(byHash.get(idHash)),
    byRef: (ref: string): StoredViewerSession | undefined => one(byRef.get(ref)),
    extend: (ref: string, expiresAt: number): void => void extend.run(expiresAt, ref),
    remove: (idHash: string): void => void remove.run(idHash),
    /** Ends all sessions of a member or of a share. */
    removeOf: (of: SessionOf): void => void removeOf.run(memberOf(of), shareOf(of)),
    /** Ends all but the newest `kept` of a member or of a share. */
    removeOldest: (of: SessionOf, kept: number): void =>
      void removeOldest.run(memberOf(of), shareOf(of), kept),
    removeExpired: (now: number): void => void removeExpired.run(now),
    countOfMember: (memberId: string, now: number): number => count.get(memberId, now) ?? 0,
  }
}
