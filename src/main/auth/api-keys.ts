import { randomUUID } from 'node:crypto'
import type { ApiKey, CreateApiKey, KeyScope, NewApiKey } from '../../shared/api/api-key.ts'
import { AppError } from '../base/errors.ts'
import type { StoredApiKey } from '../store/api-keys.ts'
import type { Store } from '../store/store.ts'
import { hashOf, newSecret } from './secrets.ts'

/** Keys of the API that the owner made. The one in the data folder is none of them. */
export interface ApiKeys {
  /** Newest first. */
  list(): ApiKey[]
  /** Makes one; the key is told here and never again. */
  create(body: CreateApiKey): NewApiKey
  /** Revokes one at once. Throws AppError `not_found`. */
  remove(id: string): void
  /** What a key may do, and notes that it was used; undefined for one that is none. */
  scopeOf(key: string): KeyScope | undefined
}

/** Marks a key as ours, for people and for programs that look for lost keys. */
const MARK = 'mtn_'
/** Of the key this much is kept readable. 43 more characters are not. */
const PREFIX_LENGTH = MARK.length + 6
/** A use is written down no more often, in ms. */
const USED_EVERY_MS = 60_000

/** Makes the service of API keys over the store. */
export function createApiKeys({
  store: { apiKeys: rows },
  now,
}: {
  store: Pick<Store, 'apiKeys'>
  now: () => number
}): ApiKeys {
  const view = ({ id, name, prefix, scope, createdAt, lastUsedAt }: StoredApiKey): ApiKey => ({
    ...{ id, object: 'api_key', name, prefix, scope },
    created_at: createdAt,
    ...(lastUsedAt === null ? {} : { last_used_at: lastUsedAt }),
  })
  return {
    list: () => rows.all().map(view),
    create({ name, scope = 'write' }) {
      const key = `${MARK}${newSecret()}`
      const row: StoredApiKey = {
        ...{ id: randomUUID(), name, scope, keyHash: hashOf(key), prefix: key.slice(0, PREFIX_LENGTH) },
        ...{ createdAt: now(), lastUsedAt: null },
      }
      rows.insert(row)
      return { ...view(row), key }
    },
    remove(id) {
      if (!rows.remove(id)) throw new AppError('not_found', 'There is no such key.')
    },
    scopeOf(key) {
      if (!key.startsWith(MARK)) return undefined
      const row = rows.byHash(hashOf(key))
      if (row && now() - (row.lastUsedAt ?? -Infinity) >= USED_EVERY_MS) rows.setUsed(row.id, now())
      return row?.scope
    },
  }
}
