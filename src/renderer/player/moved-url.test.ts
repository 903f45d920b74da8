import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { movedUrl } from './moved-url.ts'

beforeAll(() => void vi.stubGlobal('location', { href: 'https://video.example.org/share/1?s=2' }))
afterAll(() => void vi.unstubAllGlobals())

const from = '/stream/m1.old.token/main.m3u8'
const to = '/stream/m1.new.token/main.m3u8'

test('parts of a stream go with it', () => {
  for (const part of ['main.m3u8', '0/media.m3u8', '0/12.m4s', 's1/0.vtt?x=1']) {
    expect(movedUrl(`https://video.example.org/stream/m1.old.token/${part}`, from, to)).toBe(
      `https://video.example.org/stream/m1.new.token/${part}`,
    )
  }
})

test('what is no part of it stays where it is', () => {
  for (const url of [
    'https://video.example.org/stream/m1.old.tokens/0/1.m4s',
    'https://video.example.org/poster/m1.old.token.jpg',
    'https://elsewhere.example.org/stream/m1.old.token/0/1.m4s',
    'https://video.example.org/stream/m1.new.token/0/1.m4s',
  ]) {
    expect(movedUrl(url, from, to)).toBe(url)
  }
})
