import { randomBytes, randomUUID } from 'node:crypto'
import type { TrialKeyKind } from '../../shared/api/share-check.ts'
import type { StoredShare } from '../store/shares.ts'
import { isOnCard } from './access.ts'
import { PURPOSES, signToken, type Purpose, type TokenClaims } from './token.ts'

/** A key that must not open a share, and how it has to be answered where a token is looked for. */
export type TrialKey = { kind: TrialKeyKind; key: string; expected: number }

/** What of a share its keys depend on. */
type TriedShare = Pick<StoredShare, 'id' | 'fileSegmentId' | 'visibility' | 'passwordHash' | 'linkPreview'>

const HOUR_MS = 60 * 60_000
/** Seconds that no file has: a window from 0 to here lies in no part of one. */
const BEYOND_S = 1e6

/**
 * Makes keys that come as near to a good one for `purpose` as they can without being it: run out, for something else,
 * written over by hand, signed by somebody else, of somebody who is not signed in, for a share that there is not. For trying whether they are refused;
 * none of them is worth anything when the gate holds. `now` in Unix ms.
 */
export function trialKeys(secret: Uint8Array, share: TriedShare, purpose: Purpose, now: number): TrialKey[] {
  const { id, fileSegmentId } = share
  const claims: TokenClaims = { shareId: id, purpose, window: null, expiresAt: now + HOUR_MS }
  const sign = (changes: Partial<TokenClaims>, by = secret): string =>
    signToken(by, { ...claims, ...changes })
  const refused = (kind: TrialKeyKind, ...keys: string[]): TrialKey[] =>
    keys.map((key) => ({ kind, key, expected: 403 }))

  const good = sign({})
  const [prefix = '', payload = '', signature = ''] = good.split('.')
  /** What `changes` say, under the signature of something that was really signed. */
  const rewritten = (changes: Partial<TokenClaims>): string =>
    `${prefix}.${sign(changes).split('.')[1] ?? ''}.${signature}`
  const part = { startS: 0, endS: BEYOND_S }
  return [
    ...refused('expired', sign({ expiresAt: now - 1 }), sign({ expiresAt: 0 })),
    // Of a card that shows it no more: such a key had no end.
    ...(purpose.startsWith('card_') && !isOnCard(share, purpose)
      ? refused('expired', sign({ expiresAt: null }))
      : []),
    ...refused(
      'other_purpose',
      ...PURPOSES.filter((it) => it !== purpose).map((it) => sign({ purpose: it })),
    ),
    ...refused('other_window', rewritten({ window: part })),
    // Of a whole file, a part that was signed is good. Of a part, one that leads out of it is not, whoever signed.
    ...(fileSegmentId === null ? [] : refused('other_window', sign({ window: part }))),
    ...refused(
      'tampered',
      rewritten({ expiresAt: null }),
      rewritten({ expiresAt: now + 2 * HOUR_MS }),
      `${prefix}.${flipped(payload)}.${signature}`,
      `${prefix}.${payload}.${flipped(signature)}`,
      `${prefix}.${payload}.`,
      `${prefix}.${payload}`,
      `${good}.${signature}`,
      `${good}=`,
    ),
    ...refused(
      'foreign',
      `${prefix}.${payload}.${sign({ shareId: randomUUID() }).split('.')[2] ?? ''}`,
      sign({}, randomBytes(32)),
    ),
    ...refused('signed_out', sign({ session: randomUUID() })),
    { kind: 'unknown', key: sign({ shareId: randomUUID() }), expected: 404 },
    { kind: 'unknown', key: randomUUID(), expected: 404 },
  ]
}

/** Another character in the middle, where it counts. */
function flipped(text: string): string {
  const at = text.length >> 1
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}
