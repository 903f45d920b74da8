import { expect, test } from 'vitest'
import { sharedRuns } from './shared-runs.ts'

const never = new AbortController().signal

test('calls that overlap share one run', async () => {
  const shared = sharedRuns<number>()
  let runs = 0
  const gate = Promise.withResolvers<number>()
  const work = (): Promise<number> => {
    runs += 1
    return gate.promise
  }
  const both = Promise.all([shared('a', never, work), shared('a', never, work)])
  gate.resolve(7)
  expect(await both).toEqual([7, 7])
  expect(runs).toBe(1)
})

test('a call after the end starts a new run', async () => {
  const shared = sharedRuns<number>()
  let runs = 0
  const work = async (): Promise<number> => (runs += 1)
  await shared('a', never, work)
  expect(await shared('a', never, work)).toBe(2)
})

test('a caller that leaves does not end the run of the one who stays', async () => {
  const shared = sharedRuns<string>()
  const gate = Promise.withResolvers<string>()
  let aborted = false
  const work = (signal: AbortSignal): Promise<string> => {
    signal.addEventListener('abort', () => (aborted = true))
    return gate.promise
  }
  const leaver = new AbortController()
  const left = shared('a', leaver.signal, work)
  const stayed = shared('a', never, work)
  leaver.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  expect(aborted).toBe(false)
  gate.resolve('made')
  expect(await stayed).toBe('made')
})

test('the run is aborted when its last caller has left, and a new caller gets a new one', async () => {
  const shared = sharedRuns<string>()
  let aborted = 0
  const hang = (signal: AbortSignal): Promise<string> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        aborted += 1
        reject(new Error('stopped'))
      })
    })
  const one = new AbortController()
  const two = new AbortController()
  const calls = [shared('a', one.signal, hang), shared('a', two.signal, hang)]
  one.abort(new Error('gone'))
  two.abort(new Error('gone'))
  await Promise.allSettled(calls)
  expect(aborted).toBe(1)
  expect(await shared('a', never, async () => 'fresh')).toBe('fresh')
})

test('a failure reaches every caller, and is not kept', async () => {
  const shared = sharedRuns<string>()
  const fail = async (): Promise<string> => {
    throw new Error('no')
  }
  const results = await Promise.allSettled([shared('a', never, fail), shared('a', never, fail)])
  expect(results.map((it) => it.status)).toEqual(['rejected', 'rejected'])
  expect(await shared('a', never, async () => 'yes')).toBe('yes')
})
