import type { Database } from 'better-sqlite3'

/** An invite as it is kept; its code is not. Times in Unix ms. */
export type StoredInvite = {
  id: string
  codeHash: string
  /** What the owner calls the one who is invited. */
  name: string | null
  /** The member whose password it sets anew; null makes a new member. */
  memberId: string | null
  createdAt: number
  expiresAt: number
}

type InviteRow = {
  id: string
  code_hash: string
  name: string | null
  member_id: string | null
  created_at: number
  expires_at: number
}

const fromRow = (row: InviteRow): StoredInvite => ({
  id: row.id,
  codeHash: row.code_hash,
  name: row.name,
  memberId: row.member_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

/** The table `invites`: those that nobody has used yet. */
export function inviteStore(db: Database) {
  const insert = db.prepare<InviteRow>(`
    INSERT INTO invites (id, code_hash, name, member_id, created_at, expires_at)
    VALUES (@id, @code_hash, @name, @member_id, @created_at, @expires_at)`)
  const all = db.prepare<[], InviteRow>('SELECT * FROM invites ORDER BY created_at DESC, id DESC')
  const byHash = db.prepare<[string], InviteRow>('SELECT * FROM invites WHERE code_hash = ?')
  const remove = db.prepare<[string]>('DELETE FROM invites WHERE id = ?')
  const removeExpired = db.prepare<[number]>('DELETE FROM invites WHERE expires_at <= ?')
  return {
    insert(invite: StoredInvite): void {
      const { id, codeHash, name, memberId, createdAt, expiresAt } = invite
      insert.run({
        ...{ id, code_hash: codeHash, name, member_id: memberId },
        ...{ created_at: createdAt, expires_at: expiresAt },
      })
    },
    /** Newest first. */
    all: (): StoredInvite[] => all.all().map(fromRow),
    byHash(codeHash: string): StoredInvite | undefined {
      const row = byHash.get(codeHash)
      return row && fromRow(row)
    },
    /** True when there was one. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
    removeExpired: (now: number): void => void removeExpired.run(now),
  }
}
