import type { Database } from 'better-sqlite3'
import type { KeyScope } from '../../shared/api/api-key.ts'

/** An API key as it is kept; the key itself is not. Times in Unix ms. */
export type StoredApiKey = {
  id: string
  name: string
  /** SHA-256 of the key, hex. */
  keyHash: string
  /** The beginning of the key, by which its owner knows it again. */
  prefix: string
  scope: KeyScope
  createdAt: number
  lastUsedAt: number | null
}

type KeyRow = {
  id: string
  name: string
  key_hash: string
  prefix: string
  scope: string
  created_at: number
  last_used_at: number | null
}

const fromRow = (row: KeyRow): StoredApiKey => ({
  id: row.id,
  name: row.name,
  keyHash: row.key_hash,
  prefix: row.prefix,
  scope: row.scope as KeyScope,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

/** The table `api_keys`. */
export function apiKeyStore(db: Database) {
  const insert = db.prepare<KeyRow>(`
    INSERT INTO api_keys (id, name, key_hash, prefix, scope, created_at, last_used_at)
    VALUES (@id, @name, @key_hash, @prefix, @scope, @created_at, @last_used_at)`)
  const all = db.prepare<[], KeyRow>('SELECT * FROM api_keys ORDER BY created_at DESC, id DESC')
  const byHash = db.prepare<[string], KeyRow>('SELECT * FROM api_keys WHERE key_hash = ?')
  const setUsed = db.prepare<[number, string]>('UPDATE api_keys SET last_used_at = ? WHERE id = ?')
  const remove = db.prepare<[string]>('DELETE FROM api_keys WHERE id = ?')
  return {
    insert(key: StoredApiKey): void {
      const { id, name, keyHash, prefix, scope, createdAt, lastUsedAt } = key
      insert.run({
        ...{ id, name, prefix, scope, key_hash: keyHash },
        ...{ created_at: createdAt, last_used_at: lastUsedAt },
      })
    },
    /** Newest first. */
    all: (): StoredApiKey[] => all.all().map(fromRow),
    byHash(keyHash: string): StoredApiKey | undefined {
      const row = byHash.get(keyHash)
      return row && fromRow(row)
    },
    setUsed: (id: string, at: number): void => void setUsed.run(at, id),
    /** True when there was one. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
  }
}
