import type { ErrorCode } from '../../shared/api/error.ts'
import type { LinkPreview, Visibility } from '../../shared/api/share.ts'
import type { Purpose, TokenClaims, Window } from './token.ts'

/** What of a share decides who may see it. Times in Unix ms. */
export type AccessFacts = {
  id: string
  visibility: Visibility
  /** What strangers are shown of a private one where its link is posted. */
  linkPreview: LinkPreview
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

/** What is on the card of a private share, as its owner chose. */
const ON_CARD: Readonly<Record<LinkPreview, readonly Purpose[]>> = {
  none: [],
  full: ['card', 'card_picture'],
  player: ['card', 'card_picture', 'card_film'],
}
const isForCard = (purpose: Purpose): boolean => ON_CARD.player.includes(purpose)

/**
 * True for what whoever has the link may see of a share on a card without having earned anything: all of the card of
 * one for everyone, nothing of one with a password, and of a private one what its owner chose.
 */
export const isOnCard = (
  share: Pick<AccessFacts, 'visibility' | 'passwordHash' | 'linkPreview'>,
  purpose: Purpose,
): boolean =>
  share.visibility === 'private'
    ? ON_CARD[share.linkPreview].includes(purpose)
    : share.passwordHash === null && isForCard(purpose)

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
    // A card's tokens hold for as long as its owner has it shown: chats fetch again what they showed long ago.
    const isCard = isForCard(wanted.purpose)
    const isTakenBack = isCard && !isOnCard(share, wanted.purpose)
    const isOver = claims.expiresAt === null ? needsPass(share) && !isCard : claims.expiresAt <= now
    // With its session a token ends: signed out, removed, or another password.
    const isCutOff = claims.session !== undefined && !(pass && opens(pass, share))
    if (isTakenBack || isOver || isCutOff) {
      return { code: 'forbidden', message: 'This link has expired. Open the share page again for a new one.' }
    }
  } else if (share.visibility !== 'public' && !isOpenToBareId(share, viewer.passes, wanted)) {
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

/** A private share opens for its members; the words of its card, which have the addresses of the rest, for anybody. */
const isOpenToBareId = (share: AccessFacts, passes: readonly Pass[], { purpose }: Wanted): boolean =>
  passes.some((it) => opens(it, share)) || (purpose === 'card' && isOnCard(share, purpose))

/** A signed stretch outside of the share's own opens nothing, whoever signed it. */
const isInside = (inner: Window | null, outer: Window | undefined): boolean =>
  !inner || !outer || (inner.startS >= outer.startS && inner.endS <= outer.endS)

const isSame = (a: Window | null, b: Window | null): boolean => a?.startS === b?.startS && a?.endS === b?.endS
