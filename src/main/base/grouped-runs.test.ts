import { expect, test } from 'vitest'
import { groupedRuns } from './grouped-runs.ts'

/** Runs that end when they are told to. */
function heldRuns() {
  const gates: PromiseWithResolvers<number>[] = []
  const grouped = groupedRuns<number>(() => {
    const gate = Promise.withResolvers<number>()
    gates.push(gate)
    return gate.promise
  })
  return { grouped, gates }
}

test('those who ask during a run share the next one, which begins when it has ended', async () => {
  const { grouped, gates } = heldRuns()
  const first = grouped('a')
  const crowd = [grouped('a'), grouped('a'), grouped('a')]
  expect(gates.length).toBe(1)
  gates[0]?.resolve(1)
  expect(await first).toBe(1)
  await expect.poll(() => gates.length).toBe(2)
  const last = grouped('a')
  gates[1]?.resolve(2)
  expect(await Promise.all(crowd)).toEqual([2, 2, 2])
  await expect.poll(() => gates.length).toBe(3)
  gates[2]?.resolve(3)
  expect(await last).toBe(3)
})

test('a run that fails is the failure of those who shared it alone', async () => {
  const { grouped, gates } = heldRuns()
  const first = grouped('a')
  const second = grouped('a')
  gates[0]?.reject(new Error('no'))
  await expect(first).rejects.toThrow('no')
  await expect.poll(() => gates.length).toBe(2)
  gates[1]?.resolve(2)
  expect(await second).toBe(2)
})

test('runs of other keys wait for nobody', () => {
  const { grouped, gates } = heldRuns()
  void grouped('a')
  void grouped('b')
  expect(gates.length).toBe(2)
})
