import { describe, expect, it } from 'vitest'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { ClipWindow } from '../media/playable.ts'
import { planStoryboard } from './storyboard-plan.ts'

/** A plan for a film with a key frame every `gopS` seconds. */
function plan(
  durationS: number,
  { gopS = 2, startS = 0, window }: { gopS?: number; startS?: number; window?: ClipWindow } = {},
) {
  const keyTimesS =
    gopS > 0 ? Array.from({ length: Math.ceil(durationS / gopS) }, (_, at) => startS + at * gopS) : []
  const index = { keyTimesS, startS, endS: startS + durationS } as MediaIndex
  return planStoryboard({ media: { durationS } as MediaInfo, index, ...(window ? { window } : {}) })
}

describe('the small pictures of a film', () => {
  it.each([
    [1.5, 1],
    [7, 7],
    [60, 10],
    [600, 60],
    [7200, 100],
    [172_800, 100],
  ])('of %s s are %s at the most', (durationS, count) => {
    const tiles = plan(durationS)
    expect(tiles.length).toBeLessThanOrEqual(count)
    expect(tiles.length).toBeGreaterThanOrEqual(Math.floor(count / 2))
  })

  it('adjoin and cover all of it, from key frames alone', () => {
    for (const startS of [0, 1.4]) {
      const tiles = plan(600, { gopS: 4, startS })
      expect(tiles[0]?.startS).toBe(0)
      expect(tiles.at(-1)?.endS).toBe(600)
      for (const [at, it] of tiles.entries()) {
        expect(it.endS).toBe(tiles[at + 1]?.startS ?? 600)
        expect(it.fromS % 4).toBeCloseTo(0)
        expect(it.startS - it.fromS).toBeLessThanOrEqual(4)
      }
    }
  })

  it('are fewer where key frames are rare, but for short films', () => {
    expect(plan(600, { gopS: 60 })).toHaveLength(10)
    expect(plan(6, { gopS: 60 }).map((it) => [it.fromS, it.exact])).toEqual(
      [0, 1, 2, 3, 4, 5].map((it) => [it, it > 0]),
    )
  })

  it('of a window lie in it, whatever key frames are around', () => {
    for (const gopS of [0, 0.5, 2, 10, 1000]) {
      for (const [startS, endS] of [
        [3.3, 7.7],
        [0, 2],
        [599, 600],
        [9.9, 400],
      ] as const) {
        const tiles = plan(600, { gopS, window: { startS, endS } })
        expect(tiles.length).toBeGreaterThan(0)
        expect([tiles[0]?.startS, tiles.at(-1)?.endS]).toEqual([startS, endS])
        for (const it of tiles) {
          expect(it.fromS).toBeGreaterThanOrEqual(startS)
          expect(it.fromS).toBeLessThan(endS)
          expect([it.untilS, it.exact]).toEqual([endS, true])
        }
      }
    }
  })
})
