import { Type, type Static } from 'typebox'
import { TimestampMs } from './common.ts'

/** Keys that come near to a good one. */
const KEY_KINDS = [
  'expired',
  'other_purpose',
  'other_window',
  'tampered',
  'foreign',
  'signed_out',
  'unknown',
] as const
/** What a key that must not open a share has against it. */
export type TrialKeyKind = (typeof KEY_KINDS)[number]

/** A way in that was tried. `own_key` is the one that has to work. */
export const ShareAttempt = Type.Enum([
  'own_key',
  'bare_link',
  'as_chat',
  'misplaced_key',
  ...KEY_KINDS,
  'odd_method',
  'odd_address',
  'private_listener',
])
/** A way in that was tried. */
export type ShareAttempt = Static<typeof ShareAttempt>

/** A request of a check that was not answered as it has to be. */
export const ShareFault = Type.Object({
  method: Type.String(),
  path: Type.String({ description: 'Of the share listener, without the key that was tried.' }),
  status: Type.Integer({ description: '0 when there was no answer.' }),
  reason: Type.String(),
})
/** A request of a check that was not answered as it has to be. */
export type ShareFault = Static<typeof ShareFault>

/** One way in: how often it was tried, which answers are right, and which came. */
export const ShareTrial = Type.Object({
  attempt: ShareAttempt,
  what: Type.String({ description: 'The attempt in a few words for a person.' }),
  requests: Type.Integer(),
  expected: Type.Array(Type.Integer(), { description: 'HTTP statuses.' }),
  got: Type.Array(Type.Integer()),
  ok: Type.Boolean(),
  faults: Type.Array(ShareFault, { description: 'At most ten.' }),
})
/** One way in: how often it was tried, which answers are right, and which came. */
export type ShareTrial = Static<typeof ShareTrial>

/** What came of trying every way into one share, from the outside. */
export const ShareCheck = Type.Object({
  object: Type.Literal('share_check'),
  share_id: Type.String(),
  ok: Type.Boolean(),
  requests: Type.Integer(),
  checks: Type.Array(ShareTrial),
  checked_at: TimestampMs,
})
/** What came of trying every way into one share, from the outside. */
export type ShareCheck = Static<typeof ShareCheck>
