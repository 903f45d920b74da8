import { expect, test } from 'vitest'
import { cutFinder, type ShotDetector } from './shots.ts'

/** Cuts found in scores of 0..100, a picture every second. */
function cuts(detector: ShotDetector, scores: number[]): number[] {
  const finder = cutFinder(detector, 27)
  scores.forEach((score, timeS) => finder.next({ timeS, score: score / 100 }))
  return finder.end()
}

test('content finds every change above the threshold', () => {
  expect(cuts('content', [0, 1, 27, 2, 26, 40])).toEqual([2, 5])
})

test('adaptive finds what stands out, also below the threshold, and not where all is moving', () => {
  const moving = [30, 31, 29, 33, 30, 32]
  expect(cuts('adaptive', moving)).toEqual([])
  expect(cuts('adaptive', [1, 1, 20, 1, 1, 2, 14, 1, 1])).toEqual([2])
  expect(cuts('adaptive', [0, 1, 1, 50])).toEqual([3])
  expect(cuts('adaptive', [0, 50])).toEqual([1])
  expect(cuts('adaptive', [])).toEqual([])
})
