import { describe, expect, test } from 'vitest'
import { access, type AccessFacts, type Pass, type Viewer, type Wanted } from './access.ts'
import type { Purpose, TokenClaims } from './token.ts'

const now = 1_000_000
const shared: AccessFacts = {
  id: 'a',
  visibility: 'public',
  linkPreview: 'none',
  deletedAt: null,
  expiresAt: null,
  passwordHash: null,
}
const hidden: AccessFacts = { ...shared, visibility: 'private' }
const bare: Viewer = { kind: 'bare', passes: [] }
const token = (claims: Partial<TokenClaims>): Viewer => ({
  kind: 'token',
  claims: { shareId: 'a', purpose: 'stream', window: null, expiresAt: now + 1, ...claims },
})
const whole = (purpose: Purpose): Wanted => ({ purpose, window: null })
const code = (share: AccessFacts | undefined, viewer: Viewer, purpose: Purpose, at: number): string =>
  access(share, viewer, whole(purpose), at)?.code ?? 'yes'

test('a public share opens by its id, a private one does not', () => {
  expect(code(shared, bare, 'stream', now)).toBe('yes')
  expect(code(hidden, bare, 'stream', now)).toBe('sign_in_required')
  expect(code(hidden, token({}), 'stream', now)).toBe('yes')
})

test('unknown and deleted are the same, also for a good token', () => {
  const deleted = { ...shared, deletedAt: now - 1 }
  for (const viewer of [bare, token({})]) {
    const answers = [deleted, undefined].map((it) => access(it, viewer, whole('stream'), now))
    expect(answers[0]).toEqual(answers[1])
    expect(code(deleted, viewer, 'stream', now)).toBe('not_found')
  }
})

test('S2: a token opens its own share only', () => {
  expect(code({ ...hidden, id: 'b' }, token({}), 'stream', now)).toBe('forbidden')
})

test('S3: a token opens what it was made for only', () => {
  expect(code(hidden, token({ purpose: 'download' }), 'stream', now)).toBe('forbidden')
  expect(code(hidden, token({ purpose: 'stream' }), 'poster', now)).toBe('forbidden')
  expect(code(hidden, token({ purpose: 'stream' }), 'page', now)).toBe('forbidden')
})

test('S5: a token opens until its time and not at it', () => {
  expect(code(hidden, token({ expiresAt: now + 1 }), 'stream', now)).toBe('yes')
  expect(code(hidden, token({ expiresAt: now }), 'stream', now)).toBe('forbidden')
})

test('an expired share is gone for everyone, a private one asks to sign in first', () => {
  expect(code({ ...shared, expiresAt: now }, bare, 'page', now)).toBe('expired')
  expect(code({ ...shared, expiresAt: now + 1 }, bare, 'page', now)).toBe('yes')
  expect(code({ ...hidden, expiresAt: now }, bare, 'page', now)).toBe('sign_in_required')
  expect(code({ ...hidden, expiresAt: now }, token({}), 'stream', now)).toBe('expired')
})

test('S5: a token opens its own window only', () => {
  const window = { startS: 10, endS: 20 }
  const asked = (wanted: Wanted['window'], given: Wanted['window']): string =>
    access(hidden, token({ window: given }), { purpose: 'stream', window: wanted }, now)?.code ?? 'yes'
  expect(asked(window, { ...window })).toBe('yes')
  expect(asked(null, window)).toBe('forbidden')
  expect(asked(window, null)).toBe('forbidden')
  expect(asked({ startS: 10, endS: 20.5 }, window)).toBe('forbidden')
  expect(asked({ startS: 0, endS: 20 }, window)).toBe('forbidden')
})

const member: Pass = { ref: 's1', memberId: 'm' }
const unlocked: Pass = { ref: 's2', shareId: 'a' }
const earned = (...passes: Pass[]): Viewer => ({ kind: 'bare', passes })
const locked: AccessFacts = { ...shared, passwordHash: 'a hash' }

