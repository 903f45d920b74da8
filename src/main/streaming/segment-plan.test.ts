import { describe, expect, test } from 'vitest'
import type { MediaIndex } from '../../shared/media.ts'
import { longestGopS, planSegments } from './segment-plan.ts'

const index = (more: Partial<MediaIndex>): MediaIndex => ({
  keyTimesS: [],
  openGop: false,
  startS: 0,
  endS: 10,
  reorderS: 0,
  videoTimescale: 15_360,
  ...more,
})
const cuts = (more: Partial<MediaIndex>): number[] => planSegments(index(more)).map((it) => it.startS)

describe('with picture', () => {
  test('a segment begins at the first key frame that is 4 s after the last cut', () => {
    expect(cuts({ keyTimesS: [0, 2, 4, 6, 8] })).toEqual([0, 4, 8])
    expect(cuts({ keyTimesS: [0, 0.5, 0.7, 3.1, 7.9, 8, 8.1, 9.4] })).toEqual([0, 7.9])
    expect(cuts({ keyTimesS: [0, 10], endS: 20 })).toEqual([0, 10])
  })

  test('a key frame that rounding puts just before 4 s is taken', () => {
    expect(cuts({ keyTimesS: [0, 2.0020000000000002, 3.9999999999], endS: 8 })).toEqual([0, 3.9999999999])
  })

  test('the first segment begins with the sound when the picture comes later', () => {
    expect(cuts({ keyTimesS: [0.5, 4.2, 5] })).toEqual([0, 4.2])
  })

  test('the first segment begins with the picture when an edit list hides its beginning', () => {
    expect(cuts({ keyTimesS: [-7, 3], endS: 13 })).toEqual([-7, 3])
  })

  test('the last segment ends with the file, and is never empty', () => {
    expect(planSegments(index({ keyTimesS: [0, 5], endS: 9.5 })).at(-1)).toEqual({
      index: 1,
      startS: 5,
      endS: 9.5,
    })
    expect(planSegments(index({ keyTimesS: [0, 5], endS: 5 })).at(-1)?.endS).toBeGreaterThan(5)
  })
})

describe('without picture', () => {
  test('a segment begins every 4 s', () => {
    expect(cuts({ endS: 12 })).toEqual([0, 4, 8])
    expect(cuts({ startS: 1, endS: 12 })).toEqual([1, 5, 9])
  })

  test('a remainder that might hold no packet joins the segment before it', () => {
    expect(cuts({ endS: 8.9 })).toEqual([0, 4])
    expect(planSegments(index({ endS: 8.9 })).at(-1)?.endS).toBe(8.9)
    expect(cuts({ endS: 0.3 })).toEqual([0])
  })
})

test('segments adjoin, whatever the key frames', () => {
  const keyTimesS = Array.from({ length: 500 }, (_, at) => at * 1.37 + (at % 7) * 0.11)
  const segments = planSegments(index({ keyTimesS, endS: 800 }))
  expect(segments.map((it) => it.index)).toEqual(segments.map((_, at) => at))
  for (const [at, segment] of segments.entries()) {
    expect(segment.endS).toBe(segments[at + 1]?.startS ?? 800)
    expect(segment.endS).toBeGreaterThan(segment.startS)
  }
})

test('the longest GOP counts the one that the end closes', () => {
  expect(longestGopS(index({ keyTimesS: [0, 3, 4], endS: 30 }))).toBe(26)
  expect(longestGopS(index({ keyTimesS: [0, 13, 14], endS: 20 }))).toBe(13)
  expect(longestGopS(index({}))).toBe(0)
})
