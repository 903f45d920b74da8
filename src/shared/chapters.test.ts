import { expect, test } from 'vitest'
import { chapterAt, divisions, shownChapters, type Chapter } from './chapters.ts'

const chapter = (startS: number, endS: number, title = ''): Chapter => ({ startS, endS, title })

test('chapters are put in order, cut to the media and to the next one, and named', () => {
  expect(shownChapters([chapter(10, 99, ' Two '), chapter(0, 12, 'One'), chapter(15, 20)], 18)).toEqual([
    chapter(0, 10, 'One'),
    chapter(10, 15, 'Two'),
    chapter(15, 18, 'Chapter 3'),
  ])
})

test('what lies outside the media or lasts no time is left out, and of several beginnings the first counts', () => {
  const given = [
    chapter(0, 5, 'a'),
    chapter(0, 3, 'again'),
    chapter(5, 5),
    chapter(5, 9, 'b'),
    chapter(12, 14),
  ]
  expect(shownChapters(given, 9).map((it) => it.title)).toEqual(['a', 'b'])
})

test('one chapter divides nothing', () => {
  expect(shownChapters([chapter(0, 10, 'All')], 10)).toEqual([])
  expect(shownChapters([], 10)).toEqual([])
})

test('a second lies in its chapter, a seek that lands a frame early too, and the end in the last one', () => {
  const chapters = [chapter(0, 4, 'a'), chapter(4, 8, 'b'), chapter(9, 12, 'c')]
  expect(chapterAt(chapters, 0)?.title).toBe('a')
  expect(chapterAt(chapters, 3.97)?.title).toBe('b')
  expect(chapterAt(chapters, 8.5)).toBeUndefined()
  expect(chapterAt(chapters, 12)?.title).toBe('c')
  expect(chapterAt([], 3)).toBeUndefined()
})

test('the bar is divided where chapters meet, once each, and at neither end', () => {
  expect(divisions([chapter(0, 5), chapter(5, 8), chapter(9, 10)], 10)).toEqual([0.5, 0.8, 0.9])
})
