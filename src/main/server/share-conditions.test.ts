import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Playback, Share } from '../../shared/api/share.ts'
import { openTestBrowser, type TestBrowser } from './testing-forms.ts'
import { SHARE_ROUTES } from './testing-share-routes.ts'
import { call, failure, startTestMatinee, type TestMatinee } from './testing.ts'

const PASSWORD = 'open sesame'

let matinee: TestMatinee
let fileId: string
let share: Share
let browser: TestBrowser
beforeAll(async () => {
  matinee = await startTestMatinee()
  fileId = (await matinee.addFile('Locked valley.mp4', { around: true })).id
})
beforeEach(async () => {
  browser = openTestBrowser(matinee)
  share = await matinee.share(fileId, { title: 'Behind a word', password: PASSWORD })
})
afterEach(async () => {
  vi.useRealTimers()
  await matinee.v1('DELETE', `/share/${share.id}`)
})
afterAll(() => matinee.stop())

const link = (query = ''): string => `/share/${share.id}${query}`
const put = (body: object) => matinee.v1('PUT', `/share/${share.id}`, { body })
const unlock = (password: string) =>
  browser.submit(`${link()}/unlock`, { password, return_to: link('?s=2&e=5') })
const playback = async (): Promise<Playback> => (await browser.get(`${link()}/playback`)).json
const status = async (path = ''): Promise<number> => (await call('GET', matinee.at(path))).status
const shareRoutes = Object.values(SHARE_ROUTES).flatMap(({ method, paths, body }) =>
  paths('KEY').map((path) => ({ method, path, body })),
)
const ask = (method: string, path: string, body?: object) =>
  call(method, matinee.at(path.replaceAll('KEY', share.id)), body ? { body } : {})

describe('a share with a password', () => {
  it('S1: is a 401 at every address by its bare id, and tells nothing of itself', async () => {
    for (const { method, path, body } of shareRoutes) {
      const { status: got, text, headers } = await ask(method, path, body)
      expect(got, path).toBe(401)
      expect(text).not.toMatch(/Behind a word|Locked valley|og:|oembed/)
      expect(headers.get('cache-control')).toMatch(/no-store/)
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.getSetCookie()).toEqual([])
    }
    expect((await browser.get(link())).text).toContain('This link has a password')
    expect(share).toMatchObject({
      password_protected: true,
      media_download_expires_at: expect.any(Number) as number,
    })
    expect(JSON.stringify(share)).not.toContain('sesame')
  })

  it('plays for whoever knows it, in that browser, under tokens', async () => {
    expect((await unlock('wrong')).status).toBe(401)
    const done = await unlock(PASSWORD)
    expect([done.status, done.headers.get('location')]).toEqual([303, link('?s=2&e=5')])
    expect(done.headers.getSetCookie()[0]).toMatch(
      new RegExp(`; Path=/share/${share.id}; HttpOnly; SameSite=Lax$`),
    )
    const page = await browser.get(link('?layout=minimal'))
    expect(page.status).toBe(200)
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(page.headers.get('cache-control')).toBe('private, no-store')
    expect((await browser.get(link())).text).not.toMatch(/og:|oembed/)
    const { stream_url, download_url, poster_url } = await playback()
    for (const path of [stream_url, download_url, poster_url]) {
      expect(path).toContain('/m1.')
      expect(await status(path)).toBe(200)
    }
    expect((await browser.get(`/stream/${share.id}/main.m3u8`)).status).toBe(401)
    expect((await call('GET', share.stream_url ?? '')).status).toBe(200)
  })

  it('answers programs in JSON', async () => {
    const wrong = await ask('POST', `${link()}/unlock`, { password: 'wrong' })
    expect([wrong.status, wrong.json]).toEqual([401, failure('password_required')])
    const right = await ask('POST', `${link()}/unlock`, { password: PASSWORD })
    expect([right.status, right.json]).toEqual([200, { id: share.id }])
    expect(right.headers.getSetCookie()).toHaveLength(1)
    expect((await ask('POST', `/share/${randomUUID()}/unlock`, { password: PASSWORD })).status).toBe(404)
  })

  it('S30: slows down who guesses it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const statuses = []
    for (let it = 0; it < 8; it += 1) statuses.push((await unlock(`guess ${it}`)).status)
    expect(statuses).toEqual([...Array<number>(5).fill(401), ...Array<number>(3).fill(429)])
  })

  it('S2: a session of it opens no other share', async () => {
    await unlock(PASSWORD)
    const cookie = [...browser.cookies].map((it) => it.join('=')).join('; ')
    const file = await matinee.addFile(`Other ${randomUUID()}.mp4`)
    const [locked, hidden] = [
      await matinee.share(file.id, { password: 'another' }),
      await matinee.share(file.id, { visibility: 'private' }),
    ]
    for (const { id } of [locked, hidden]) {
      expect((await call('GET', matinee.at(`/share/${id}/playback`), { headers: { cookie } })).status).toBe(
        401,
      )
    }
  })

  it('closes when it gets another one, also for tokens; and opens for everyone without one', async () => {
    await unlock(PASSWORD)
    const told = await playback()
    expect((await put({ title: 'Same word' })).json.password_protected).toBe(true)
    expect(await status(told.stream_url)).toBe(200)
    await put({ password: 'another word' })
    expect(await status(told.stream_url)).toBe(403)
    expect((await browser.get(link())).status).toBe(401)
    expect((await put({ password: null })).json).toMatchObject({
      ...{ password_protected: false, media_download_expires_at: null },
    })
    expect(await status(`/stream/${share.id}/main.m3u8`)).toBe(200)
  })

  it('cannot be got around by a clip’s address from before, which had no end', async () => {
    await put({ password: null })
    const clip = (await matinee.v1('GET', `/share/${share.id}?clip_start=1&clip_end=3`)).json.stream_url ?? ''
    expect((await call('GET', clip)).status).toBe(200)
    await put({ password: PASSWORD })
    expect((await call('GET', clip)).status).toBe(403)
  })

  it('S32: is kept as an argon2id hash', () => {
    expect(matinee.store.shares.byId(share.id)?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('is a public one: members sign in to private ones', async () => {
    const body = { file_id: fileId, visibility: 'private', password: PASSWORD }
    const refused = await matinee.v1('POST', '/share', { body })
    expect([refused.status, refused.json]).toEqual([400, failure('bad_request')])
    for (const password of ['', 7, {}, 'x'.repeat(1001)]) expect((await put({ password })).status).toBe(400)
  })
})

describe('a share with an end', () => {
  it('is a 410 at every address from then on, with and without a password, also under tokens', async () => {
    const token = share.stream_url ?? ''
    const endsAt = Date.now() + 60_000
    expect((await put({ expires_at: endsAt })).json.expires_at).toBe(endsAt)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(endsAt)
    for (const password of [PASSWORD, null]) {
      await put({ password })
      for (const { method, path, body } of shareRoutes) {
        const { status: got, text } = await ask(method, path, body)
        expect(got, path).toBe(410)
        expect(text).not.toMatch(/Behind a word|Locked valley/)
      }
      expect((await call('GET', token)).status).toBe(410)
    }
    expect((await put({ expires_at: null })).json.expires_at).toBeUndefined()
    expect(await status(`/stream/${share.id}/main.m3u8`)).toBe(200)
  })
})
