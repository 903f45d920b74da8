import { expect, test } from 'vitest'
import { runAll, type RunState } from './run-all.ts'

const never = new AbortController().signal

test('every item is worked on once, and one that fails stops nothing', async () => {
  const seen: RunState<number, string>[] = []
  const state = await runAll(
    [1, 2, 3, 4, 5, 6],
    async (item) => {
      if (item % 3 === 0) throw new Error(`no ${item}`)
      return `r${item}`
    },
    { signal: never, onProgress: (it) => seen.push(it) },
  )
  expect(state.results).toEqual(['r1', 'r2', 'r4', 'r5'])
  expect(state.failed.map((it) => it.item)).toEqual([3, 6])
  expect(seen.map((it) => it.done)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a few run at once, no more', async () => {
  let running = 0
  let most = 0
  await runAll(
    Array.from({ length: 20 }, (_, index) => index),
    async () => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
    },
    { signal: never, onProgress: () => undefined },
  )
  expect(most).toBe(4)
})

test('after an abort nothing more begins, and what has been done is told', async () => {
  const abort = new AbortController()
  const state = await runAll(
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    async (item) => {
      // Once all four of the first have begun.
      await Promise.resolve()
      if (item === 2) abort.abort()
      return item
    },
    { signal: abort.signal, onProgress: () => undefined },
  )
  expect(state.done).toBe(4)
  expect(state.results).toEqual([1, 2, 3, 4])
})

test('nothing to do is done at once', async () => {
  const state = await runAll([], async () => 1, { signal: never, onProgress: () => undefined })
  expect(state).toEqual({ done: 0, results: [], failed: [] })
})
