import { expect, test } from 'vitest'
import { nitsToPq, pqToNits, toneTable, toStandardRange, type Rgb } from './tone-curve.ts'

const grey = (value: number): Rgb => [value, value, value]
const red = ([value]: Rgb): number => value

test('PQ is that of ST 2084: 100 cd/m² are 0.5081, 203 are 0.5807, 1000 are 0.7518', () => {
  for (const [nits, value] of [
    [100, 0.5081],
    [203, 0.5807],
    [1000, 0.7518],
    [10_000, 1],
  ] as const) {
    expect(nitsToPq(nits)).toBeCloseTo(value, 4)
    expect(pqToNits(nitsToPq(nits))).toBeCloseTo(nits, 6)
  }
})

test('white paper is nearly the brightest in both: 58 % of PQ, 75 % of HLG (BT.2408)', () => {
  for (const white of [
    red(toStandardRange(grey(nitsToPq(203)), 'pq')),
    red(toStandardRange(grey(0.75), 'hlg')),
  ]) {
    expect(white).toBeGreaterThan(0.88)
    expect(white).toBeLessThan(0.93)
  }
})

test('what is not bright stays as bright as it is, and black stays black', () => {
  expect(toStandardRange(grey(0), 'pq')).toEqual([0, 0, 0])
  expect(toStandardRange(grey(0), 'hlg')).toEqual([0, 0, 0])
  // 20 cd/m² of a display whose white has 203, gamma 2.4.
  expect(red(toStandardRange(grey(nitsToPq(20)), 'pq'))).toBeCloseTo((20 / 203) ** (1 / 2.4), 3)
})

test.each(['pq', 'hlg'] as const)('%s: brighter stays brighter, grey stays grey', (transfer) => {
  const greys = Array.from({ length: 75 }, (_, at) => toStandardRange(grey(at / 100), transfer))
  for (const [at, colour] of greys.entries()) {
    expect(Math.max(...colour) - Math.min(...colour)).toBeLessThan(0.002)
    if (at > 0) expect(red(colour)).toBeGreaterThan(red(greys[at - 1] ?? [1, 1, 1]))
  }
})

test('colours that BT.709 does not have become paler ones of the same hue, not clipped ones', () => {
  const [r, g, b] = toStandardRange([0, nitsToPq(150), 0], 'pq')
  expect(g).toBeGreaterThan(r)
  expect(g).toBeGreaterThan(b)
  expect(Math.min(r, g, b)).toBeGreaterThanOrEqual(0)
  expect(Math.max(r, g, b)).toBeLessThan(1)
})

test('the table has a line for each point, red first', () => {
  const lines = [...toneTable('pq')].join('').trim().split('\n')
  expect(lines[0]).toBe('LUT_3D_SIZE 33')
  expect(lines).toHaveLength(1 + 33 ** 3)
  expect(lines[1]).toBe('0 0 0')
  expect(lines.at(-1)).toMatch(/^1 (1|0\.9999\d*) (1|0\.9999\d*)$/)
  const [more = 0, less = 1] = (lines[1 + 20] ?? '').split(' ').map(Number)
  expect(more).toBeGreaterThan(less)
})
