import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { call, rawGet, startTestMatinee, statusOf, type Answer, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let file: File
let share: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Überfahrt – 1.mp4')
  share = await matinee.share(file.id)
})
afterAll(() => matinee.stop())

describe('headers of media', () => {
  it('S28: have the exact type, and no sniffing', async () => {
    for (const [url, type] of [
      [matinee.stream(share.id), 'application/vnd.apple.mpegurl'],
      [matinee.stream(share.id, '0/media.m3u8'), 'application/vnd.apple.mpegurl'],
      [matinee.stream(share.id, '0/init.mp4'), 'video/mp4'],
      [matinee.stream(share.id, '0/0.m4s'), 'video/mp4'],
      [matinee.at(`/poster/${share.id}.jpg`), 'image/jpeg'],
      [matinee.at(`/download/${share.id}/x`), 'video/mp4'],
      [matinee.at(`/share/${share.id}/playback`), 'application/json; charset=utf-8'],
    ] as const) {
      for (const { status, headers } of [await call('GET', url), await call('HEAD', url)]) {
        expect(status).toBe(200)
        expect(headers.get('content-type'), url).toBe(type)
        expect(Number(headers.get('content-length')), url).toBeGreaterThan(0)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('referrer-policy')).toBe('no-referrer')
        for (const it of ['x-powered-by', 'server', 'set-cookie']) expect(headers.get(it)).toBeNull()
      }
    }
  })

  it('S28: offer a download under its own name', async () => {
    const { headers } = await call('HEAD', share.media_download_url ?? '')
    const name = encodeURIComponent(file.filename)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[ -~]+"; /)
    expect(headers.get('content-disposition')?.endsWith(`filename*=UTF-8''${name}`)).toBe(true)
    // The name in the address is anybody's.
    const forged = await call('HEAD', matinee.at(`/download/${share.id}/a%0d%0aSet-Cookie:%20x=1`))
    expect(forged.headers.get('content-disposition')).toBe(headers.get('content-disposition'))
    expect(forged.headers.get('set-cookie')).toBeNull()
  })

  it('S26: let players of any site read, never with cookies', async () => {
    const origin = 'https://player.test'
    const media = matinee.addresses(share.id).filter((it) => !it.endsWith('/playback'))
    for (const url of [...media, matinee.stream('unknown')]) {
      for (const range of [undefined, 'bytes=0-1']) {
        const { headers } = await call('GET', url, { headers: { origin, ...(range ? { range } : {}) } })
        expect(headers.get('access-control-allow-origin')).toBe('*')
        expect(headers.get('access-control-allow-credentials')).toBeNull()
        const exposed = headers.get('access-control-expose-headers')?.split(', ')
        expect(exposed).toEqual(expect.arrayContaining(['Content-Length', 'Content-Range', 'Accept-Ranges']))
      }
      const preflight = await call('OPTIONS', url, {
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'range',
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
      expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('range')
    }
    const facts = await call('GET', matinee.at(`/share/${share.id}/playback`), { headers: { origin } })
    expect(facts.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe("the owner's preview", () => {
  it('plays any file without a share, never counted', async () => {
    const { id } = await matinee.addFile('preview.mp4')
    const main = await matinee.v1('GET', `/files/${id}/stream/main.m3u8`)
    expect(main.status).toBe(200)
    expect(main.headers.get('cache-control')).toBe('no-store')
    expect((await matinee.v1('GET', `/files/${id}/stream/0/media.m3u8`)).text).toContain('0.m4s')
    expect((await matinee.v1('GET', `/files/${id}/stream/0/0.m4s`)).status).toBe(200)
    expect((await matinee.v1('GET', `/files/${id}/stream/0/99.m4s`)).status).toBe(404)
    expect((await matinee.v1('GET', `/files/${id}/stream/main.m3u8?start=1&end=2`)).status).toBe(200)
    expect((await call('GET', `${matinee.api}/v1/files/${id}/stream/main.m3u8`)).status).toBe(401)
  })
})

describe('S35: a path that tries to leave', () => {
  const up = [
    '..%2f..%2f..%2f..%2f',
    '%2e%2e/%2e%2e/%2e%2e/',
    '../../../../',
    '..%5c..%5c..%5c',
    '..%c0%af..%c0%af',
  ]
  const ways = [
    ...[...up, '/', './', '..%252f..%252f', '....//....//', '%00/', '%ff/'].map((it) => `${it}etc/passwd`),
    ...up.map((it) => `${it}data/api-key`),
    ...[
      'etc/passwd%00.jpg',
      'x%00.m4s',
      '%ff',
      '%',
      '%zz',
      '..',
      '..%2f',
      `${'a/'.repeat(5_000)}x`,
      'a'.repeat(15_000),
    ],
    'a'.repeat(20_000),
  ]

  async function leadsNowhere(base: string, under: readonly string[], headers: string[] = []): Promise<void> {
    for (const path of under.flatMap((it) => ways.map((way) => it + way))) {
      const answer = await rawGet(base, path, headers)
      expect([400, 403, 404, 414, 431], path.slice(0, 80)).toContain(statusOf(answer))
      expect(answer).not.toContain('root:')
      expect(answer).not.toContain(matinee.key)
    }
  }

  it('of the share listener leads nowhere', async () => {
    const { id } = share
    const streams = ['/stream/', `/stream/${id}/`, `/stream/${id}/0/`]
    await leadsNowhere(matinee.shareBase, [
      '/',
      '/share/',
      `/share/${id}/`,
      ...streams,
      '/poster/',
      '/assets/',
      '/fonts/',
    ])
    // What stands behind its token is a name for people: it leads to the file of the share, whatever it is.
    await leadsNowhere(matinee.shareBase, ['/download/', '/download/x/'])
  })

  it('of the private listener leads nowhere', async () => {
    const of = `/v1/files/${file.id}`
    const under = [
      '/',
      '/assets/',
      '/fonts/',
      '/v1/',
      '/v1/files/',
      `${of}/`,
      `${of}/stream/`,
      `${of}/stream/0/`,
    ]
    await leadsNowhere(
      matinee.api,
      [...under, `${of}/thumbnails/`, '/v1/share/', '/v1/folders/'],
      [`Authorization: Bearer ${matinee.key}`],
    )
  })
})

describe('playing', () => {
  it('counts a viewer once, and never the owner', async () => {
    const { id } = await matinee.share((await matinee.addFile('viewed.mp4')).id)
    const view = (session: string, headers: Record<string, string> = {}): Promise<Answer> =>
      call('POST', matinee.at(`/share/${id}/view`), { body: { session }, headers })
    const views = async (): Promise<number> => (await matinee.v1('GET', `/share/${id}`)).json.view_count
    const viewer = randomUUID()
    expect((await view(viewer)).status).toBe(200)
    await view(viewer)
    expect(await views()).toBe(1)
    await view(randomUUID())
    expect(await views()).toBe(2)
    await view(randomUUID(), { cookie: await matinee.signIn() })
    expect(await views()).toBe(2)
    await view(randomUUID(), { cookie: 'matinee_owner_1=wrong' })
    expect(await views()).toBe(3)
    for (const body of [{}, { session: 7 }, { session: 'x' }, { session: 'x'.repeat(300) }]) {
      expect((await call('POST', matinee.at(`/share/${id}/view`), { body })).status).toBe(400)
    }
    await matinee.v1('DELETE', `/share/${id}`)
    expect((await view(randomUUID())).status).toBe(404)
    expect((await view(randomUUID(), { cookie: await matinee.signIn() })).status).toBe(404)
  })

  it('tells the page how, by paths of the listener it came by', async () => {
    const { json, headers } = await call('GET', matinee.at(`/share/${share.id}/playback`))
    expect(json).toMatchObject({
      status: 'completed',
      stream_url: `/stream/${share.id}/main.m3u8`,
      download_bytes: statSync(file.path).size,
      poster_url: `/poster/${share.id}.jpg`,
    })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('S35: what is no part of a stream is a 404', async () => {
    const other = await matinee.share((await matinee.addFile('neighbour.mp4')).id)
    const paths = [
      '0/99.m4s',
      '0/999999999.m4s',
      '0/00.m4s',
      '0/-1.m4s',
      '0/1e1.m4s',
      '0/0.m4s%00',
      '0/0.ts',
      '1/0.m4s',
    ]
    const strange = [
      '0/..%2fmain.m3u8',
      `..%2f${other.id}/init.mp4`,
      '0/%2e%2e',
      'media.m3u8',
      '',
      '0/',
      '%2e%2e/init.mp4',
    ]
    for (const path of [
      ...paths,
      ...strange,
      '0/init.mp4/',
      '0/0/0.m4s',
      '%ff/init.mp4',
      '000000000000/init.mp4',
    ]) {
      const answer = await rawGet(matinee.shareBase, `/stream/${share.id}/${path}`)
      expect([400, 403, 404], path).toContain(statusOf(answer))
    }
  })

  it('a source that was replaced is never served out of what is still open', async () => {
    const own = await matinee.addFile('replaced.mp4')
    const { id } = await matinee.share(own.id)
    const urls = [matinee.at(`/download/${id}/x`), `${matinee.api}/v1/files/${own.id}/content`]
    const headers = { authorization: `Bearer ${matinee.key}` }
    const bodies = async (): Promise<Buffer[]> =>
      Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url, { headers })).arrayBuffer())))
    const before = readFileSync(own.path)
    expect(await bodies()).toEqual([before, before])
    // Of the same size, with the same name.
    renameSync(matinee.makeFile('replacement.mp4'), own.path)
    const after = readFileSync(own.path)
    expect([after.byteLength, after.equals(before)]).toEqual([before.byteLength, false])
    expect(await bodies()).toEqual([after, after])
  })

  it('a source that is gone is a 410 everywhere', async () => {
    const gone = await matinee.addFile('unplugged.mp4')
    const { id } = await matinee.share(gone.id)
    rmSync(gone.path)
    for (const url of [matinee.stream(id), matinee.stream(id, '0/0.m4s'), matinee.at(`/download/${id}/x`)]) {
      const { status, json, headers } = await call('GET', url)
      expect(status, url).toBe(410)
      expect(json.code).toBe('file_missing')
      expect(headers.get('cache-control')).toBe('no-store')
    }
    const content = await matinee.v1('GET', `/files/${gone.id}/content`)
    expect([content.status, content.json.code]).toEqual([410, 'file_missing'])
  })
})
