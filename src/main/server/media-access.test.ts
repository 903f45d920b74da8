import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { signToken } from '../shares/token.ts'
import { call, rawGet, startTestMatinee, statusOf, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let file: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Überfahrt – 1.mp4')
  share = await matinee.share(file.id)
})
afterAll(() => matinee.stop())

describe('a share without a key to it', () => {
  it('S12: that is unknown, deleted or malformed is a 404 in the same words', async () => {
    const other = await matinee.share((await matinee.addFile('to-delete.mp4')).id)
    await matinee.v1('DELETE', `/share/${other.id}`)
    const answers = new Set<string>()
    for (const id of [randomUUID(), other.id, 'x', '%20', '%00', share.id.toUpperCase()]) {
      for (const url of matinee.addresses(id)) {
        const { status, text } = await call('GET', url)
        answers.add(`${status} ${text}`)
      }
    }
    expect([...answers]).toEqual(['404 {"error":"There is no such share.","code":"not_found"}'])
  })

  it('S4: under a damaged or doubled token is a 403, never a 500', async () => {
    const payload = Buffer.from([share.id, 'stream', '', '', ''].join('~')).toString('base64url')
    const signature = createHash('sha256').update(payload).digest('base64url')
    const tokens = [
      `m1.${payload}.${signature}`,
      `m1.${payload}.`,
      `m1.${payload}`,
      `m1..${signature}`,
      `m2.${payload}.${signature}`,
      `${share.id}.${share.id}`,
      '.',
      'm1.%00.%00',
      `m1.${'A'.repeat(10_000)}.${signature}`,
      `m1.${'A'.repeat(10_000)}`,
    ]
    for (const token of tokens.filter((it) => it !== '.')) {
      for (const path of [`/stream/${token}/main.m3u8`, `/stream/${token}/0/0.m4s`, `/poster/${token}.jpg`]) {
        const answer = await rawGet(matinee.shareBase, path)
        expect(statusOf(answer), path.slice(0, 80)).toBe(403)
        expect(answer).toContain('"code":"forbidden"')
      }
    }
    for (const path of ['/stream//main.m3u8', `/stream/${share.id}/m1.a.b/main.m3u8`, '/poster/.jpg']) {
      expect(statusOf(await rawGet(matinee.shareBase, path)), path).toBe(403)
    }
  })
})

describe('S9: a deleted share', () => {
  it('is gone at every address at once, and for every token', async () => {
    const doomed = await matinee.share((await matinee.addFile('doomed.mp4')).id)
    const token = signToken(matinee.secret, {
      shareId: doomed.id,
      purpose: 'stream',
      window: null,
      expiresAt: null,
    })
    const urls = [...matinee.addresses(doomed.id), matinee.stream(token), matinee.stream(token, '0/0.m4s')]
    const tags = new Map<string, string>()
    for (const url of urls) {
      const { status, headers } = await call('GET', url)
      expect(status, url).toBe(200)
      tags.set(url, headers.get('etag') ?? '')
      expect(headers.get('cache-control')).toMatch(/no-cache|no-store/)
    }
    expect((await matinee.v1('DELETE', `/share/${doomed.id}`)).status).toBe(200)
    for (const url of urls) {
      expect((await call('GET', url)).status, url).toBe(404)
      const known = await call('GET', url, { headers: { 'if-none-match': tags.get(url) ?? '' } })
      expect(known.status, url).toBe(404)
      expect(known.headers.get('cache-control')).toBe('no-store')
    }
    expect((await matinee.v1('DELETE', `/share/${doomed.id}`)).status).toBe(404)
    await matinee.v1('POST', `/share/${doomed.id}/restore`)
    for (const url of urls) expect((await call('GET', url)).status, url).toBe(200)
  })
})

describe('S19: the share listener', () => {
  it('knows neither the API nor the file manager, key or not', async () => {
    const headers = { authorization: `Bearer ${matinee.key}`, cookie: await matinee.signIn() }
    const paths = [
      '/v1',
      '/v1/share',
      '/v1/files',
      '/v1/health',
      '/v1/openapi.json',
      '/v1/events',
      '/',
      '/settings',
    ]
    for (const path of [
      ...paths,
      '/api/files',
      '/index.html',
      '/assets/manager-a1.js',
      '/.vite/manifest.json',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status, text } = await call(method, matinee.at(path), { headers })
        expect(status, `${method} ${path}`).toBe(404)
        expect(text).not.toContain('Manager')
      }
    }
    const launch = new URL(matinee.managerUrl()).search
    expect((await call('GET', matinee.at(`/${launch}`))).headers.getSetCookie()).toEqual([])
  })
})

describe('a share', () => {
  it('that has expired is a 410 at every address', async () => {
    const own = await matinee.addFile('expired.mp4')
    const { id } = await matinee.share(own.id, { expires_at: Date.now() + 60_000 })
    expect((await call('GET', matinee.stream(id))).status).toBe(200)
    const row = matinee.store.shares.byId(id)
    if (row) matinee.store.shares.update({ ...row, expiresAt: Date.now() - 1 })
    for (const url of matinee.addresses(id)) {
      const { status, json } = await call('GET', url)
      expect([status, json.code], url).toEqual([410, 'expired'])
    }
  })
})
