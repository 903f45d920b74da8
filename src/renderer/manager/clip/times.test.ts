import { expect, test } from 'vitest'
import { lengthText, parseTime, tenthsCode, timeCode } from './times.ts'

test.each([
  [0, '0:00.000', '0:00.0'],
  [83.5, '1:23.500', '1:23.5'],
  [59.9996, '1:00.000', '1:00.0'],
  [3723.04, '1:02:03.040', '1:02:03.0'],
  [-1, '0:00.000', '0:00.0'],
])('%s s reads %s, and %s in a list', (seconds, exact, tenths) => {
  expect(timeCode(seconds)).toBe(exact)
  expect(tenthsCode(seconds)).toBe(tenths)
})

test.each([
  ['1:23.5', 83.5],
  [' 83.5 ', 83.5],
  ['83,5', 83.5],
  ['1h2m3s', 3723],
  ['1:02:03.250', 3723.25],
])('a typed %s is understood', (text, seconds) => {
  expect(parseTime(text)).toBe(seconds)
})

test.each(['', 'soon', '1:75', '-3', '1:2:3:4'])('a typed "%s" is not', (text) => {
  expect(parseTime(text)).toBeNull()
})

test('what a field shows is what it reads', () => {
  for (const seconds of [0, 0.033, 12.012, 3599.999, 7451.4])
    expect(parseTime(timeCode(seconds))).toBe(seconds)
})

test.each([
  [0.4, '0.4 s'],
  [12, '12.0 s'],
  [59.97, '1:00'],
  [85.2, '1:25'],
  [3725, '1:02:05'],
])('a part of %s s is %s long', (seconds, text) => {
  expect(lengthText(seconds)).toBe(text)
})
