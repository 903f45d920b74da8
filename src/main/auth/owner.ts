import { timingSafeEqual } from 'node:crypto'
import type { KeyScope } from '../../shared/api/api-key.ts'
import type { Store } from '../store/store.ts'
import { hashOf, newSecret } from './secrets.ts'

/** The owner's ways in: API keys for scripts, a launch token swapped for a session cookie for the file manager. */
export interface Owner {
  /** What a key of `/v1` may do; undefined for one that is none. Compares hashes, in constant time. */
  scopeOf(key: string): KeyScope | undefined
  /** A one-time token, valid for 10 min, for the address that opens the file manager. */
  mintLaunchToken(): string
  /** Swaps a launch token for a new session id, or undefined when it is unknown, used or too old. */
  redeemLaunchToken(token: string): string | undefined
  /** True for the id of a living session. */
  isSession(id: string): boolean
  endSession(id: string): void
}

/** What the owner's ways in are made of. */
export type OwnerDeps = {
  sessions: Store['sessions']
  /** Keys that open all of `/v1` whatever the store says, as they are; only their hashes are kept. */
  apiKeys: readonly string[]
  /** What a key that was made later may do. */
  madeScopeOf: (key: string) => KeyScope | undefined
  /** Unix ms. */
  now?: () => number
}

/** How long a session lives, in ms; its cookie lives as long. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60_000
/** How long a launch token waits to be used, in ms. */
const LAUNCH_TOKEN_LIFE_MS = 10 * 60_000
/** Launch tokens that wait at once; a script that mints without end costs the oldest, not memory. */
const MAX_LAUNCH_TOKENS = 100

/** Makes the owner's ways in. Sessions outlive a restart, as hashes in the store; launch tokens live in memory only. */
export function createOwner(deps: OwnerDeps): Owner {
  const { sessions, now = Date.now } = deps
  const keyHashes = deps.apiKeys.map((key) => Buffer.from(hashOf(key), 'hex'))
  const launchTokens = new Map<string, { expiresAt: number }>()

  const forgetOldTokens = (): void => {
    for (const [hash, { expiresAt }] of launchTokens) {
      // Insertion order is age: the first that still counts ends the search.
      if (expiresAt > now() && launchTokens.size <= MAX_LAUNCH_TOKENS) break
      launchTokens.delete(hash)
    }
  }

  return {
    scopeOf(key) {
      const given = Buffer.from(hashOf(key), 'hex')
      // Every key is compared, also after a match: the time taken tells nothing.
      const isFirst = keyHashes.reduce((found, known) => timingSafeEqual(known, given) || found, false)
      return isFirst ? 'write' : deps.madeScopeOf(key)
    },
    mintLaunchToken() {
      const token = newSecret()
      launchTokens.set(hashOf(token), { expiresAt: now() + LAUNCH_TOKEN_LIFE_MS })
      forgetOldTokens()
      return token
    },
    redeemLaunchToken(token) {
      const hash = hashOf(token)
      const found = launchTokens.get(hash)
      launchTokens.delete(hash)
      if (!found || found.expiresAt <= now()) return undefined
      const id = newSecret()
      sessions.removeExpired(now())
      sessions.insert(hashOf(id), now(), now() + SESSION_LIFE_MS)
      return id
    },
    isSession(id) {
      const expiresAt = sessions.expiresAt(hashOf(id))
      return expiresAt !== undefined && expiresAt > now()
    },
    endSession: (id) => sessions.remove(hashOf(id)),
  }
}