test('a member opens private shares, and who knows a password the share that has it', () => {
  expect(code(hidden, earned(member), 'page', now)).toBe('yes')
  expect(code(hidden, earned(unlocked), 'page', now)).toBe('sign_in_required')
  expect(code(locked, earned(unlocked), 'page', now)).toBe('yes')
  expect(code(locked, earned(member), 'page', now)).toBe('password_required')
  expect(code(locked, earned({ ...unlocked, shareId: 'b' }), 'page', now)).toBe('password_required')
  expect(code(locked, bare, 'stream', now)).toBe('password_required')
  expect(code({ ...locked, expiresAt: now }, bare, 'page', now)).toBe('expired')
  expect(code({ ...hidden, expiresAt: now }, earned(member), 'page', now)).toBe('expired')
})

test('a token that was made in a session ends with it', () => {
  const made = (pass?: Pass): Viewer => ({
    kind: 'token',
    claims: { shareId: 'a', purpose: 'stream', window: null, expiresAt: now + 1, session: 's1' },
    ...(pass ? { pass } : {}),
  })
  expect(code(hidden, made(member), 'stream', now)).toBe('yes')
  expect(code(hidden, made(), 'stream', now)).toBe('forbidden')
  expect(code(hidden, made(unlocked), 'stream', now)).toBe('forbidden')
  expect(code(locked, made(unlocked), 'stream', now)).toBe('yes')
  expect(code(locked, made(member), 'stream', now)).toBe('forbidden')
})

test('a token without an end opens what is for everyone alone', () => {
  expect(code(shared, token({ expiresAt: null }), 'stream', now)).toBe('yes')
  expect(code(locked, token({ expiresAt: null }), 'stream', now)).toBe('forbidden')
  expect(code(hidden, token({ expiresAt: null }), 'stream', now)).toBe('forbidden')
})

describe('the card of a private share', () => {
  const CARD = ['card', 'card_picture', 'card_film'] as const
  const endless = (purpose: Purpose): Viewer => token({ purpose, expiresAt: null })
  /** What its link and its tokens without an end open of its card. */
  const shown = (share: AccessFacts): string[] => [
    ...(code(share, bare, 'card', now) === 'yes' ? ['words'] : []),
    ...CARD.filter((it) => code(share, endless(it), it, now) === 'yes'),
  ]

  test('S1: shows strangers what its owner chose, and takes it back at once', () => {
    expect(shown(hidden)).toEqual([])
    expect(shown({ ...hidden, linkPreview: 'full' })).toEqual(['words', 'card', 'card_picture'])
    expect(shown({ ...hidden, linkPreview: 'player' })).toEqual(['words', ...CARD])
    // Also with an end that is still to come.
    expect(code(hidden, token({ purpose: 'card_film' }), 'card_film', now)).toBe('forbidden')
  })

  test('S3: opens nothing but the card', () => {
    const player: AccessFacts = { ...hidden, linkPreview: 'player' }
    for (const purpose of ['page', 'stream', 'download', 'poster', 'card_picture', 'card_film'] as const) {
      expect(code(player, bare, purpose, now), purpose).toBe('sign_in_required')
    }
    for (const purpose of ['page', 'stream', 'download', 'poster'] as const) {
      expect(code(player, endless(purpose), purpose, now), purpose).toBe('forbidden')
      for (const it of CARD) expect(code(player, token({ purpose: it }), purpose, now)).toBe('forbidden')
    }
  })

  test('ends with the share', () => {
    const player: AccessFacts = { ...hidden, linkPreview: 'player' }
    expect(code({ ...player, expiresAt: now }, endless('card_film'), 'card_film', now)).toBe('expired')
    expect(code({ ...player, expiresAt: now }, bare, 'card', now)).toBe('expired')
    expect(code({ ...player, deletedAt: now }, endless('card_film'), 'card_film', now)).toBe('not_found')
  })
})

test('S1: a share with a password has no card, whatever its owner chose once', () => {
  const locked: AccessFacts = { ...shared, passwordHash: 'a hash', linkPreview: 'player' }
  expect(code(locked, bare, 'card', now)).toBe('password_required')
  for (const purpose of ['card', 'card_picture', 'card_film'] as const) {
    expect(code(shared, token({ purpose, expiresAt: null }), purpose, now)).toBe('yes')
    expect(code(locked, token({ purpose, expiresAt: null }), purpose, now)).toBe('forbidden')
  }
})
