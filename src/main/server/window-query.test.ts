import { expect, test } from 'vitest'
import { windowIn, windowOf, windowQuery, withQuery } from './window-query.ts'

test('a window has a start and an end behind it', () => {
  expect(windowOf({ start: 1, end: 2.5 })).toEqual({ startS: 1, endS: 2.5 })
  expect(windowIn({})).toBeUndefined()
  expect(() => windowOf({ start: 2, end: 2 })).toThrow('behind its start')
  expect(() => windowIn({ start: 2 })).toThrow('a start and an end')
  expect(() => windowIn({ end: 2 })).toThrow('a start and an end')
})

test('every address of a playlist carries the query', () => {
  const query = windowQuery({ startS: 1.5, endS: 3 })
  const playlist = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a",URI="1/media.m3u8"',
    '#EXT-X-MAP:URI="init.mp4"',
    '#EXTINF:4.000000,',
    '0.m4s',
    '',
  ].join('\n')
  expect(withQuery(playlist, query).split('\n')).toEqual([
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a",URI="1/media.m3u8?start=1.5&end=3"',
    '#EXT-X-MAP:URI="init.mp4?start=1.5&end=3"',
    '#EXTINF:4.000000,',
    '0.m4s?start=1.5&end=3',
    '',
  ])
})
