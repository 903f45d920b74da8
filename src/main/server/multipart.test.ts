import { describe, expect, it } from 'vitest'
import { contentRange, multipartOf } from './multipart.ts'

const RANGES = [
  { first: 0, last: 0 },
  { first: 4_294_967_296, last: 4_294_967_297 },
]

describe('a body of several parts', () => {
  it('has each range behind its own type and place, and counts its bytes', () => {
    const { type, bytes, pieces } = multipartOf(RANGES, 'video/mp4', 2 ** 33)
    const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(type)?.[1] ?? ''
    expect(boundary).not.toBe('')
    const head = (range: string): string =>
      `\r\n--${boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes ${range}/8589934592\r\n\r\n`
    const texts = [head('0-0'), head('4294967296-4294967297'), `\r\n--${boundary}--\r\n`] as const
    expect(pieces).toEqual([texts[0], RANGES[0], texts[1], RANGES[1], texts[2]])
    expect(bytes).toBe(texts.join('').length + 3)
  })

  it('has a boundary that no file can know', () => {
    expect(multipartOf(RANGES, 'video/mp4', 10).type).not.toBe(multipartOf(RANGES, 'video/mp4', 10).type)
  })
})

it('a place in a file is told with both ends and the size', () => {
  expect(contentRange({ first: 3, last: 9 }, 10)).toBe('bytes 3-9/10')
})
