import type { ErrorCode } from '../../shared/api/error.ts'
import type { Visibility } from '../../shared/api/share.ts'
import type { Purpose, TokenClaims, Window } from './token.ts'

/** What of a share decides who may see it. Times in Unix ms. */
export type AccessFacts = {
  id: string
  visibility: Visibility
  deletedAt: number | null
  expiresAt: number | null
  /** The stretch of the file that it is of; absent for all of it. */
  window?: Window
}

/** How somebody comes to a share: with a token whose signature holds, or with nothing but its id. */
export type Viewer = { kind: 'token'; claims: TokenClaims } | { kind: 'bare' }

/** What is to be done with a share, and with which stretch of it; `window` is null for all of it. */
export type Wanted = { purpose: Purpose; window: Window | null }

/** Why access is refused, with the sentence for the one who asked. */
export type Refusal = { code: ErrorCode; message: string }

const NOT_FOUND: Refusal = { code: 'not_found', message: 'There is no such share.' }

/**
 * Decides whether `viewer` may use `share` as `wanted` at time `now` (Unix ms): null when yes, else why not. The one
 * rule for every byte and every fact of a share. Unknown and deleted shares are told apart by nobody.
 */
export function access(
  share: AccessFacts | undefined,
  viewer: Viewer,
  wanted: Wanted,
  now: number,
): Refusal | null {
  if (!share || share.deletedAt !== null) return NOT_FOUND
  if (viewer.kind === 'token') {
    const { claims } = viewer
    if (
      claims.shareId !== share.id ||
      claims.purpose !== wanted.purpose ||
      !isSame(claims.window, wanted.window) ||
      !isInside(claims.window, share.window)
    ) {
      return { code: 'forbidden', message: 'This link is for something else.' }
    }
    if (claims.expiresAt !== null && claims.expiresAt <= now) {
      return { code: 'forbidden', message: 'This link has expired. Open the share page again for a new one.' }
    }
  } else if (share.visibility !== 'public') {
    return { code: 'sign_in_required', message: 'Sign in to see this.' }
  }
  if (share.expiresAt !== null && share.expiresAt <= now) {
    return { code: 'expired', message: 'This share has expired.' }
  }
  return null
}

/** A signed stretch outside of the share's own opens nothing, whoever signed it. */
const isInside = (inner: Window | null, outer: Window | undefined): boolean =>
  !inner || !outer || (inner.startS >= outer.startS && inner.endS <= outer.endS)

const isSame = (a: Window | null, b: Window | null): boolean => a?.startS === b?.startS && a?.endS === b?.endS
