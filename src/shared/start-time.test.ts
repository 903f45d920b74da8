import { describe, expect, test } from 'vitest'
import { parseStartTime } from './start-time.ts'

describe('the s of a share link', () => {
  test.each([
    ['0', 0],
    ['120', 120],
    ['12.5', 12.5],
    ['1m30s', 90],
    ['1M30S', 90],
    ['2m', 120],
    ['90s', 90],
    ['1h', 3600],
    ['1h2m3s', 3723],
    ['1h3s', 3603],
    ['1m2.5s', 62.5],
    ['1:30', 90],
    ['0:05', 5],
    ['90:00', 5400],
    ['1:02:03', 3723],
    ['1:02:03.5', 3723.5],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseStartTime(text)).toBe(seconds)
  })

  test.each([
    null,
    undefined,
    '',
    ' ',
    'abc',
    '-5',
    '+5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '5,5',
    '.5',
    '5.',
    '30s1m',
    '1m30',
    'm',
    's',
    'hms',
    '1:5',
    '1:75',
    ':30',
    '1:',
    '1:2:03',
    '1:02:03:04',
    ' 5',
    '5 ',
    '１２',
    '99999999999999999999',
    '<script>',
    '1'.repeat(10_000),
  ])('%j is ignored', (text) => {
    expect(parseStartTime(text)).toBeNull()
  })
})
