import { expect, test } from 'vitest'
import { faultOf, NO_MARKS, stretchOf, withEnd, withStart } from './marks.ts'

test('a start behind the end takes the end away, and the other way round', () => {
  const marks = withEnd(withStart(NO_MARKS, 2), 5)
  expect(marks).toEqual({ startS: 2, endS: 5 })
  expect(withStart(marks, 6)).toEqual({ startS: 6, endS: null })
  expect(withStart(marks, 5)).toEqual({ startS: 5, endS: null })
  expect(withEnd(marks, 1)).toEqual({ startS: null, endS: 1 })
})

test('one mark is a part up to the end of the file, or from its start', () => {
  expect(stretchOf(NO_MARKS, 10)).toBeNull()
  expect(stretchOf({ startS: 4, endS: null }, 10)).toEqual({ startS: 4, endS: 10 })
  expect(stretchOf({ startS: null, endS: 4 }, 10)).toEqual({ startS: 0, endS: 4 })
  expect(stretchOf({ startS: 4, endS: null }, null)).toBeNull()
})

test('a typed time is refused with its reason', () => {
  const marks = { startS: 2, endS: 5 }
  expect(faultOf('start', null, marks, 10)).toBe('unreadable')
  expect(faultOf('start', 5, marks, 10)).toBe('behind_end')
  expect(faultOf('end', 2, marks, 10)).toBe('not_behind_start')
  expect(faultOf('end', 10.1, marks, 10)).toBe('beyond_file')
  expect(faultOf('end', 10, marks, 9.9998)).toBeNull()
  expect(faultOf('start', 0, marks, 10)).toBeNull()
})
