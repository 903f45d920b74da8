import { AppError } from '../base/errors.ts'
import type { StoredShare } from '../store/shares.ts'
import { access } from './access.ts'
import { looksLikeToken, verifyToken, type Purpose } from './token.ts'

/** What the door knows. */
type DoorDeps = {
  /** Key of all tokens. */
  secret: Uint8Array
  read: (shareId: string) => StoredShare | undefined
  now: () => number
}

/**
 * Makes the one door to bytes and facts of shares: a URL part, either a signed token or a bare id, becomes a share that
 * may be used for `purpose`. Verifies the HMAC, reads the row, asks `access`. Throws AppError in the order of API.md:
 * `forbidden` (malformed or badly signed, before anything is looked up), `not_found` (deleted), `forbidden` (expired,
 * other purpose, other window), `sign_in_required` (bare id of a private one), `expired`.
 */
export function createDoor({ secret, read, now }: DoorDeps): (text: string, purpose: Purpose) => StoredShare {
  return (text, purpose) => {
    const claims = looksLikeToken(text) ? verifyToken(secret, text) : null
    const share = read(claims?.shareId ?? text)
    // No part of a file is shared yet: whatever is asked for is the whole of it.
    const wanted = { purpose, window: null }
    const refusal = access(share, claims ? { kind: 'token', claims } : { kind: 'bare' }, wanted, now())
    if (refusal) throw new AppError(refusal.code, refusal.message)
    if (!share) throw new Error('access let through what is not there')
    return share
  }
}
