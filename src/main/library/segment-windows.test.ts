import { expect, test } from 'vitest'
import { manualWindows, shotWindows, uniformWindows, windowIn } from './segment-windows.ts'

const range = { startS: 0, endS: 10 }
const pairs = (windows: { startS: number; endS: number }[]): number[][] =>
  windows.map(({ startS, endS }) => [startS, endS])

test('a window ends with its file at the latest, and float noise is dropped', () => {
  expect(windowIn({ startS: 0.1 + 0.2, endS: 99 }, 10)).toEqual({ startS: 0.3, endS: 10 })
  for (const [startS, endS] of [
    [10, 11],
    [4, 4],
    [4, 4 + 1e-9],
    [-1, 4],
    [NaN, 4],
    [1, NaN],
  ] as const) {
    expect(() => windowIn({ startS, endS }, 10), `${startS} to ${endS}`).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    )
  }
})

test('marked windows begin inside of the stretch', () => {
  const marked = (start_time: number, end_time: number) => ({ segments: [{ start_time, end_time }] })
  expect(pairs(manualWindows(marked(2, 30), { startS: 2, endS: 10 }))).toEqual([[2, 10]])
  expect(() => manualWindows(marked(1, 3), { startS: 2, endS: 10 })).toThrow(
    'manual_config.segments.0.start_time',
  )
})

test('windows of one length leave no crumbs of float noise', () => {
  const windows = uniformWindows({ window_seconds: 1.1 }, { startS: 0, endS: 11 })
  expect(windows).toHaveLength(10)
  expect(windows.at(-1)).toEqual({ startS: 9.9, endS: 11 })
  expect(pairs(uniformWindows({ window_seconds: 2, hop_seconds: 4 }, range))).toEqual([
    [0, 2],
    [4, 6],
    [8, 10],
  ])
  expect(() => uniformWindows({ window_seconds: 1 }, { startS: 0, endS: 20_000 })).toThrow('more than')
})

test.each([
  ['no cuts', [], { minS: 1, maxS: 300, fillGaps: true }, [[0, 10]]],
  [
    'cuts',
    [3, 7],
    { minS: 1, maxS: 300, fillGaps: true },
    [
      [0, 3],
      [3, 7],
      [7, 10],
    ],
  ],
  [
    'a short one joins the one before',
    [3, 3.5, 7],
    { minS: 1, maxS: 300, fillGaps: true },
    [
      [0, 3.5],
      [3.5, 7],
      [7, 10],
    ],
  ],
  [
    'a short first one joins the one behind',
    [0.4, 7],
    { minS: 1, maxS: 300, fillGaps: true },
    [
      [0, 7],
      [7, 10],
    ],
  ],
  ['a short last one joins the one before', [9.8], { minS: 1, maxS: 300, fillGaps: true }, [[0, 10]]],
  [
    'short ones are left out where gaps may stay',
    [3, 3.5],
    { minS: 1, maxS: 300, fillGaps: false },
    [
      [0, 3],
      [3.5, 10],
    ],
  ],
  [
    'long ones are parted evenly',
    [1],
    { minS: 1, maxS: 4, fillGaps: true },
    [
      [0, 1],
      [1, 4],
      [4, 7],
      [7, 10],
    ],
  ],
  ['cuts outside do not count', [0, 10, 12], { minS: 1, maxS: 300, fillGaps: true }, [[0, 10]]],
])('shots: %s', (_, cutsS, rules, shots) => {
  expect(pairs(shotWindows(cutsS, { range, ...rules }))).toEqual(shots)
})
