import { expect, test } from 'vitest'
import { toMarks } from './marks.ts'

const MARKS = [1, 5, 9]

test('a range grows to the marks around it', () => {
  expect(toMarks(MARKS, { fromS: 2, toS: 4 })).toEqual({ keyS: 1, fromS: 1, toS: 5 })
  expect(toMarks(MARKS, { fromS: 5, toS: 9 })).toEqual({ keyS: 5, fromS: 5, toS: 9 })
  expect(toMarks(MARKS, { fromS: 6, toS: 9.1 })).toEqual({ keyS: 5, fromS: 5, toS: null })
  expect(toMarks(MARKS, { fromS: 9.5, toS: null })).toEqual({ keyS: 9, fromS: 9, toS: null })
})

test('before the first mark there is the beginning of the file', () => {
  expect(toMarks(MARKS, { fromS: 0.5, toS: 0.8 })).toEqual({ keyS: 1, fromS: 0.5, toS: 5 })
})
