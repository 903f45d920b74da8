import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { call, startTestMatinee, type TestMatinee } from './testing.ts'

const MIB = 1024 * 1024
const LARGE_BYTES = 5 * 1024 * MIB

let matinee: TestMatinee
let file: File
let share: Share
let source: Buffer
let large: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  file = await matinee.addFile('Überfahrt – 1.mp4')
  source = readFileSync(file.path)
  share = await matinee.share(file.id)
  large = await matinee.share((await matinee.addFile('large.mp4', { padTo: LARGE_BYTES })).id)
})
afterAll(() => matinee.stop())

const at = (path: string): string => `${matinee.shareBase}${path}`
const stream = (id: string, path = 'main.m3u8'): string => at(`/stream/${id}/${path}`)
const ranged = (url: string, range: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { range, ...headers } })

/** Every address that gives bytes or facts of a share. */
const addresses = (id: string): string[] => [
  stream(id),
  stream(id, '0/media.m3u8'),
  stream(id, '0/init.mp4'),
  stream(id, '0/0.m4s'),
  stream(id, '0/1.m4s'),
  at(`/poster/${id}.jpg`),
  at(`/poster/${id}.jpg?size=card`),
  at(`/download/${id}/film.mp4`),
  at(`/share/${id}/playback`),
]

describe('S34: ranges', () => {
  const cases = (size: number): [range: string, status: number, bytes?: [number, number]][] => [
    ['bytes=0-0', 206, [0, 0]],
    ['bytes=-1', 206, [size - 1, size - 1]],
    ['bytes=-0', 416],
    ['bytes=5-2', 416],
    [`bytes=${size}-`, 416],
    [`bytes=${size - 1}-${'9'.repeat(99)}`, 206, [size - 1, size - 1]],
    ['bytes=abc', 416],
    ['items=0-5', 200],
    ['bytes=0-0,2-2', 200],
    ['bytes=0-,0-,0-,0-,0-', 200],
    [`bytes=1${'0'.repeat(23)}-`, 416],
    [`bytes=${size - 20}-`, 206, [size - 20, size - 1]],
    ['bytes=100-199', 206, [100, 199]],
  ]

  async function checkAll(url: string, content: Buffer): Promise<void> {
    const size = content.byteLength
    for (const [range, status, bytes] of cases(size)) {
      const answer = await ranged(url, range)
      const body = Buffer.from(await answer.arrayBuffer())
      expect(answer.status, range).toBe(status)
      if (status === 416) {
        expect(answer.headers.get('content-range')).toBe(`bytes */${size}`)
        expect(JSON.parse(body.toString())).toMatchObject({ code: 'range_not_satisfiable' })
        continue
      }
      const [first, last] = bytes ?? [0, size - 1]
      expect(body.equals(content.subarray(first, last + 1)), range).toBe(true)
      expect(answer.headers.get('content-length')).toBe(String(last - first + 1))
      expect(answer.headers.get('accept-ranges')).toBe('bytes')
      expect(answer.headers.get('content-range')).toBe(bytes ? `bytes ${first}-${last}/${size}` : null)
    }
  }

  it('of a download', () => checkAll(at(`/download/${share.id}/x`), source))
  it('of a segment', async () => {
    const url = stream(share.id, '0/1.m4s')
    await checkAll(url, Buffer.from(await (await fetch(url)).arrayBuffer()))
  })
  it("of the owner's content", async () => {
    const url = `${matinee.api}/v1/files/${file.id}/content`
    const headers = { authorization: `Bearer ${matinee.key}` }
    const answer = await ranged(url, 'bytes=3-9', headers)
    expect(answer.status).toBe(206)
    expect(Buffer.from(await answer.arrayBuffer()).equals(source.subarray(3, 10))).toBe(true)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; /)
    expect((await ranged(url, 'bytes=9999999999-', headers)).status).toBe(416)
  })

  it('of a file beyond 4 GiB', async () => {
    const url = at(`/download/${large.id}/large.mp4`)
    const far = 4 * 1024 * MIB + 5
    for (const [range, status, contentRange, length] of [
      [`bytes=${far}-${far + 9}`, 206, `bytes ${far}-${far + 9}/${LARGE_BYTES}`, 10],
      ['bytes=-1', 206, `bytes ${LARGE_BYTES - 1}-${LARGE_BYTES - 1}/${LARGE_BYTES}`, 1],
      [`bytes=${LARGE_BYTES}-`, 416, `bytes */${LARGE_BYTES}`, undefined],
    ] as const) {
      const answer = await ranged(url, range)
      const body = await answer.arrayBuffer()
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-range')).toBe(contentRange)
      if (length !== undefined) expect(body.byteLength).toBe(length)
    }
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(LARGE_BYTES))
    expect(head.headers.get('content-range')).toBeNull()
  })

  it('across many chunks arrive whole', async () => {
    const [first, length] = [1000, 3 * MIB + 7]
    const answer = await ranged(at(`/download/${large.id}/x`), `bytes=${first}-${first + length - 1}`)
    const body = Buffer.from(await answer.arrayBuffer())
    const expected = Buffer.alloc(length)
    readFileSync(file.path).copy(expected, 0, first)
    expect(body.byteLength).toBe(length)
    expect(body.subarray(0, MIB / 8).equals(expected.subarray(0, MIB / 8))).toBe(true)
  })

  it('hold only of the state that If-Range names', async () => {
    for (const url of [at(`/download/${share.id}/x`), stream(share.id, '0/0.m4s')]) {
      const etag = (await call('HEAD', url)).headers.get('etag') ?? ''
      expect((await ranged(url, 'bytes=0-0', { 'if-range': etag })).status).toBe(206)
      expect((await ranged(url, 'bytes=0-0', { 'if-range': '"old"' })).status).toBe(200)
      expect((await ranged(url, 'bytes=0-0', { 'if-range': `W/${etag}` })).status).toBe(200)
      expect((await ranged(url, 'bytes=999999999999-', { 'if-range': '"old"' })).status).toBe(200)
      const known = await fetch(url, { headers: { 'if-none-match': etag } })
      expect([known.status, await known.text()]).toEqual([304, ''])
    }
  })

  it('are not known to HEAD', async () => {
    const url = at(`/download/${share.id}/x`)
    const answer = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-0' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe(String(source.byteLength))
  })
})

