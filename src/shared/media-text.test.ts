import { expect, test } from 'vitest'
import { bytesText, clockText, durationText, timeInWords } from './media-text.ts'

test.each([
  [0, '0:00'],
  [5.9, '0:05'],
  [59.99997, '1:00'],
  [59.99, '0:59'],
  [2472, '41:12'],
  [7451, '2:04:11'],
  [3600, '1:00:00'],
  [-3, '0:00'],
  [NaN, '0:00'],
  [Infinity, '0:00'],
])('%d s reads %s as a time code', (seconds, text) => {
  expect(clockText(seconds)).toBe(text)
})

test.each([
  [0.2, '1 s'],
  [12, '12 s'],
  [59.7, '1 min'],
  [60, '1 min'],
  [392, '6 min 32 s'],
  [3599.6, '60 min'],
  [3600, '1 h'],
  [3768, '1 h 3 min'],
  [7451, '2 h 4 min'],
  [7199, '2 h'],
])('a duration of %d s reads %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [61, '1 minute 1 second'],
  [2472, '41 minutes 12 seconds'],
  [7440, '2 hours 4 minutes'],
  [3605, '1 hour 5 seconds'],
])('%d s is said as %s', (seconds, text) => {
  expect(timeInWords(seconds)).toBe(text)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [4_200_000, '4.2 MB'],
  [412_400_000, '412 MB'],
  [38_200_000_000, '38.2 GB'],
  [5e15, '5000 TB'],
])('%d bytes read %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})
