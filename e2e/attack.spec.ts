import { attackOwn, faultsIn } from '../scripts/attack/own.ts'
import { expect, test } from './fixtures.ts'

test('S1, S2, S3, S4, S5, S15, S35, S36, S39, S45: five thousand requests of strangers get nothing, break nothing, and leave nothing behind', async () => {
  test.slow()
  const result = await attackOwn({ seed: 5, count: 5_000 })
  expect(faultsIn(result)).toEqual([])
  expect(result.requests).toBeGreaterThanOrEqual(5_000)
  // All of it came through to where it is decided, not only to the door of HTTP.
  for (const status of [401, 403, 404, 410, 421]) expect(result.byStatus[status]).toBeGreaterThan(0)
})
