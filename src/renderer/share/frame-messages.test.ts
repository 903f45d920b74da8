import { expect, test } from 'vitest'
import { frameAction, mayTalk } from './frame-messages.ts'

test.each([
  [{ type: 'matinee', action: 'play' }, { action: 'play' }],
  [{ type: 'matinee', action: 'pause', time: 3 }, { action: 'pause' }],
  [{ type: 'matinee', version: 1, action: 'play' }, { action: 'play' }],
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
  { type: 'matinee', version: 2, action: 'play' },
  { type: 'matinee', version: '1', action: 'play' },
  { type: 'matinee', action: 'seek' },
  { type: 'matinee', action: 'seek', time: '5' },
  { type: 'matinee', action: 'seek', time: NaN },
])('%j is not for us', (data) => {
  expect(frameAction(data)).toBeNull()
})

test('S23: with a list of sites, messages of these count and no others; the origin is compared whole', () => {
  const sites = ['https://blog.example', 'http://localhost:8080']
  expect(mayTalk('https://blog.example', sites)).toBe(true)
  for (const other of ['https://blog.example.evil.test', 'http://blog.example', 'http://localhost', 'null']) {
    expect(mayTalk(other, sites)).toBe(false)
    expect(mayTalk(other, undefined)).toBe(true)
  }
})
