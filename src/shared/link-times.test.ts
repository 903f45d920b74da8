import { expect, test } from 'vitest'
import { hardClipIn, momentIn, timesQuery } from './link-times.ts'

test.each([
  [
    { s: '5', e: '1:10' },
    { startS: 5, endS: 70 },
  ],
  [
    { s: '1m', e: '90.5' },
    { startS: 60, endS: 90.5 },
  ],
  [{ s: '5' }, null],
  [{ e: '5' }, null],
  [{ s: '5', e: '5' }, null],
  [{ s: '5', e: 'x' }, null],
  [{ s: null, e: null }, null],
])('the moment of %j is %j', (times, moment) => {
  expect(momentIn(times)).toEqual(moment)
})

test('a clip is a moment that says so', () => {
  expect(hardClipIn({ s: '1', e: '2', clip: 'hard' })).toEqual({ startS: 1, endS: 2 })
  for (const clip of [null, '', 'soft', 'HARD']) expect(hardClipIn({ s: '1', e: '2', clip })).toBeNull()
  expect(hardClipIn({ s: '2', e: '1', clip: 'hard' })).toBeNull()
})

test.each([
  [{ s: '1:30', e: '2:00', clip: 'hard' }, 's=1%3A30&e=2%3A00&clip=hard'],
  [{ s: '5', e: '9' }, 's=5&e=9'],
  [{ s: '5', e: '3', clip: 'hard' }, 's=5'],
  [{ s: '"><b>', e: '3' }, ''],
  [{ e: '3' }, ''],
])('what counts of %j is %s', (times, query) => {
  expect(timesQuery(times)).toBe(query)
})
