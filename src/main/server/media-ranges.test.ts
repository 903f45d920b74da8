import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import { call, startTestMatinee, type TestMatinee } from './testing.ts'

const MIB = 1024 * 1024
const LARGE_BYTES = 5 * 1024 * MIB
/** Bodies up to this size are read and compared; of larger ones the headers tell enough. */
const READABLE_BYTES = 8 * MIB

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

const ranged = (url: string, range: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { range, ...headers } })

type Place = readonly [first: number, last: number]

/** What S34 asks for, and its neighbours: each range with its status and the places that it gives. */
const table = (size: number): [range: string, status: number, places: Place[]][] => [
  ['bytes=0-0', 206, [[0, 0]]],
  ['bytes=-1', 206, [[size - 1, size - 1]]],
  ['bytes=-0', 416, []],
  ['bytes=5-2', 416, []],
  [`bytes=${size}-`, 416, []],
  [`bytes=${size - 1}-${'9'.repeat(99)}`, 206, [[size - 1, size - 1]]],
  ['bytes=abc', 416, []],
  ['items=0-5', 200, [[0, size - 1]]],
  [
    'bytes=0-0,2-2',
    206,
    [
      [0, 0],
      [2, 2],
    ],
  ],
  [
    `bytes=-5,100-199, ${size}-`,
    206,
    [
      [size - 5, size - 1],
      [100, 199],
    ],
  ],
  ['bytes=0-,0-,0-,0-,0-', 206, [[0, size - 1]]],
  ['bytes=1000-1999,0-999,500-1499,0-0,1999-2999', 206, [[0, 2999]]],
  [
    `bytes=${Array.from({ length: 16 }, (_, at) => `${at * 3}-${at * 3}`).join()}`,
    206,
    Array.from({ length: 16 }, (_, at) => [at * 3, at * 3]),
  ],
  [`bytes=${Array.from({ length: 17 }, (_, at) => `${at * 3}-${at * 3}`).join()}`, 200, [[0, size - 1]]],
  // In parts it would be more than all of it.
  [`bytes=1-${size - 2},0-0,${size - 1}-`, 206, [[0, size - 1]]],
  [`bytes=0-0,2-${size - 1}`, 200, [[0, size - 1]]],
  [`bytes=1${'0'.repeat(23)}-`, 416, []],
  [`bytes=${size - 20}-`, 206, [[size - 20, size - 1]]],
  ['bytes=100-199', 206, [[100, 199]]],
]

/** The parts of a multipart/byteranges body, as RFC 2046 section 5.1.1 has them read. */
function partsOf(contentType: string, body: Buffer): { head: string; content: Buffer }[] {
  const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(contentType)?.[1] ?? ''
  const [before, ...parts] = body.toString('latin1').split(`\r\n--${boundary}`)
  expect(before).toBe('')
  expect(parts.pop()).toBe('--\r\n')
  return parts.map((it) => {
    const at = it.indexOf('\r\n\r\n')
    return { head: it.slice(2, at), content: Buffer.from(it.slice(at + 4), 'latin1') }
  })
}

/** Holds every row of the table to what `content` says is at a place. */
async function checkTable(url: string, size: number, content: (place: Place) => Buffer): Promise<void> {
  const { headers } = await call('HEAD', url)
  const type = headers.get('content-type') ?? ''
  for (const [range, status, places] of table(size)) {
    const answer = await ranged(url, range)
    const { headers } = answer
    const bytes = Number(headers.get('content-length'))
    expect([range, answer.status]).toEqual([range, status])
    expect(bytes).toBeLessThanOrEqual(Math.max(size, 1000))
    const [only = [0, 0]] = places
    if (status === 416) {
      expect(headers.get('content-range')).toBe(`bytes */${size}`)
      expect(await answer.json()).toMatchObject({ code: 'range_not_satisfiable' })
      continue
    }
    expect(headers.get('accept-ranges')).toBe('bytes')
    const isOnePart = status === 206 && places.length === 1
    expect(headers.get('content-range')).toBe(isOnePart ? `bytes ${only[0]}-${only[1]}/${size}` : null)
    if (places.length === 1) {
      expect(headers.get('content-type')).toBe(type)
      expect(bytes, range).toBe(only[1] - only[0] + 1)
    }
    if (bytes > READABLE_BYTES) {
      await answer.body?.cancel()
      continue
    }
    const body = Buffer.from(await answer.arrayBuffer())
    expect(body.byteLength).toBe(bytes)
    if (places.length === 1) expect(body.equals(content(only)), range).toBe(true)
    else {
      const parts = partsOf(headers.get('content-type') ?? '', body)
      const heads = places.map(
        ([first, last]) => `Content-Type: ${type}\r\nContent-Range: bytes ${first}-${last}/${size}`,
      )
      expect(parts.map((it) => it.head)).toEqual(heads)
      expect(parts.map((it) => it.content)).toEqual(places.map(content))
    }
  }
}

