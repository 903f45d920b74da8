import { describe, expect, test } from 'vitest'
import {
  cardGeometry,
  contentHeight,
  moved,
  rowGeometry,
  rowsInSight,
  scrollTopFor,
  type MoveKey,
} from './geometry.ts'

const CARD = { minWidth: 212, gapX: 16, gapY: 20, padding: 16, caption: 46 }
const at = (width: number) => cardGeometry(width, CARD)

test('as many columns as fit share the width', () => {
  expect(at(736).columns).toBe(3)
  expect(at(736).itemWidth).toBeCloseTo(224)
  expect(at(736).itemHeight).toBe(126 + 46)
  expect(at(1056).columns).toBe(4)
  expect(at(100).columns).toBe(1)
})

test('the last row has no gap below it', () => {
  const geometry = at(736)
  expect(contentHeight(geometry, 3)).toBe(172 + 32)
  expect(contentHeight(geometry, 4)).toBe(172 + 192 + 32)
  expect(contentHeight(geometry, 4, 72)).toBe(172 + 192 + 32 + 72)
  expect(contentHeight(geometry, 0)).toBe(0)
})

test('rows in sight stay within those that there are', () => {
  const geometry = at(736)
  expect(rowsInSight(geometry, 300, { top: 0, height: 700, overscan: 1 })).toEqual({ first: 0, last: 4 })
  expect(rowsInSight(geometry, 300, { top: 1920, height: 700, overscan: 0 })).toEqual({ first: 9, last: 13 })
  expect(rowsInSight(geometry, 4, { top: 0, height: 700, overscan: 2 })).toEqual({ first: 0, last: 1 })
  // The list became shorter while it was scrolled down.
  expect(rowsInSight(geometry, 3, { top: 5000, height: 700, overscan: 0 })).toEqual({ first: 0, last: 0 })
})

test('a hundred thousand files cost no more than those in sight', () => {
  const { first, last } = rowsInSight(at(736), 100_000, { top: 3_000_000, height: 700, overscan: 2 })
  expect(last - first).toBeLessThan(10)
  expect(contentHeight(at(736), 100_000)).toBeLessThan(17_000_000)
})

test('scrolling goes no further than it takes to see the row whole', () => {
  const geometry = rowGeometry(700, { height: 64, gap: 1, padding: 4 })
  const window = { top: 650, height: 300 }
  expect(scrollTopFor(geometry, 10, window)).toBe(650)
  expect(scrollTopFor(geometry, 11, window)).toBe(650)
  expect(scrollTopFor(geometry, 9, window)).toBe(585)
  expect(scrollTopFor(geometry, 14, window)).toBe(4 + 14 * 65 + 64 + 4 - 300)
  expect(scrollTopFor(geometry, 0, window)).toBe(0)
})

describe('keys in a grid of 3 columns and 8 items', () => {
  test.each<[MoveKey, number, number]>([
    ['ArrowRight', 2, 3],
    ['ArrowRight', 7, 7],
    ['ArrowLeft', 3, 2],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 4],
    ['ArrowDown', 4, 7],
    // The third column ends a row earlier: down to the last item, and no further.
    ['ArrowDown', 5, 7],
    ['ArrowDown', 6, 6],
    ['ArrowUp', 7, 4],
    ['ArrowUp', 1, 1],
    ['Home', 5, 0],
    ['End', 5, 7],
    ['PageDown', 0, 6],
    ['PageUp', 7, 1],
    ['ArrowDown', -1, 0],
  ])('%s leads from %d to %d', (key, from, to) => {
    expect(moved(key, from, { count: 8, columns: 3, pageRows: 2 })).toBe(to)
  })

  test('an empty grid has nowhere to go', () => {
    expect(moved('ArrowDown', -1, { count: 0, columns: 3, pageRows: 2 })).toBe(-1)
  })
})
