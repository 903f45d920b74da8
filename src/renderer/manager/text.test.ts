import { expect, test } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import {
  bitrateText,
  countOf,
  countText,
  factsOf,
  folderOf,
  frameRateText,
  leftText,
  percentText,
  resolutionText,
  titleOf,
  whenText,
} from './text.ts'

test('counts have their thousands apart, and one is one', () => {
  expect(countText(1284)).toBe('1,284')
  expect(countOf(1, 'file')).toBe('1 file')
  expect(countOf(0, 'file')).toBe('0 files')
  expect(countOf(12_000, 'link')).toBe('12,000 links')
})

test.each([
  [3840, 2160, '4K'],
  [4096, 1716, '4K'],
  [7680, 4320, '8K'],
  [2560, 1440, '1440p'],
  [1920, 1080, '1080p'],
  [1920, 800, '1080p'],
  [1080, 1920, '1080p'],
  [1280, 720, '720p'],
  [720, 576, '576p'],
  [320, 180, '180p'],
])('a picture of %d × %d is called %s', (width, height, text) => {
  expect(resolutionText(width, height)).toBe(text)
})

test('sound alone has no resolution', () => {
  expect(resolutionText(null, null)).toBeNull()
})

test('rates are told with no more decimals than they need', () => {
  expect(frameRateText(30)).toBe('30 fps')
  expect(frameRateText(30000 / 1001)).toBe('29.97 fps')
  expect(bitrateText(41_200_000)).toBe('41 Mbit/s')
  expect(bitrateText(1_540_000)).toBe('1.5 Mbit/s')
  expect(bitrateText(128_300)).toBe('128 kbit/s')
})

test('progress never says that it is done before it is', () => {
  expect(percentText(0.649)).toBe('64 %')
  expect(percentText(0.999)).toBe('99 %')
  expect(percentText(1)).toBe('100 %')
  expect(leftText(12.4)).toBe('12 s left')
  expect(leftText(undefined)).toBe('')
  expect(leftText(0)).toBe('')
})

test('a time is told by how far away it is', () => {
  const now = new Date(2026, 10, 22, 19, 12).getTime()
  expect(whenText(now - 30_000, now)).toBe('Just now')
  expect(whenText(new Date(2026, 10, 9, 7, 5).getTime(), now)).toBe('9 Nov, 07:05')
  expect(whenText(new Date(2024, 0, 3, 7, 5).getTime(), now)).toBe('3 Jan 2024')
})

test.each([
  ['Ridge walk.mp4', 'Ridge walk'],
  ['two.dots.mkv', 'two.dots'],
  ['no extension', 'no extension'],
  ['.hidden', '.hidden'],
])('%s is shared as "%s"', (name, title) => {
  expect(titleOf(name)).toBe(title)
})

test('a path lies in its folder, on any system', () => {
  expect(folderOf('/home/ana/Videos/a.mp4')).toBe('/home/ana/Videos')
  expect(folderOf('/a.mp4')).toBe('/')
  expect(folderOf('C:\\Videos\\a.mp4')).toBe('C:\\Videos')
})

test('facts leave out what is not known', () => {
  const unknown = { width: null, height: null, sample_rate: null, channels: null, bitrate: null }
  const file = {
    bytes: 43_000_000,
    created_at: 0,
    audio_codec: 'AAC',
    media_info: { ...unknown, duration_seconds: 2840, format: 'MP4', has_audio: true, audio_tracks: [] },
  } as unknown as File
  expect(factsOf(file, 30_000)).toEqual([
    ['Duration', '47 min 20 s'],
    ['Audio', 'AAC'],
    ['Format', 'MP4'],
    ['Size', '43 MB'],
    ['Added', 'Just now'],
  ])
  const film = {
    ...file,
    video_codec: 'H.264',
    frame_rate: 29.97,
    media_info: {
      ...file.media_info,
      width: 3840,
      height: 2160,
      channels: 2,
      sample_rate: 44_100,
      bitrate: 41_000_000,
    },
  } as File
  expect(Object.fromEntries(factsOf(film, 30_000))).toMatchObject({
    Video: '3840 × 2160, H.264, 29.97 fps',
    Audio: 'AAC, stereo, 44.1 kHz',
    Size: '43 MB, 41 Mbit/s',
  })
})

test('several tracks of sound are named, with those that a stream leaves out', () => {
  const tracksOf = (playable: boolean, ...tracks: [name: string, streamed: boolean][]) => {
    const file = {
      playable,
      bytes: 1,
      created_at: 0,
      media_info: { audio_tracks: tracks.map(([name, streamed]) => ({ name, streamed, codec: 'AC-3' })) },
    } as unknown as File
    return Object.fromEntries(factsOf(file, 0))['Audio tracks']
  }
  expect(tracksOf(true, ['English', true])).toBeUndefined()
  expect(tracksOf(true, ['Deutsch', true], ['English', true])).toBe('Deutsch, English')
  expect(tracksOf(true, ['Deutsch', true], ['English', false])).toBe('Deutsch, English (AC-3, left out)')
  expect(tracksOf(false, ['Deutsch', true], ['English', false])).toBe('Deutsch, English')
})
