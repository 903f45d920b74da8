import { AppError } from '../base/errors.ts'
import type { StoredShare } from '../store/shares.ts'
import { access, needsPass, opens, type Pass, type Viewer } from './access.ts'
import { looksLikeToken, verifyToken, type Purpose, type Window } from './token.ts'

/** What the door knows. */
type DoorDeps = {
  /** Key of all tokens. */
  secret: Uint8Array
  read: (shareId: string) => StoredShare | undefined
  /** The stretch of its file that a share is of; null for all of it. */
  windowOf: (share: StoredShare) => Window | null
  /** The living session that a token names. */
  passOf: (ref: string) => Pass | undefined
  now: () => number
}

/** A share that may be used, and the stretch of its file that this opens: null for all of it. */
export type Admitted = {
  share: StoredShare
  window: Window | null
  /** What it took to come in; undefined when it took nothing, or a token. */
  pass?: Pass | undefined
}

/**
 * Makes the one door to bytes and facts of shares: a URL part, either a signed token or a bare id, becomes a share that
 * may be used for `purpose`, and the window that may be used of it: the one in the token, else the share's own.
 * Verifies the HMAC, reads the row and the session, asks `access`. `passes` is what somebody without a token has earned;
 * bytes are never asked for with any, so that no cookie opens them. Throws AppError in the order of API.md: `forbidden` (malformed or
 * badly signed, before anything is looked up), `not_found` (deleted), `forbidden` (expired, other purpose, other
 * window, session over), `sign_in_required` (bare id of a private one), `expired`, `password_required`.
 */
export function createDoor({
  secret,
  read,
  windowOf,
  passOf,
  now,
}: DoorDeps): (text: string, purpose: Purpose, passes?: readonly Pass[]) => Admitted {
  return (text, purpose, passes = []) => {
    const claims = looksLikeToken(text) ? verifyToken(secret, text) : null
    const share = read(claims?.shareId ?? text)
    const own = share ? windowOf(share) : null
    // A page and its facts are of the whole share: no token for a part of it opens them.
    const wanted = { purpose, window: purpose === 'page' ? null : (claims?.window ?? null) }
    const facts = share && { ...share, ...(own ? { window: own } : {}) }
    const session = claims?.session
    const viewer: Viewer = claims
      ? { kind: 'token', claims, ...(session === undefined ? {} : { pass: passOf(session) }) }
      : { kind: 'bare', passes }
    const refusal = access(facts, viewer, wanted, now())
    if (refusal) throw new AppError(refusal.code, refusal.message)
    if (!share) throw new Error('access let through what is not there')
    const pass = needsPass(share) ? passes.find((it) => opens(it, share)) : undefined
    return { share, window: wanted.window ?? own, pass }
  }
}
