import type { ErrorCode } from '../../shared/api/error.ts'
import type { Visibility } from '../../shared/api/share.ts'
import type { Purpose, TokenClaims, Window } from './token.ts'

/** What of a share decides who may see it. Times in Unix ms. */
export type AccessFacts = {
  id: string
  visibility: Visibility
  deletedAt: number | null
  expiresAt: number | null
  /** Of its password; null when it has none. */
  passwordHash: string | null
  /** The stretch of the file that it is of; absent for all of it. */
  window?: Window
}

/**
 * What somebody has earned before and still has: they signed in as a member, or unlocked one share by its password. `ref`
 * names the session.
 */
export type Pass = { ref: string } & ({ memberId: string } | { shareId: string })

/**
 * How somebody comes to a share: with a token whose signature holds, and the living session that it names, if it names
 * one; or with its id and what they have earned.
 */
export type Viewer =
  { kind: 'token'; claims: TokenClaims; pass?: Pass | undefined } | { kind: 'bare'; passes: readonly Pass[] }

/** What is to be done with a share, and with which stretch of it; `window` is null for all of it. */
export type Wanted = { purpose: Purpose; window: Window | null }

/** Why access is refused, with the sentence for the one who asked. */
export type Refusal = { code: ErrorCode; message: string }

/** True for a share that its bare id does not open: who plays it has signed in, or knows its password. */
export const needsPass = ({
  visibility,
  passwordHash,
}: Pick<AccessFacts, 'visibility' | 'passwordHash'>): boolean =>
  visibility !== 'public' || passwordHash !== null

/** True for what opens `share`: any member a private one, and its own password one with a password. */
export const opens = (pass: Pass, share: Pick<AccessFacts, 'id' | 'visibility'>): boolean =>
  share.visibility === 'public' ? 'shareId' in pass && pass.shareId === share.id : 'memberId' in pass

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
    const { claims, pass } = viewer
    if (
      claims.shareId !== share.id ||
      claims.purpose !== wanted.purpose ||
      !isSame(claims.window, wanted.window) ||
      !isInside(claims.window, share.window)
    ) {
      return { code: 'forbidden', message: 'This link is for something else.' }
    }
    // A clip of a public share has a token without end. When the share gets a password, that is no way around it.
    const isOver = claims.expiresAt === null ? needsPass(share) : claims.expiresAt <= now
    // With its session a token ends: signed out, removed, or another password.
    const isCutOff = claims.session !== undefined && !(pass && opens(pass, share))
    if (isOver || isCutOff) {
      return { code: 'forbidden', message: 'This link has expired. Open the share page again for a new one.' }
    }
  } else if (share.visibility !== 'public' && !viewer.passes.some((it) => opens(it, share))) {
    return { code: 'sign_in_required', message: 'Sign in to see this.' }
  }
  if (share.expiresAt !== null && share.expiresAt <= now) {
    return { code: 'expired', message: 'This share has expired.' }
  }
  if (
    viewer.kind === 'bare' &&
    share.passwordHash !== null &&
    !viewer.passes.some((it) => opens(it, share))
  ) {
    return { code: 'password_required', message: 'This needs its password.' }
  }
  return null
}

/** A signed stretch outside of the share's own opens nothing, whoever signed it. */
const isInside = (inner: Window | null, outer: Window | undefined): boolean =>
  !inner || !outer || (inner.startS >= outer.startS && inner.endS <= outer.endS)

const isSame = (a: Window | null, b: Window | null): boolean => a?.startS === b?.startS && a?.endS === b?.endS
