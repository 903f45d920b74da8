import { expect, test } from 'vitest'
import { parseStoryboard, tileAt } from './storyboard.ts'

const BASE = 'http://me.test/stream/token/storyboard.vtt'

test('cues are parts of images, their addresses relative to the storyboard', () => {
  const text = [
    'WEBVTT',
    '',
    '1',
    '00:00.000 --> 00:10.000',
    'storyboard/0.jpg#xywh=0,0,160,90',
    '',
    '01:00:10.500 --> 01:00:20.000 align:start',
    'storyboard/1.jpg?v=2#xywh=160,90,160,90',
  ].join('\r\n')
  expect(parseStoryboard(text, BASE)).toEqual([
    {
      ...{ startS: 0, endS: 10, x: 0, y: 0, width: 160, height: 90 },
      url: 'http://me.test/stream/token/storyboard/0.jpg',
    },
    {
      ...{ startS: 3610.5, endS: 3620, x: 160, y: 90, width: 160, height: 90 },
      url: 'http://me.test/stream/token/storyboard/1.jpg?v=2',
    },
  ])
})

test('cues that show no part of an image are left out', () => {
  const text = ['WEBVTT', '', '00:00.000 --> 00:10.000', 'Hello', '', '00:10.000 --> 00:20.000']
  expect(parseStoryboard([...text, '0.jpg#xywh=0,0,0,90'].join('\n'), BASE)).toEqual([])
  expect(parseStoryboard('', BASE)).toEqual([])
})

test('a second has the picture that began last, and no second is without one', () => {
  const tiles = parseStoryboard(
    ['WEBVTT', '00:02.000 --> 00:10.000', '0.jpg#xywh=0,0,16,9', '', '00:10.000 --> 00:20.000']
      .concat('0.jpg#xywh=16,0,16,9')
      .join('\n'),
    BASE,
  )
  expect(tileAt(tiles, 0)?.x).toBe(0)
  expect(tileAt(tiles, 9.99)?.x).toBe(0)
  expect(tileAt(tiles, 10)?.x).toBe(16)
  expect(tileAt(tiles, 99)?.x).toBe(16)
  expect(tileAt([], 1)).toBeUndefined()
})
