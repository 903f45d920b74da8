import { fuzz } from '../scripts/fuzzing.ts'
import { expect, test } from './fixtures.ts'

test('S55: sixty damaged files are refused, or read as far as they go, and nothing is left of them', async () => {
  test.slow()
  const { faults, count, refused, failed, read } = await fuzz({ seed: 4, count: 60, all: false })
  expect(faults).toEqual([])
  expect(count).toBe(60)
  // Damage of every degree: else the seed shows nothing.
  for (const some of [refused + failed, read]) expect(some).toBeGreaterThan(10)
})
