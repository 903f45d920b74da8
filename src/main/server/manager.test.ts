import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPage } from './assets.ts'
import { call, rawGet, startTestMatinee, statusOf, type Answer, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let cookie: string
beforeAll(async () => {
  matinee = await startTestMatinee()
  cookie = await matinee.signIn()
})
afterAll(() => matinee.stop())

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  call('GET', `${matinee.api}${path}`, { headers })

describe('the file manager', () => {
  it('sends away who did not come by a launch link, and says how to', async () => {
    for (const headers of [
      {},
      { cookie: 'matinee_owner_1=x' },
      { cookie: cookie.replace(/=.*/, '=wrong') },
    ]) {
      const { status, text, headers: sent } = await get('/', headers)
      expect(status).toBe(401)
      expect(text).toContain('npx matinee open')
      expect(text).not.toContain('manager-a1.js')
      expect(sent.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    }
  })

  it('S33: swaps a launch link for a strict cookie of its own port, once', async () => {
    const url = matinee.managerUrl()
    const first = await call('GET', url, { headers: { cookie: `matinee_owner_${new URL(url).port}=chosen` } })
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toBe('/')
    expect(first.headers.get('cache-control')).toBe('no-store')
    const { port } = new URL(url)
    const [set] = first.headers.getSetCookie()
    expect(set).toMatch(new RegExp(`^matinee_owner_${port}=[\\w-]{43}; `))
    expect(set?.split('; ').slice(1)).toEqual(
      expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Strict', 'Max-Age=2592000']),
    )
    expect((await call('GET', url)).status).toBe(401)
    expect((await call('GET', url)).text).toContain('does not work any more')
    // Somebody who is signed in already is simply let in by an old link.
    expect((await call('GET', url, { headers: { cookie } })).status).toBe(302)
  })

  it('a launch link survives a program that only looks', async () => {
    const url = matinee.managerUrl()
    await call('HEAD', url)
    expect((await call('GET', url)).status).toBe(302)
  })

  it('makes another launch link over the API, for the name it was asked by', async () => {
    const { json } = await matinee.v1('POST', '/launch')
    expect(json.url).toMatch(new RegExp(`^${matinee.api}/\\?launch=[\\w-]{43}$`))
    expect((await call('GET', json.url)).status).toBe(302)
  })

  it('S22, S23: is a page that runs its own code only and that nobody frames', async () => {
    const { status, headers, text } = await get('/', { cookie })
    expect(status).toBe(200)
    expect(text).toContain('manager-a1.js')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-frame-options')).toBe('DENY')
    const policy = new Map(
      headers
        .get('content-security-policy')
        ?.split('; ')
        .map((it) => [it.split(' ', 1)[0], it] as const),
    )
    expect(policy.get('default-src')).toBe("default-src 'none'")
    expect(policy.get('script-src')).toBe("script-src 'self'")
    const nonce = /<meta property="csp-nonce" nonce="([\w-]{22})"/.exec(text)?.[1] ?? 'none'
    expect(policy.get('style-src')).toBe(`style-src 'self' 'nonce-${nonce}'`)
    expect((await get('/', { cookie })).text).not.toContain(nonce)
    expect(policy.get('connect-src')).toBe("connect-src 'self'")
    expect(policy.get('media-src')).toBe("media-src 'self' blob:")
    expect(policy.get('worker-src')).toBe("worker-src 'self' blob:")
    expect(policy.get('frame-ancestors')).toBe("frame-ancestors 'none'")
  })

  it('serves what its page loads, by name, for a year', async () => {
    const answers = await Promise.all(
      ['/assets/manager-a1.js', '/assets/manager-b2.css', '/assets/shared-c3.js', '/assets/later-e5.js'].map(
        (it) => get(it),
      ),
    )
    for (const { status, headers } of answers) {
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
    const font = await get('/fonts/inter.woff2')
    expect(font.headers.get('content-type')).toBe('font/woff2')
    expect(font.headers.get('cache-control')).toBe('no-cache')
    const tag = { 'if-none-match': font.headers.get('etag') ?? '' }
    expect((await get('/fonts/inter.woff2', tag)).status).toBe(304)
  })

  it('sends its code packed to whom can unpack it', async () => {
    const packed = await get('/assets/manager-a1.js', { 'accept-encoding': 'gzip' })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('vary')).toBe('accept-encoding')
    const plain = await get('/assets/manager-a1.js', { 'accept-encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(plain.text).toBe(packed.text)
  })

  it.each([
    '/assets/share-d4.js',
    '/assets/stray.js',
    '/share.html',
    '/index.html',
    '/.vite/manifest.json',
    '/assets/',
    '/assets',
    '/fonts/',
    '/matinee.db',
  ])('S35: does not serve %s', async (path) => {
    expect((await get(path, { cookie })).status).toBe(404)
  })

  it.each([
    '/..%2f..%2fetc/passwd',
    '/assets/..%2f..%2f..%2fetc/passwd',
    '/assets/../../../../etc/passwd',
    '/assets/..%2fshare.html',
    '/assets/%2e%2e/share.html',
    '/assets/..%5c..%5cshare.html',
    '/assets/./manager-a1.js%00.png',
    '/%ff%fe',
    '//etc/passwd',
    '/assets//manager-a1.js',
    '/./',
    `/${'a/'.repeat(6000)}`,
    `/${'a'.repeat(15_000)}`,
    `/${'a'.repeat(40_000)}`,
  ])('S35: no path leads out (%#)', async (path) => {
    const answer = await rawGet(matinee.api, path, [`Cookie: ${cookie}`])
    expect([400, 403, 404, 414, 431]).toContain(statusOf(answer))
    expect(answer).not.toMatch(/root:|<title>Share/)
    expect(answer).toMatch(/"code":"(bad_request|not_found|too_large)"/)
  })
})

describe('a renderer that was not built', () => {
  it('is told', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'matinee-empty-'))
    expect(await loadPage(empty, 'index.html')).toBeUndefined()
    rmSync(empty, { recursive: true })
  })
})