describe('S34: ranges', () => {
  const of =
    (whole: Buffer) =>
    ([first, last]: Place): Buffer =>
      whole.subarray(first, last + 1)

  it('of a download', () => checkTable(matinee.at(`/download/${share.id}/x`), source.byteLength, of(source)))

  it('of a segment', async () => {
    const url = matinee.stream(share.id, '0/1.m4s')
    const segment = Buffer.from(await (await fetch(url)).arrayBuffer())
    await checkTable(url, segment.byteLength, of(segment))
  })

  it('of a download beyond 4 GiB', async () => {
    const url = matinee.at(`/download/${large.id}/large.mp4`)
    const start = Buffer.concat([source, Buffer.alloc(4000)])
    // All but its beginning is room that was never written.
    await checkTable(url, LARGE_BYTES, ([first, last]) =>
      first < 4000 ? start.subarray(first, last + 1) : Buffer.alloc(last - first + 1),
    )
    const far = 4 * 1024 * MIB + 5
    const answer = await ranged(url, `bytes=${far}-${far + 9}`)
    expect(answer.headers.get('content-range')).toBe(`bytes ${far}-${far + 9}/${LARGE_BYTES}`)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.alloc(10))
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(LARGE_BYTES))
    expect(head.headers.get('content-range')).toBeNull()
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

  it('across many chunks arrive whole', async () => {
    const [first, length] = [1000, 3 * MIB + 7]
    const answer = await ranged(matinee.at(`/download/${large.id}/x`), `bytes=${first}-${first + length - 1}`)
    const body = Buffer.from(await answer.arrayBuffer())
    const expected = Buffer.alloc(length)
    readFileSync(file.path).copy(expected, 0, first)
    expect(body.byteLength).toBe(length)
    expect(body.subarray(0, MIB / 8).equals(expected.subarray(0, MIB / 8))).toBe(true)
  })

  it('hold only of the state that If-Range names', async () => {
    for (const url of [matinee.at(`/download/${share.id}/x`), matinee.stream(share.id, '0/0.m4s')]) {
      const etag = (await call('HEAD', url)).headers.get('etag') ?? ''
      expect((await ranged(url, 'bytes=0-0', { 'if-range': etag })).status).toBe(206)
      expect((await ranged(url, 'bytes=0-0', { 'if-range': '"old"' })).status).toBe(200)
      expect((await ranged(url, 'bytes=0-0', { 'if-range': `W/${etag}` })).status).toBe(200)
      expect((await ranged(url, 'bytes=999999999999-', { 'if-range': '"old"' })).status).toBe(200)
      const known = await fetch(url, { headers: { 'if-none-match': etag } })
      expect([known.status, await known.text()]).toEqual([304, ''])
    }
  })

  it('hold only of the time that If-Range names, to the second', async () => {
    const url = matinee.at(`/download/${share.id}/x`)
    const modified = (await call('HEAD', url)).headers.get('last-modified') ?? ''
    const earlier = new Date(Date.parse(modified) - 1000).toUTCString()
    expect((await ranged(url, 'bytes=0-0', { 'if-range': modified })).status).toBe(206)
    expect((await ranged(url, 'bytes=0-0,2-2', { 'if-range': modified })).status).toBe(206)
    expect((await ranged(url, 'bytes=0-0', { 'if-range': earlier })).status).toBe(200)
    const since = async (date: string): Promise<number> =>
      (await call('GET', url, { headers: { 'if-modified-since': date } })).status
    expect([await since(modified), await since(earlier)]).toEqual([304, 200])
  })

  it('are not known to HEAD', async () => {
    const url = matinee.at(`/download/${share.id}/x`)
    const answer = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-0' } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-length')).toBe(String(source.byteLength))
  })
})
