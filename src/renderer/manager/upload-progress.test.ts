import { describe, expect, test } from 'vitest'
import type { Share } from '../../shared/api/share.ts'
import type { Upload } from './state/uploads.ts'
import {
  lineOf,
  speedOf,
  speedText,
  summaryOf,
  timeLeftText,
  withSample,
  type Sample,
} from './upload-progress.ts'

const MB = 1e6
const upload = (over: Partial<Upload> = {}): Upload => ({
  id: '1',
  name: 'film.mp4',
  bytes: 100 * MB,
  isShared: false,
  state: 'sending',
  sent: 25 * MB,
  bytesPerS: 10 * MB,
  ...over,
})

test('the speed is that of the last seconds, and is not guessed from one look', () => {
  let samples: Sample[] = []
  samples = withSample(samples, { timeMs: 0, sent: 0 })
  expect(speedOf(samples)).toBeNull()
  samples = withSample(samples, { timeMs: 100, sent: 5 * MB })
  expect(speedOf(samples)).toBeNull()
  samples = withSample(samples, { timeMs: 1_000, sent: 10 * MB })
  expect(speedOf(samples)).toBe(10 * MB)
  // A minute later it is slow, whatever it was.
  samples = withSample(samples, { timeMs: 60_000, sent: 20 * MB })
  samples = withSample(samples, { timeMs: 62_000, sent: 22 * MB })
  expect(samples).toHaveLength(2)
  expect(speedOf(samples)).toBe(1 * MB)
})

test('what is not known is not said', () => {
  expect(speedText(null)).toBe('')
  expect(speedText(0)).toBe('')
  expect(timeLeftText(10, null)).toBe('')
  expect(timeLeftText(0, 5)).toBe('')
  expect(timeLeftText(60 * MB, MB)).toBe('1 min left')
})

describe('the line of an upload', () => {
  test.each<[Partial<Upload>, string]>([
    [{ state: 'waiting', sent: 0 }, '100 MB · waits for its turn'],
    [{}, '25 MB of 100 MB · 10 MB/s · 8 s left'],
    [{ bytesPerS: null }, '25 MB of 100 MB'],
    [{ sent: 100 * MB }, '100 MB · being written to the disk'],
    [{ state: 'done' }, '100 MB · in the library'],
    [{ state: 'done', isShared: true, share: {} as Share }, '100 MB · link ready'],
    [{ state: 'done', isShared: true }, '100 MB · in the library'],
    [
      { state: 'done', isShared: true, reason: 'It cannot be played.' },
      'In the library, but not shared: It cannot be played.',
    ],
    [{ state: 'failed', reason: 'The disk is full.' }, 'The disk is full.'],
  ])('%j reads %s', (over, text) => {
    expect(lineOf(upload(over))).toBe(text)
  })
})

describe('the sum of all', () => {
  test('counts bytes, not files, and adds the speeds of those that run', () => {
    const uploads = [
      upload({ state: 'done', sent: 0, bytesPerS: 99 * MB }),
      upload({ sent: 50 * MB }),
      upload({ sent: 0, bytesPerS: null, state: 'waiting' }),
      upload({ state: 'failed', bytes: 900 * MB }),
    ]
    expect(summaryOf(uploads.map((it) => (it.state === 'done' ? { ...it, bytesPerS: null } : it)))).toEqual({
      title: 'Uploading 2 of 3',
      text: '50 % · 10 MB/s · 15 s left · 1 could not be uploaded',
      fraction: 0.5,
      isOver: false,
      failed: 1,
    })
  })

  test('says how it has ended', () => {
    expect(summaryOf([upload({ state: 'done' }), upload({ state: 'failed' })])).toMatchObject({
      title: '1 uploaded',
      text: '1 could not be uploaded',
      isOver: true,
      failed: 1,
    })
    expect(summaryOf([upload({ state: 'failed' })])).toMatchObject({
      title: 'Nothing uploaded',
      isOver: true,
    })
    expect(summaryOf([upload({ state: 'waiting', bytes: 0, sent: 0 })])).toMatchObject({
      title: 'Uploading 1 file',
      fraction: 0,
    })
  })
})