describe('headers of media', () => {
  it('S28: have the exact type, and no sniffing', async () => {
    for (const [url, type] of [
      [stream(share.id), 'application/vnd.apple.mpegurl'],
      [stream(share.id, '0/media.m3u8'), 'application/vnd.apple.mpegurl'],
      [stream(share.id, '0/init.mp4'), 'video/mp4'],
      [stream(share.id, '0/0.m4s'), 'video/mp4'],
      [at(`/poster/${share.id}.jpg`), 'image/jpeg'],
      [at(`/download/${share.id}/x`), 'video/mp4'],
      [at(`/share/${share.id}/playback`), 'application/json; charset=utf-8'],
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
    const forged = await call('HEAD', at(`/download/${share.id}/a%0d%0aSet-Cookie:%20x=1`))
    expect(forged.headers.get('content-disposition')).toBe(headers.get('content-disposition'))
    expect(forged.headers.get('set-cookie')).toBeNull()
  })

  it('S26: let players of any site read, never with cookies', async () => {
    const origin = 'https://player.test'
    const media = addresses(share.id).filter((it) => !it.endsWith('/playback'))
    for (const url of [...media, stream('unknown')]) {
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
    const facts = await call('GET', at(`/share/${share.id}/playback`), { headers: { origin } })
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
    expect((await matinee.v1('GET', `/files/${id}/stream/main.m3u8?start=1&end=2`)).json.code).toBe(
      'not_available',
    )
    expect((await call('GET', `${matinee.api}/v1/files/${id}/stream/main.m3u8`)).status).toBe(401)
  })
})
