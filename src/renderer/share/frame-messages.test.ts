import { expect, test } from 'vitest'
import { frameAction } from './frame-messages.ts'

test.each([
  [{ type: 'matinee', action: 'play' }, { action: 'play' }],
  [{ type: 'matinee', action: 'pause', time: 3 }, { action: 'pause' }],
  [
    { type: 'matinee', action: 'seek', time: 83.5 },
    { action: 'seek', time: 83.5 },
  ],
])('%j is understood', (data, action) => {
  expect(frameAction(data)).toEqual(action)
})

test.each([
  null,
  undefined,
  'play',
  7,
  [],
  {},
  { action: 'play' },
  { type: 'other', action: 'play' },
  { type: 'matinee', action: 'destroy' },
  { type: 'matinee', action: 'seek' },
  { type: 'matinee', action: 'seek', time: '5' },
  { type: 'matinee', action: 'seek', time: NaN },
])('%j is not for us', (data) => {
  expect(frameAction(data)).toBeNull()
})
