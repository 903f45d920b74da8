import { AppError } from '../base/errors.ts'
import type { StoredShare } from '../store/shares.ts'
import { access } from './access.ts'
import { looksLikeToken, verifyToken, type Purpose, type Window } from './token.ts'

/** What the door knows. */
type DoorDeps = {
  /** Key of all tokens. */
  secret: Uint8Array
  read: (shareId: string) => StoredShare | undefined
  /** The stretch of its file that a share is of; null for all of it. */
  windowOf: (share: StoredShare) => Window | null
  now: () => number
}

/** A share that may be used, and the stretch of its file that this opens: null for all of it. */
export type Admitted = { share: StoredShare; window: Window | null }

/**
 * Makes the one door to bytes and facts of shares: a URL part, either a signed token or a bare id, becomes a share that
 * may be used for `purpose`, and the window that may be used of it: the one in the token, else the share's own.
 * Verifies the HMAC, reads the row, asks `access`. Throws AppError in the order of API.md: `forbidden` (malformed or
 * badly signed, before anything is looked up), `not_found` (deleted), `forbidden` (expired, other purpose, other
 * window), `sign_in_required` (bare id of a private one), `expired`.
 */
export function createDoor({
  secret,
  read,
  windowOf,
  now,
}: DoorDeps): (text: string, purpose: Purpose) => Admitted {
  return (text, purpose) => {
    const claims = looksLikeToken(text) ? verifyToken(secret, text) : null
    const share = read(claims?.shareId ?? text)
    const own = share ? windowOf(share) : null
    // A page and its facts are of the whole share: no token for a part of it opens them.
    const wanted = { purpose, window: purpose === 'page' ? null : (claims?.window ?? null) }
    const facts = share && { ...share, ...(own ? { window: own } : {}) }
    const refusal = access(facts, claims ? { kind: 'token', claims } : { kind: 'bare' }, wanted, now())
    if (refusal) throw new AppError(refusal.code, refusal.message)
    if (!share) throw new Error('access let through what is not there')
    return { share, window: wanted.window ?? own }
  }
}
