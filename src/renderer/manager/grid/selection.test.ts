import { expect, test } from 'vitest'
import { chief, cleared, focused, NOTHING, only, ranged, toggled, within, without } from './selection.ts'

test('one item is selected alone, more are added and taken away one by one', () => {
  const one = only('a')
  const two = toggled(one, 'b')
  expect([...two.ids]).toEqual(['a', 'b'])
  expect([...toggled(two, 'a').ids]).toEqual(['b'])
  expect(two.focus).toBe('b')
})

test('a range starts at the anchor, wherever it is drawn to', () => {
  const start = toggled(only('x'), 'b')
  const first = ranged(start, ['b', 'c', 'd'], 'd')
  expect([...first.ids]).toEqual(['b', 'c', 'd'])
  expect(first.anchor).toBe('b')
  const second = ranged(first, ['a', 'b'], 'a')
  expect([...second.ids]).toEqual(['a', 'b'])
  expect(second.anchor).toBe('b')
})

test('the keyboard can move without selecting', () => {
  const moved = focused(only('a'), 'c')
  expect([...moved.ids]).toEqual(['a'])
  expect(moved.focus).toBe('c')
  expect(cleared(moved)).toEqual({ ids: new Set(), anchor: 'c', focus: 'c' })
})

test('what is gone is selected no longer', () => {
  const selection = ranged(only('a'), ['a', 'b', 'c'], 'c')
  expect(without(selection, new Set(['c', 'x']))).toEqual({
    ids: new Set(['a', 'b']),
    anchor: 'a',
    focus: null,
  })
  expect(without(selection, new Set(['x']))).toBe(selection)
})

test('what a search does not find is selected no longer', () => {
  const selection = ranged(only('a'), ['a', 'b', 'c'], 'c')
  expect(within(selection, new Set(['a', 'b', 'x']))).toEqual({
    ids: new Set(['a', 'b']),
    anchor: 'a',
    focus: null,
  })
  expect(within(selection, new Set(['a', 'b', 'c', 'x']))).toBe(selection)
  expect(within(only('a'), new Set())).toEqual(NOTHING)
})

test('the inspector is about the one selected, or the one with the keyboard among several', () => {
  expect(chief(NOTHING)).toBeNull()
  expect(chief(focused(only('a'), 'b'))).toBe('a')
  expect(chief(ranged(only('a'), ['a', 'b'], 'b'))).toBe('b')
  expect(chief(focused(ranged(only('a'), ['a', 'b'], 'b'), 'z'))).toBeNull()
})
