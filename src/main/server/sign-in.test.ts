import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Playback, Share } from '../../shared/api/share.ts'
import { openTestBrowser, type TestBrowser } from './testing-forms.ts'
import { call, startTestMatinee, type TestMatinee } from './testing.ts'

const PASSWORD = 'walking notes'
const HOUR = 60 * 60_000

let matinee: TestMatinee
let share: Share
let other: Share
let browser: TestBrowser
let name: string
let memberId: string
beforeAll(async () => {
  matinee = await startTestMatinee()
  const [one, two] = [await matinee.addFile('Members only.mp4'), await matinee.addFile('Another.mp4')]
  share = await matinee.share(one.id, { visibility: 'private', title: 'Only for members' })
  other = await matinee.share(two.id, { visibility: 'private' })
})
beforeEach(async () => {
  browser = openTestBrowser(matinee)
  name = `Ada ${randomUUID().slice(0, 8)}`
  memberId = (await matinee.v1('POST', '/members', { body: { name, password: PASSWORD } })).json.id
})
afterEach(() => vi.useRealTimers())
afterAll(() => matinee.stop())

const link = (query = ''): string => `/share/${share.id}${query}`
const signIn = (returnTo = link(), password = PASSWORD, as = name) =>
  browser.submit('/sign-in', { name: as, password, return_to: returnTo })
const playback = async (): Promise<Playback> => (await browser.get(`${link()}/playback`)).json
/** Statuses of what a page was told, asked for without any cookie. */
const statusesOf = async ({ stream_url, download_url, poster_url }: Playback): Promise<number[]> => {
  const paths = [stream_url, stream_url?.replace('main.m3u8', '0/0.m4s'), download_url, poster_url]
  return Promise.all(paths.map(async (path) => (await call('GET', matinee.at(path ?? '/none'))).status))
}
const isIn = async (): Promise<boolean> => (await browser.get(link())).status === 200

describe('signing in', () => {
  it('leads back to the very link, with its times and layout, and the page plays', async () => {
    const asked = link('?s=2&e=5&layout=minimal')
    const form = await browser.get(asked)
    expect(form.status).toBe(401)
    expect(form.text).toContain('Sign in to watch')
    expect(form.text).toContain(`name="return_to" value="${asked.replaceAll('&', '&amp;')}"`)
    expect(form.text).not.toContain('Only for members')
    expect(form.headers.get('referrer-policy')).toBe('same-origin')
    const done = await signIn(asked)
    expect([done.status, done.headers.get('location')]).toEqual([303, asked])
    const page = await browser.get(link())
    expect(page.status).toBe(200)
    expect(page.text).toContain('Only for members')
    expect(page.text).toContain(`Signed in as ${name}`)
    expect(page.text).not.toMatch(/og:|oembed|id="embed"/)
    expect(page.headers.get('cache-control')).toBe('private, no-store')
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(await statusesOf(await playback())).toEqual([200, 200, 200, 200])
  })

  it('S33: gives a new id in a cookie that no script reads and no other site sends', async () => {
    const cookieName = `matinee_member_${new URL(matinee.shareBase).port}`
    browser.cookies.set(cookieName, 'planted-by-somebody')
    const answer = await signIn()
    const [line = ''] = answer.headers.getSetCookie()
    expect(line).toMatch(
      new RegExp(`^${cookieName}=[\\w-]{43}; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Lax$`),
    )
    const first = browser.cookies.get(cookieName)
    await signIn()
    expect(browser.cookies.get(cookieName)).not.toBe(first)
    browser.cookies.set(cookieName, first ?? '')
    expect(await isIn()).toBe(false)
    const secure = await browser.submit(
      '/sign-in',
      { name, password: PASSWORD },
      { origin: matinee.shareBase.replace('http:', 'https:') },
    )
    expect(secure.headers.getSetCookie()[0]).toMatch(/; Secure/)
  })

  it('S30: answers a wrong password and a name that nobody has in the same way', async () => {
    const answers = []
    for (const as of [name, `Nobody ${name}`]) {
      const { status, text, headers } = await signIn(link(), 'wrong password', as)
      expect(headers.getSetCookie()).toEqual([])
      answers.push([status, text.replace(as, 'NAME')])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(401)
    expect(await isIn()).toBe(false)
  })

  it('S30: slows down who guesses, and keeps no other member out', async () => {
    // Else the pause would be over before the tenth on a slow computer.
    vi.useFakeTimers({ toFake: ['Date'] })
    const statuses = []
    for (let it = 0; it < 10; it += 1) statuses.push((await signIn(link(), `guess ${it}`)).status)
    expect(statuses).toEqual([...Array<number>(5).fill(401), ...Array<number>(5).fill(429)])
    const refused = await signIn()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.text).toContain('Too many tries')
    const friend = `Ben ${randomUUID().slice(0, 8)}`
    await matinee.v1('POST', '/members', { body: { name: friend, password: PASSWORD } })
    expect((await signIn(link(), PASSWORD, friend)).status).toBe(303)
  })

  it('leads nowhere else', async () => {
    for (const to of ['https://evil.test/', '//evil.test/share/x', '/v1/share', 'javascript:alert(1)']) {
      expect((await signIn(to)).headers.get('location')).toBe('/sign-in')
    }
    expect((await browser.get('/sign-in')).text).toContain(`As ${name}`)
  })

  it('S17: takes no form of another site', async () => {
    const fields = { name, password: PASSWORD, everywhere: '1' }
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: matinee.api },
      { origin: matinee.shareBase, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      {},
    ]
    await signIn()
    for (const headers of foreign) {
      for (const path of ['/sign-in', '/sign-out', `${link()}/unlock`, '/invite/x']) {
        const { status, headers: got } = await browser.submit(path, fields, headers)
        expect([status, got.getSetCookie()], `${path} ${JSON.stringify(headers)}`).toEqual([404, []])
      }
    }
    expect(await isIn()).toBe(true)
    const own = { origin: 'null', 'sec-fetch-site': 'same-origin' }
    expect((await browser.submit('/sign-out', {}, own)).status).toBe(303)
  })
})

