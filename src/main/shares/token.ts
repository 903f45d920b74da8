import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../base/errors.ts'

/**
 * What a token opens. `page` is the share page and its playback answer; `card` what chats are told of a share in words,
 * `card_picture` and `card_film` what they show with it.
 */
export type Purpose = 'page' | 'stream' | 'download' | 'poster' | 'card' | 'card_picture' | 'card_film'

/** A stretch of a file in seconds; a token with one opens that stretch and nothing else. */
export type Window = { startS: number; endS: number }

/** What a token says, and vouches for by its signature. */
export type TokenClaims = {
  shareId: string
  purpose: Purpose
  window: Window | null
  /** Unix ms; null for one that does not expire. */
  expiresAt: number | null
  /** The session of a viewer that it was made in, and ends with; absent for one that the owner handed out. */
  session?: string
}

/** Tells a token from a bare share id in a URL: every token begins with it, no id does. */
const PREFIX = 'm1'
/** Everything that a token can be for. */
export const PURPOSES: readonly Purpose[] = [
  ...(['page', 'stream', 'download', 'poster'] as const),
  ...(['card', 'card_picture', 'card_film'] as const),
]
/** No token we sign is longer; a longer one is refused before any work on it. */
const MAX_LENGTH = 512

/** True when a URL part claims to be a token; its truth is `verifyToken`'s business. */
export const looksLikeToken = (text: string): boolean => text.includes('.')

/** Signs claims into a URL-safe token: `m1.<claims>.<HMAC-SHA256>`, both parts base64url. */
export function signToken(secret: Uint8Array, claims: TokenClaims): string {
  const { shareId, purpose, window, expiresAt, session } = claims
  const fields = [shareId, purpose, window?.startS ?? '', window?.endS ?? '', expiresAt ?? '']
  if (session !== undefined) fields.push(session)
  const payload = Buffer.from(fields.join('~')).toString('base64url')
  return `${PREFIX}.${payload}.${signature(secret, payload).toString('base64url')}`
}

/**
 * Reads a token whose signature holds. Throws AppError `forbidden` for anything else: malformed, cut, altered, or the
 * same bytes in another encoding. Expiry and purpose are not judged here but by `access`.
 */
export function verifyToken(secret: Uint8Array, token: string): TokenClaims {
  const refuse = (): AppError => new AppError('forbidden', 'This link is not valid.')
  if (token.length > MAX_LENGTH) throw refuse()
  const [prefix, payload, signed, ...rest] = token.split('.')
  if (prefix !== PREFIX || !payload || !signed || rest.length > 0) throw refuse()
  const given = Buffer.from(signed, 'base64url')
  const expected = signature(secret, payload)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refuse()
  // base64url decoding is lenient: one value, one spelling.
  if (given.toString('base64url') !== signed) throw refuse()
  const fields = Buffer.from(payload, 'base64url').toString('utf8').split('~')
  const [shareId, purpose = '', ...rests] = fields
  const [startS, endS, expiresAt] = rests.slice(0, 3).map((it) => (it === '' ? null : Number(it)))
  const session = rests[3]
  // What we signed is whole. Half a window, or a time that is no number, must not come to mean "all" and "for ever".
  if (
    !shareId ||
    !isPurpose(purpose) ||
    startS === undefined ||
    endS === undefined ||
    expiresAt === undefined ||
    session === '' ||
    rests.length > 4
  )
    throw refuse()
  if ((startS === null) !== (endS === null) || [startS, endS, expiresAt].some(Number.isNaN)) throw refuse()
  return {
    shareId,
    purpose,
    window: startS === null || endS === null ? null : { startS, endS },
    expiresAt,
    ...(session === undefined ? {} : { session }),
  }
}

const signature = (secret: Uint8Array, payload: string): Buffer =>
  createHmac('sha256', secret).update(`${PREFIX}.${payload}`).digest()

const isPurpose = (text: string): text is Purpose => (PURPOSES as readonly string[]).includes(text)
