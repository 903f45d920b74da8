import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { aShare } from '../store/testing.ts'
import { createDoor } from './door.ts'
import { createLinks, type MediaPaths } from './links.ts'
import type { Purpose } from './token.ts'

const HOUR = 60 * 60_000
const MINUTE = 60_000
const secret = Buffer.alloc(32, 1)
const begin = 1_700_000_000_000
let clock: number
beforeEach(() => {
  clock = begin
})
const now = (): number => clock
const linksOf = createLinks({ secret, now })

const hidden = aShare(randomUUID(), { visibility: 'private' })
const shared = aShare(randomUUID())
const open = createDoor({ secret, now, read: (id) => [hidden, shared].find((it) => it.id === id) })

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
