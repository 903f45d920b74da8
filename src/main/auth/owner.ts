import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Store } from '../store/store.ts'

/** The owner's ways in: API keys for scripts, a launch token swapped for a session cookie for the file manager. */
export interface Owner {
  /** True for a key that opens `/v1`; compares hashes in constant time. */
  isApiKey(key: string): boolean
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
  /** Keys that open `/v1`, as they are; only their hashes are kept. */
  apiKeys: readonly string[]
  /** Unix ms. */
  now?: () => number
}

/** How long a session lives, in ms; its cookie lives as long. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60_000
/** How long a launch token waits to be used, in ms. */
const LAUNCH_TOKEN_LIFE_MS = 10 * 60_000
/** Launch tokens that wait at once; a script that mints without end costs the oldest, not memory. */
const MAX_LAUNCH_TOKENS = 100
/** 256 random bits: nothing a guess or a timing could find. */
const SECRET_BYTES = 32

/** Makes the owner's ways in. Sessions outlive a restart, as hashes in the store; launch tokens live in memory only. */
export function createOwner(deps: OwnerDeps): Owner {
  const { sessions, now = Date.now } = deps
  const keyHashes = deps.apiKeys.map(sha256)
  const launchTokens = new Map<string, { expiresAt: number }>()

  const forgetOldTokens = (): void => {
    for (const [hash, { expiresAt }] of launchTokens) {
      // Insertion order is age: the first that still counts ends the search.
      if (expiresAt > now() && launchTokens.size <= MAX_LAUNCH_TOKENS) break
      launchTokens.delete(hash)
    }
  }

  return {
    isApiKey(key) {
      const given = sha256(key)
      // Every key is compared, also after a match: the time taken tells nothing.
      return keyHashes.reduce((found, known) => timingSafeEqual(known, given) || found, false)
    },
    mintLaunchToken() {
      const token = secret()
      launchTokens.set(hexHash(token), { expiresAt: now() + LAUNCH_TOKEN_LIFE_MS })
      forgetOldTokens()
      return token
    },
    redeemLaunchToken(token) {
      const hash = hexHash(token)
      const found = launchTokens.get(hash)
      launchTokens.delete(hash)
      if (!found || found.expiresAt <= now()) return undefined
      const id = secret()
      sessions.removeExpired(now())
      sessions.insert(hexHash(id), now(), now() + SESSION_LIFE_MS)
      return id
    },
    isSession(id) {
      const expiresAt = sessions.expiresAt(hexHash(id))
      return expiresAt !== undefined && expiresAt > now()
    },
    endSession: (id) => sessions.remove(hexHash(id)),
  }
}

const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url')
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
const hexHash = (text: string): string => sha256(text).toString('hex')
