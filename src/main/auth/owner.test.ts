import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { createOwner, SESSION_LIFE_MS, type Owner } from './owner.ts'

const MINUTE_MS = 60_000

describe('owner', () => {
  let folder: string
  let store: Store
  let owner: Owner
  let time: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'matinee-owner-'))
    store = openStore(join(folder, 'matinee.db'))
    time = Date.UTC(2026, 10, 24)
    owner = createOwner({
      sessions: store.sessions,
      apiKeys: ['first-key', 'second-key'],
      madeScopeOf: (key) => (key === 'looking-key' ? 'read' : undefined),
      now: () => time,
    })
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  const signIn = (): string => owner.redeemLaunchToken(owner.mintLaunchToken()) ?? 'none'

  it('knows each of its keys and no other', () => {
    expect(owner.scopeOf('first-key')).toBe('write')
    expect(owner.scopeOf('second-key')).toBe('write')
    expect(owner.scopeOf('looking-key')).toBe('read')
    expect(owner.scopeOf('first-keyX')).toBeUndefined()
    expect(owner.scopeOf('')).toBeUndefined()
  })

  it('opens nothing by key when it has none', () => {
    const keyless = createOwner({ sessions: store.sessions, apiKeys: [], madeScopeOf: () => undefined })
    expect(keyless.scopeOf('')).toBeUndefined()
  })

  it('swaps a launch token for a session once', () => {
    const token = owner.mintLaunchToken()
    const session = owner.redeemLaunchToken(token)
    expect(session).toMatch(/^[\w-]{43}$/)
    expect(owner.isSession(session ?? '')).toBe(true)
    expect(owner.redeemLaunchToken(token)).toBeUndefined()
    expect(owner.redeemLaunchToken('never minted')).toBeUndefined()
  })

  it('takes a launch token for ten minutes', () => {
    const [early, late] = [owner.mintLaunchToken(), owner.mintLaunchToken()]
    time += 10 * MINUTE_MS - 1
    expect(owner.redeemLaunchToken(early)).toBeDefined()
    time += 1
    expect(owner.redeemLaunchToken(late)).toBeUndefined()
  })

  it('forgets the oldest of very many launch tokens', () => {
    const first = owner.mintLaunchToken()
    const others = Array.from({ length: 100 }, () => owner.mintLaunchToken())
    expect(owner.redeemLaunchToken(first)).toBeUndefined()
    expect(owner.redeemLaunchToken(others[0] ?? '')).toBeDefined()
    expect(owner.redeemLaunchToken(others.at(-1) ?? '')).toBeDefined()
  })

  it('keeps a session for thirty days, over a restart, and not longer', () => {
    const session = signIn()
    time += SESSION_LIFE_MS - 1
    const restarted = createOwner({
      ...{ sessions: store.sessions, apiKeys: [], madeScopeOf: () => undefined },
      now: () => time,
    })
    expect(restarted.isSession(session)).toBe(true)
    time += 1
    expect(restarted.isSession(session)).toBe(false)
  })

  it('ends a session for good', () => {
    const [ended, other] = [signIn(), signIn()]
    owner.endSession(ended)
    expect(owner.isSession(ended)).toBe(false)
    expect(owner.isSession(other)).toBe(true)
  })

  it('S32: keeps no session id that could be read from the database', () => {
    const session = signIn()
    expect(store.sessions.expiresAt(session)).toBeUndefined()
    expect(owner.isSession(session)).toBe(true)
  })
})
