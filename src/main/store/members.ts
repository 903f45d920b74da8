import type { Database } from 'better-sqlite3'
import type { MemberRole } from '../../shared/api/member.ts'

/** A member as it is kept. Times in Unix ms. */
export type StoredMember = {
  id: string
  name: string
  /** The name as it is compared: no two members have the same. */
  nameKey: string
  role: MemberRole
  passwordHash: string
  createdAt: number
  lastSeenAt: number | null
}

type MemberRow = {
  id: string
  name: string
  name_key: string
  role: string
  password_hash: string
  created_at: number
  last_seen_at: number | null
}

const fromRow = (row: MemberRow): StoredMember => ({
  id: row.id,
  name: row.name,
  nameKey: row.name_key,
  role: row.role as MemberRole,
  passwordHash: row.password_hash,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
})

const toRow = (member: StoredMember): MemberRow => ({
  id: member.id,
  name: member.name,
  name_key: member.nameKey,
  role: member.role,
  password_hash: member.passwordHash,
  created_at: member.createdAt,
  last_seen_at: member.lastSeenAt,
})

/** The table `members`. */
export function memberStore(db: Database) {
  const insert = db.prepare<MemberRow>(`
    INSERT INTO members (id, name, name_key, role, password_hash, created_at, last_seen_at)
    VALUES (@id, @name, @name_key, @role, @password_hash, @created_at, @last_seen_at)`)
  const update = db.prepare<MemberRow>(`
    UPDATE members SET name = @name, name_key = @name_key, password_hash = @password_hash WHERE id = @id`)
  const setSeen = db.prepare<[number, string]>('UPDATE members SET last_seen_at = ? WHERE id = ?')
  const all = db.prepare<[], MemberRow>('SELECT * FROM members ORDER BY created_at DESC, id DESC')
  const byId = db.prepare<[string], MemberRow>('SELECT * FROM members WHERE id = ?')
  const byName = db.prepare<[string], MemberRow>('SELECT * FROM members WHERE name_key = ?')
  const owner = db.prepare<[], MemberRow>(`SELECT * FROM members WHERE role = 'owner'`)
  const remove = db.prepare<[string]>('DELETE FROM members WHERE id = ?')

  const one = (row: MemberRow | undefined): StoredMember | undefined => row && fromRow(row)
  return {
    insert: (member: StoredMember): void => void insert.run(toRow(member)),
    /** Writes name and password; role and creation stay. */
    update: (member: StoredMember): void => void update.run(toRow(member)),
    setSeen: (id: string, at: number): void => void setSeen.run(at, id),
    /** Newest first. */
    all: (): StoredMember[] => all.all().map(fromRow),
    byId: (id: string): StoredMember | undefined => one(byId.get(id)),
    byNameKey: (nameKey: string): StoredMember | undefined => one(byName.get(nameKey)),
    owner: (): StoredMember | undefined => one(owner.get()),
    /** True when there was one. Sessions and invites of it go as well. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
  }
}
