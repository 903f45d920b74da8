import { expect, test } from 'vitest'
import { createLimit } from './limit.ts'

test('no more than the limit runs at once, in the order it came, and failures free their place', async () => {
  const limit = createLimit(2)
  let running = 0
  let most = 0
  const order: number[] = []
  const work = (id: number) => async (): Promise<number> => {
    order.push(id)
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (id === 1) throw new Error('one fails')
    return id
  }
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => limit(work(id))))
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4])
  expect(results.filter((it) => it.status === 'rejected')).toHaveLength(1)
})
