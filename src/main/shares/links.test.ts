import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StoredShare } from '../store/shares.ts'
import { aShare } from '../store/testing.ts'
import { createDoor } from './door.ts'
import { createLinks, type MediaPaths } from './links.ts'
import type { Purpose, Window } from './token.ts'

const HOUR = 60 * 60_000
const MINUTE = 60_000
const secret = Buffer.alloc(32, 1)
const begin = 1_700_000_000_000
let clock: number
beforeEach(() => {
  clock = begin
})
const now = (): number => clock
const makeLinks = createLinks({ secret, now })
const linksOf = (share: StoredShare, filename: string, clip: Window | null = null): MediaPaths =>
  makeLinks(share, { filename, clip })

const hidden = aShare(randomUUID(), { visibility: 'private' })
const shared = aShare(randomUUID())
const segment = { startS: 10, endS: 20 }
const part = aShare(randomUUID(), { visibility: 'private', fileSegmentId: randomUUID() })
const open = createDoor({
  ...{ secret, now },
  read: (id) => [hidden, shared, part].find((it) => it.id === id),
  windowOf: (share) => (share.fileSegmentId === null ? null : segment),
  passOf: () => undefined,
})

/** The part of a path that opens something. */
const keyIn = (path: string): string => path.split('/')[2]?.replace(/\.jpg$/, '') ?? ''
const keysIn = ({
  stream,
  poster,
  download,
}: MediaPaths): Record<'stream' | 'poster' | 'download', string> => ({
  stream: keyIn(stream),
  poster: keyIn(poster),
  download: keyIn(download),
})
const refusal = (key: string, purpose: Purpose): unknown => {
  try {
    open(key, purpose)
    return null
  } catch (error) {
    return (error as { code: unknown }).code
  }
}

test('a public share is opened by its id, at all times', () => {
  const paths = linksOf(shared, 'a/b #1.mp4')
  expect(paths).toEqual({
    stream: `/stream/${shared.id}/main.m3u8`,
    poster: `/poster/${shared.id}.jpg`,
    download: `/download/${shared.id}/a%2Fb%20%231.mp4`,
    streamExpiresAt: null,
    downloadExpiresAt: null,
  })
  clock += 1000 * HOUR
  for (const [purpose, key] of Object.entries(keysIn(paths)))
    expect(refusal(key, purpose as Purpose)).toBeNull()
})

describe('the addresses of a private share', () => {
  test('S3: open what each is for, and nothing else', () => {
    for (const [own, key] of Object.entries(keysIn(linksOf(hidden, 'x.mp4')))) {
      for (const purpose of ['page', 'stream', 'download', 'poster'] as const) {
        expect(refusal(key, purpose), `${own} for ${purpose}`).toBe(purpose === own ? null : 'forbidden')
      }
    }
  })

  test.each([0, 1, 4_321, 9_999])('S5: hold 12 h and 5 min, whatever the clock shows (+ %d ms)', (ms) => {
    clock = begin + ms
    const paths = linksOf(hidden, 'x.mp4')
    const { stream, poster, download } = keysIn(paths)
    const after = (key: string, purpose: Purpose, passedMs: number): unknown => {
      clock = begin + ms + passedMs
      return refusal(key, purpose)
    }
    for (const [key, purpose] of [
      [stream, 'stream'],
      [poster, 'poster'],
    ] as const) {
      expect(after(key, purpose, 11 * HOUR + 59 * MINUTE)).toBeNull()
      expect(after(key, purpose, 12 * HOUR - 1)).toBeNull()
      expect(after(key, purpose, 12 * HOUR + MINUTE)).toBe('forbidden')
    }
    expect(after(download, 'download', 5 * MINUTE - 1)).toBeNull()
    expect(after(download, 'download', 5 * MINUTE + 10_000)).toBe('forbidden')
    const endsMs = (paths.downloadExpiresAt ?? 0) - begin - ms
    expect(after(download, 'download', endsMs - 1)).toBeNull()
    expect(after(download, 'download', endsMs)).toBe('forbidden')
  })

  test('are the same when asked for again at once, and new ones soon after', () => {
    clock = begin + 1
    const first = linksOf(hidden, 'x.mp4')
    clock = begin + 10_000
    expect(linksOf(hidden, 'x.mp4')).toEqual(first)
    clock = begin + 10_001
    const later = linksOf(hidden, 'x.mp4')
    for (const name of ['stream', 'poster', 'download', 'downloadExpiresAt'] as const) {
      expect(later[name]).not.toBe(first[name])
    }
  })

  test('do not claim to outlive the share', () => {
    const ending = { ...hidden, expiresAt: begin + MINUTE }
    expect(linksOf(ending, 'x.mp4').downloadExpiresAt).toBe(begin + MINUTE)
    expect(linksOf({ ...hidden, expiresAt: begin + HOUR }, 'x').downloadExpiresAt).toBe(begin + 5 * MINUTE)
  })
})

describe('the addresses of a part', () => {
  const clip = { startS: 12, endS: 15.5 }

  test.each([
    ['public', shared],
    ['private', hidden],
    ['segment', part],
  ])('S5: of a %s share carry its window, each for its purpose, and no page opens by them', (_, share) => {
    for (const [own, key] of Object.entries(keysIn(linksOf(share, 'x.mp4', clip)))) {
      expect(key).toMatch(/^m1\./)
      expect(open(key, own as Purpose).window).toEqual(clip)
      expect(refusal(key, 'page')).toBe('forbidden')
    }
  })

  test('of a public share do not end, of a private one as those of the whole', () => {
    const [open, ended] = [shared, hidden].map((it) => linksOf(it, 'x.mp4', clip))
    expect(open?.downloadExpiresAt).toBeNull()
    clock += 1000 * HOUR
    expect(refusal(keyIn(open?.stream ?? ''), 'stream')).toBeNull()
    expect(refusal(keyIn(ended?.stream ?? ''), 'stream')).toBe('forbidden')
  })

  test('S5: the share of a segment opens that segment, and no signed window opens more', () => {
    expect(open(keyIn(linksOf(part, 'x.mp4').stream), 'stream').window).toEqual(segment)
    for (const wider of [
      { startS: 0, endS: 15 },
      { startS: 12, endS: 20.5 },
      { startS: 30, endS: 40 },
    ]) {
      expect(refusal(keyIn(linksOf(part, 'x.mp4', wider).stream), 'stream')).toBe('forbidden')
    }
    expect(open(shared.id, 'stream').window).toBeNull()
  })
})
