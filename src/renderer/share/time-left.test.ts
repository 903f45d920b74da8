import { expect, test } from 'vitest'
import { roughly, secondsLeft, withSample, type Sample } from './time-left.ts'

const after = (...samples: [progress: number, atMs: number][]): Sample[] =>
  samples.reduce<Sample[]>((all, [progress, atMs]) => withSample(all, { progress, atMs }), [])

test('time left is what the last seconds say', () => {
  expect(secondsLeft(after([0, 0], [0.1, 1_000], [0.2, 2_000]))).toBe(8)
  expect(secondsLeft(after([0, 0], [0.5, 10_000]))).toBe(10)
})

test('a speed of long ago does not count', () => {
  // 1 % in the first minute, then 2.3 % a second.
  expect(secondsLeft(after([0, 0], [0.01, 60_000], [0.03, 61_000], [0.05, 62_000], [0.08, 63_000]))).toBe(39)
})

test('nothing is said too early, without progress, or after a fresh start', () => {
  expect(secondsLeft([])).toBeNull()
  expect(secondsLeft(after([0, 0], [0.1, 1_000]))).toBeNull()
  expect(secondsLeft(after([0.1, 0], [0.1, 5_000]))).toBeNull()
  expect(secondsLeft(after([0, 0], [0.5, 5_000], [0, 6_000]))).toBeNull()
})

test('what is almost done takes a second still', () => {
  expect(secondsLeft(after([0.5, 0], [0.999, 5_000]))).toBe(1)
})

test.each([
  [12, 12],
  [43, 45],
  [88, 90],
  [178, 180],
])('%d s left are told as %d', (seconds, told) => {
  expect(roughly(seconds)).toBe(told)
})
