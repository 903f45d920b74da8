import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signToken, verifyToken, type TokenClaims } from './token.ts'

const secret = Buffer.alloc(32, 7)
const claims: TokenClaims = {
  shareId: '4b1c3f0e-9d1e-4a6c-8c55-0f2b7f5f9a11',
  purpose: 'stream',
  window: { startS: 12.5, endS: 20 },
  expiresAt: 1_800_000_000_000,
}

test('a token carries its claims through', () => {
  expect(verifyToken(secret, signToken(secret, claims))).toEqual(claims)
  const bare: TokenClaims = { ...claims, window: null, expiresAt: null }
  expect(verifyToken(secret, signToken(secret, bare))).toEqual(bare)
})

test('S4: a token with any byte of it changed, cut, doubled or spelt otherwise is forbidden', () => {
  const token = signToken(secret, claims)
  const [prefix, payload, signed] = token.split('.') as [string, string, string]
  const flipped = Array.from(
    token,
    (char, at) => token.slice(0, at) + (char === 'A' ? 'B' : 'A') + token.slice(at + 1),
  )
  const spellings = [
    `${prefix}.${payload}`,
    `${prefix}.${payload}.`,
    `${prefix}..${signed}`,
    '.',
    '..',
    'm1..',
    token + token,
    `${token}.${signed}`,
    `${token}=`,
    `${prefix}.${payload}.${Buffer.from(signed, 'base64url').toString('hex')}`,
    ` ${token}`,
    `m2.${payload}.${signed}`,
    `${prefix}.${'A'.repeat(10_000)}.${signed}`,
  ]
  for (const bad of [...flipped, ...spellings].filter((it) => it !== token)) {
    expect(() => verifyToken(secret, bad), bad.slice(0, 60)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    )
  }
})

test('S4: a token of another key is forbidden', () => {
  const foreign = signToken(Buffer.alloc(32, 8), claims)
  expect(() => verifyToken(secret, foreign)).toThrow(expect.objectContaining({ code: 'forbidden' }))
})

test('S4: what is signed but makes no sense opens nothing: half a window, a time that is no number', () => {
  const { shareId } = claims
  const signed = (fields: readonly string[]): string => {
    const payload = Buffer.from(fields.join('~')).toString('base64url')
    return `m1.${payload}.${createHmac('sha256', secret).update(`m1.${payload}`).digest('base64url')}`
  }
  expect(verifyToken(secret, signed([shareId, 'stream', '0', '5', ''])).window).toEqual({
    startS: 0,
    endS: 5,
  })
  for (const fields of [
    [shareId, 'stream', '0', '', ''],
    [shareId, 'stream', '', '5', ''],
    [shareId, 'stream', '', '', 'soon'],
    [shareId, 'stream', 'x', '5', ''],
    [shareId, 'stream', '', ''],
    [shareId, 'owner', '', '', ''],
    ['', 'stream', '', '', ''],
  ]) {
    expect(() => verifyToken(secret, signed(fields)), fields.join('~')).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    )
  }
})
