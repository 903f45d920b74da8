import { expect, test } from 'vitest'
import { SPEEDS, nextSpeed } from './actions.ts'

test('speeds go up and down one by one and stay at either end', () => {
  const up = [0.5]
  for (let at = 0.5; at < 2; at = nextSpeed(at, 1)) up.push(nextSpeed(at, 1))
  expect(up).toEqual(SPEEDS)
  expect(nextSpeed(2, 1)).toBe(2)
  expect(nextSpeed(1, -1)).toBe(0.75)
  expect(nextSpeed(0.5, -1)).toBe(0.5)
})

test('a speed that is none of ours goes to the nearest one in that direction', () => {
  expect(nextSpeed(1.1, 1)).toBe(1.25)
  expect(nextSpeed(1.1, -1)).toBe(1)
})
