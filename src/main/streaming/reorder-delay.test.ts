import { expect, test } from 'vitest'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'
import { decodeOrder } from './remux-samples.ts'

const frames = (...ticks: number[]) =>
  ticks.map((it) => ({ data: new Uint8Array(1), ticks: it, durationTicks: 10, isSync: it === ticks[0] }))

test('frames in presentation order need no delay', () => {
  expect(reorderDelayS([0, 1, 2, 3])).toBe(0)
})

test('the delay is what the latest frame lacks', () => {
  // I P B B | P B B: in sorted order the first B would be decoded one frame after its time.
  expect(reorderDelayS([0, 3, 1, 2, 6, 4, 5])).toBe(1)
  // With a pyramid the inner B frames wait for the outer one.
  expect(reorderDelayS([0, 4, 2, 1, 3])).toBe(2)
})

test('at the end of a sample, packets whose followers are unknown do not count', () => {
  // In a whole sample each frame comes when it is shown, but for the last one, which comes late.
  const steady = Array.from({ length: REORDER_SAMPLE_PACKETS - 2 }, (_, at) => at)
  expect(reorderDelayS([...steady, 400, 350])).toBe(0)
  expect(reorderDelayS([...steady.slice(1), 400, 350])).toBe(50)
})

test('decode times are the sorted presentation times, the delay earlier', () => {
  const samples = decodeOrder(frames(10, 40, 20, 30), 10, 40)
  expect(samples.map((it) => it.decodeTicks)).toEqual([0, 10, 20, 30])
  expect(samples.map((it) => it.offsetTicks)).toEqual([10, 30, 0, 0])
  expect(samples.map((it) => it.durationTicks)).toEqual([10, 10, 10, 10])
})

test('frames that reorder further than the delay says are still decoded before they are shown, in order', () => {
  const samples = decodeOrder(frames(100, 180, 140, 120, 110, 130, 160), 10, 190)
  for (const [at, it] of samples.entries()) {
    expect(it.offsetTicks).toBeGreaterThanOrEqual(0)
    expect(it.durationTicks).toBeGreaterThan(0)
    if (at > 0) expect(it.decodeTicks).toBeGreaterThan(samples[at - 1]?.decodeTicks ?? Infinity)
  }
  expect(samples.map((it) => it.decodeTicks + it.offsetTicks)).toEqual([100, 180, 140, 120, 110, 130, 160])
})

test('the last frame of a file lasts as long as it says', () => {
  expect(decodeOrder(frames(0, 10), 0, null).at(-1)?.durationTicks).toBe(10)
})
