import { expect, test } from 'vitest'
import { conditionTexts, endOf, timeLeftText } from './share-end.ts'

const now = new Date(2026, 10, 28, 12, 0).getTime()
const HOUR_MS = 3_600_000

test('an end is never, days from now, or a time of this zone that is still to come', () => {
  expect(endOf('never', '', now)).toBeNull()
  expect(endOf('7', '', now)).toBe(now + 7 * 24 * HOUR_MS)
  expect(endOf('date', '2026-11-28T12:30', now)).toBe(now + HOUR_MS / 2)
  for (const typed of ['', 'tomorrow', '2026-11-28T12:00', '2025-01-01T00:00']) {
    expect(endOf('date', typed, now)).toBeUndefined()
  }
})

test.each([
  [-1, 'Ended'],
  [0, 'Ended'],
  [0.001, '1 min left'],
  [0.5, '30 min left'],
  [1, '1 hour left'],
  [47.9, '47 hours left'],
  [48, '2 days left'],
  [30 * 24, '30 days left'],
  [-1000, 'Ended'],
])('%d hours before its end a share says “%s”', (hours, text) => {
  expect(timeLeftText(now + hours * HOUR_MS, now)).toBe(text)
})

test('conditions are named in few words', () => {
  expect(conditionTexts({ password_protected: false }, now)).toEqual([])
  expect(conditionTexts({ password_protected: true, expires_at: now + HOUR_MS }, now)).toEqual([
    'password',
    '1 hour left',
  ])
})
