import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../shared/api/error.ts'
import { startTestAuth, type TestAuth } from './testing.ts'
import { VIEWER_SESSION_MS } from './viewer-sessions.ts'

const PORT = 4401
const PASSWORD = 'walking notes'

let auth: TestAuth
beforeEach(() => {
  auth = startTestAuth()
})
afterEach(() => auth.close())

const refused = (code: ErrorCode) => expect.objectContaining({ code }) as Error
const signIn = (name: string, password = PASSWORD, before?: string): Promise<string> =>
  auth.signIn.member({ name, password }, PORT, before)

describe('members', () => {
  it('sign in by name, whatever its case and blanks, and by their password exactly', async () => {
    const { id } = await auth.members.create({ name: ' Ada Lovelace ', password: PASSWORD })
    expect(auth.members.get(id)).toMatchObject({ name: 'Ada Lovelace', role: 'member', sessions: 0 })
    const session = await signIn('ada  LOVELACE')
    expect(auth.sessions.find(session)).toMatchObject({ memberId: id })
    expect(auth.members.get(id)).toMatchObject({ sessions: 1, last_seen_at: auth.clock.now })
    for (const wrong of [PASSWORD.toUpperCase(), `${PASSWORD} `, '', 'x'.repeat(500)]) {
      await expect(signIn('Ada Lovelace', wrong)).rejects.toThrow(refused('sign_in_required'))
    }
  })

  it('S30: a name that nobody has is refused as a wrong password is', async () => {
    await auth.members.create({ name: 'Ada', password: PASSWORD })
    const messages = await Promise.all(
      ['Ada', 'Nobody', ''].map((name) => signIn(name, 'wrong').catch(String)),
    )
    expect(new Set(messages).size).toBe(1)
  })

  it('have names of their own that can be seen', async () => {
    await auth.members.create({ name: 'Ada', password: PASSWORD })
    for (const name of ['ada', ' ADA ', 'Ａda']) {
      await expect(auth.members.create({ name, password: PASSWORD })).rejects.toThrow(refused('conflict'))
    }
    for (const name of ['  ', 'a\u0000b', 'a\u202eb', 'a\nb', '\ud800']) {
      await expect(auth.members.create({ name, password: PASSWORD })).rejects.toThrow(refused('bad_request'))
    }
    const twice = [0, 1].map(() => auth.members.create({ name: 'Ben', password: PASSWORD }))
    const settled = await Promise.allSettled(twice)
    expect(settled.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('are one owner at most', async () => {
    await auth.members.create({ name: 'Me', password: PASSWORD, role: 'owner' })
    await expect(auth.members.create({ name: 'Me too', password: PASSWORD, role: 'owner' })).rejects.toThrow(
      refused('conflict'),
    )
  })

  it('lose all sessions with a new password, and keep them with a new name', async () => {
    const { id } = await auth.members.create({ name: 'Ada', password: PASSWORD })
    const [one, two] = [await signIn('Ada'), await signIn('Ada')]
    await auth.members.update(id, { name: 'Countess' })
    expect(auth.sessions.find(one)).toBeDefined()
    const { ref = '' } = auth.sessions.find(two) ?? {}
    await auth.members.update(id, { password: 'another one' })
    expect([auth.sessions.find(one), auth.sessions.find(two), auth.sessions.byRef(ref)]).toEqual(
      Array(3).fill(undefined),
    )
    await expect(signIn('Countess')).rejects.toThrow(refused('sign_in_required'))
    expect(await signIn('Countess', 'another one')).toBeDefined()
  })

  it('are gone at once when they are removed, or signed out everywhere', async () => {
    const { id } = await auth.members.create({ name: 'Ada', password: PASSWORD })
    const first = await signIn('Ada')
    expect(auth.members.signOutEverywhere(id).sessions).toBe(0)
    expect(auth.sessions.find(first)).toBeUndefined()
    const second = await signIn('Ada')
    auth.members.remove(id)
    expect(auth.sessions.find(second)).toBeUndefined()
    await expect(signIn('Ada')).rejects.toThrow(refused('sign_in_required'))
    expect(() => auth.members.remove(id)).toThrow(refused('not_found'))
    expect(auth.events.at(-1)).toEqual({ type: 'member.deleted', id })
  })
})

describe('S33: a session', () => {
  beforeEach(() => auth.members.create({ name: 'Ada', password: PASSWORD }))

  it('is a new one at each sign-in, and ends the one that was there before', async () => {
    const planted = await signIn('Ada')
    const mine = await signIn('Ada', PASSWORD, planted)
    expect(mine).not.toBe(planted)
    expect(auth.sessions.find(planted)).toBeUndefined()
    expect(auth.sessions.find(mine)).toBeDefined()
  })

  it('lives 30 days from its last use, over a restart, and no longer', async () => {
    const session = await signIn('Ada')
    auth.clock.now += VIEWER_SESSION_MS - 1
    const later = auth.restarted()
    expect(later.sessions.find(session)).toBeDefined()
    auth.clock.now += VIEWER_SESSION_MS - 1
    expect(later.sessions.find(session)).toBeDefined()
    auth.clock.now += VIEWER_SESSION_MS
    expect(later.sessions.find(session)).toBeUndefined()
  })

  it('is not prolonged by its tokens', async () => {
    const session = await signIn('Ada')
    const { ref = '' } = auth.sessions.find(session) ?? {}
    auth.clock.now += VIEWER_SESSION_MS - 1
    expect(auth.sessions.byRef(ref)).toBeDefined()
    auth.clock.now += 1
    expect(auth.sessions.byRef(ref)).toBeUndefined()
  })

  it('ends at sign-out, alone or with all others of its member', async () => {
    const [one, two, three] = [await signIn('Ada'), await signIn('Ada'), await signIn('Ada')]
    auth.signIn.end(one, false)
    expect([one, two].map((it) => auth.sessions.find(it) !== undefined)).toEqual([false, true])
    auth.signIn.end(two, true)
    expect(auth.sessions.find(three)).toBeUndefined()
    auth.signIn.end('no session', true)
  })
})

describe('invites', () => {
  const codeOf = (url: string): string => url.split('/').at(-1) ?? ''

  it('make one member, once', async () => {
    const made = auth.invites.create({ name: 'Ben' })
    expect(made.links.map((it) => it.url.split('/invite/')[0])).toEqual([
      'https://video.example.org',
      'http://127.0.0.1:4401',
    ])
    expect(auth.invites.list()).toMatchObject([{ id: made.id, name: 'Ben' }])
    expect(JSON.stringify(auth.invites.list())).not.toContain(codeOf(made.url))
    const code = codeOf(made.url)
    expect(auth.invites.open(code)).toEqual({ name: 'Ben', isReset: false })
    const given = { name: 'Benjamin', password: PASSWORD }
    const both = await Promise.allSettled([
      auth.invites.accept(code, given),
      auth.invites.accept(code, given),
    ])
    expect(both.map((it) => it.status)).toEqual(['fulfilled', 'rejected'])
    expect(auth.members.list().map((it) => it.name)).toEqual(['Benjamin'])
    await expect(auth.invites.accept(code, { ...given, name: 'Other' })).rejects.toThrow(refused('not_found'))
    expect(auth.invites.list()).toEqual([])
  })

  it('are not used up by a name that is taken', async () => {
    await auth.members.create({ name: 'Ben', password: PASSWORD })
    const code = codeOf(auth.invites.create({}).url)
    await expect(auth.invites.accept(code, { name: 'ben', password: PASSWORD })).rejects.toThrow(
      refused('conflict'),
    )
    await auth.invites.accept(code, { name: 'Ben 2', password: PASSWORD })
  })

  it('work until their time, and not once withdrawn', () => {
    const [early, late] = [auth.invites.create({ expires_in_seconds: 60 }), auth.invites.create({})]
    auth.clock.now += 60_000
    expect(() => auth.invites.open(codeOf(early.url))).toThrow(refused('not_found'))
    expect(auth.invites.list().map((it) => it.id)).toEqual([late.id])
    auth.invites.remove(late.id)
    expect(() => auth.invites.open(codeOf(late.url))).toThrow(refused('not_found'))
    expect(() => auth.invites.remove(late.id)).toThrow(refused('not_found'))
  })

  it('for a member set a new password, keep the name, and are one at a time', async () => {
    const { id } = await auth.members.create({ name: 'Ada', password: PASSWORD })
    const session = await signIn('Ada')
    const first = codeOf(auth.invites.create({ member_id: id }).url)
    const code = codeOf(auth.invites.create({ member_id: id }).url)
    expect(() => auth.invites.open(first)).toThrow(refused('not_found'))
    expect(auth.invites.open(code)).toEqual({ name: 'Ada', isReset: true })
    expect(await auth.invites.accept(code, { name: 'Mallory', password: 'another one' })).toBe(id)
    expect(auth.members.get(id).name).toBe('Ada')
    expect(auth.sessions.find(session)).toBeUndefined()
    expect(await signIn('Ada', 'another one')).toBeDefined()
    expect(() => auth.invites.open(code)).toThrow(refused('not_found'))
    expect(() => auth.invites.create({ member_id: 'nobody' })).toThrow(refused('not_found'))
  })
})

describe('API keys', () => {
  it('are told once, do what their scope says, note their use, and end when revoked', () => {
    const { key, ...made } = auth.apiKeys.create({ name: 'Reader', scope: 'read' })
    expect(made).toMatchObject({ name: 'Reader', scope: 'read', prefix: key.slice(0, 10) })
    expect(auth.apiKeys.create({ name: 'Writer' }).scope).toBe('write')
    expect(auth.apiKeys.scopeOf(key)).toBe('read')
    const found = auth.apiKeys.list().find((it) => it.id === made.id)
    expect(found).toEqual({ ...made, last_used_at: auth.clock.now })
    for (const wrong of [`${key}x`, key.slice(0, -1), made.prefix, '', 'mtn_']) {
      expect(auth.apiKeys.scopeOf(wrong)).toBeUndefined()
    }
    auth.apiKeys.remove(made.id)
    expect(auth.apiKeys.scopeOf(key)).toBeUndefined()
    expect(() => auth.apiKeys.remove(made.id)).toThrow(refused('not_found'))
  })
})

it('S32: the database holds argon2id hashes of passwords, and nothing that opens anything', async () => {
  await auth.members.create({ name: 'Ada', password: PASSWORD })
  const secrets = [
    PASSWORD,
    await signIn('Ada'),
    auth.invites.create({}).url.split('/').at(-1) ?? '',
    auth.apiKeys.create({ name: 'Script' }).key,
  ]
  const kept = auth.onDisk()
  expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  for (const secret of secrets) expect(kept).not.toContain(secret)
  // A key of 256 bits: 43 characters behind its mark.
  expect(secrets[3]).toMatch(/^mtn_[\w-]{43}$/)
})