describe('a member’s tokens', () => {
  it('S2: open the share that they were made for', async () => {
    await signIn()
    const { stream_url = '' } = await playback()
    const token = stream_url.split('/')[2] ?? ''
    const [, claims = ''] = token.split('.')
    expect(Buffer.from(claims, 'base64url').toString()).toContain(share.id)
    expect((await browser.get(`/stream/${other.id}/main.m3u8`)).status).toBe(401)
    expect((await browser.get(`/stream/${share.id}/main.m3u8`)).status).toBe(401)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['the member is removed', () => matinee.v1('DELETE', `/members/${memberId}`)],
    [
      'the password is changed',
      () => matinee.v1('PUT', `/members/${memberId}`, { body: { password: 'another one' } }),
    ],
    ['the owner signs them out', () => matinee.v1('POST', `/members/${memberId}/sign-out`)],
    ['they sign out', () => browser.submit('/sign-out', {})],
    [
      'they sign out elsewhere, everywhere',
      async () => {
        const elsewhere = openTestBrowser(matinee)
        await elsewhere.submit('/sign-in', { name, password: PASSWORD })
        await elsewhere.submit('/sign-out', { everywhere: '1' })
      },
    ],
  ])('S9: are dead, and the page closed, as soon as %s', async (_, end) => {
    await signIn()
    const told = await playback()
    expect(await statusesOf(told)).toEqual([200, 200, 200, 200])
    await end()
    expect(await statusesOf(told)).toEqual([403, 403, 403, 403])
    expect((await browser.get(link())).status).toBe(401)
    expect((await browser.get(`${link()}/playback`)).status).toBe(401)
    // What the owner hands out is another matter.
    expect((await call('GET', share.stream_url ?? '')).status).toBe(200)
  })

  it('S5: end after 12 h, and the page gets new ones as long as the session lives', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await signIn()
    const first = await playback()
    expect(first.expires_at).toBeGreaterThan(Date.now() + 11.9 * HOUR)
    vi.setSystemTime(Date.now() + 12 * HOUR + 20_000)
    expect((await statusesOf(first))[0]).toBe(403)
    const second = await playback()
    expect((await statusesOf(second))[0]).toBe(200)
    vi.setSystemTime(Date.now() + 30 * 24 * HOUR)
    expect((await browser.get(`${link()}/playback`)).status).toBe(401)
  })
})

describe('an invitation', () => {
  const invite = async (body: object = {}): Promise<string> =>
    new URL((await matinee.v1('POST', '/invites', { body })).json.url).pathname

  it('makes a member, who is signed in then, and works once', async () => {
    const path = await invite({ name: 'Cy' })
    const form = await browser.get(path)
    expect(form.status).toBe(200)
    expect(form.text).toContain('value="Cy"')
    expect(form.headers.get('cache-control')).toBe('no-store')
    const taken = await browser.submit(path, { name, password: PASSWORD })
    expect(taken.status).toBe(409)
    const short = await browser.submit(path, { name: 'Cy <b>', password: 'short' })
    expect(short.status).toBe(400)
    expect(short.text).toContain('value="Cy &lt;b&gt;"')
    expect(short.text).toContain('a password of 8 characters or more.')
    const joined = await browser.submit(path, { name: `Cy ${memberId}`, password: PASSWORD })
    expect([joined.status, joined.headers.get('location')]).toEqual([303, '/sign-in'])
    expect(await isIn()).toBe(true)
    const tooLate = [await browser.get(path), await browser.submit(path, { name: 'Eve', password: PASSWORD })]
    for (const { status, text } of tooLate) {
      expect(status).toBe(404)
      expect(text).toContain('This invitation is over')
    }
  })

  it('sets a new password for a member, whose sessions end', async () => {
    await signIn()
    const path = await invite({ member_id: memberId })
    const elsewhere = openTestBrowser(matinee)
    expect((await elsewhere.get(path)).text).toContain('Choose a new password')
    expect((await elsewhere.submit(path, { name: 'ignored', password: 'another one' })).status).toBe(303)
    expect(await isIn()).toBe(false)
    expect((await elsewhere.get(link())).status).toBe(200)
  })
})
