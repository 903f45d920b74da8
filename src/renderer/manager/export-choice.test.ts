import { expect, test } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import { EXPORT_CHOICES, exportBody, sizeIn, sizeText, whyNot } from './export-choice.ts'

const file = (more: Partial<File> = {}): File =>
  ({
    ...{ media_type: 'video', bytes: 60_000_000 },
    media_info: { duration_seconds: 60, has_audio: true },
    ...more,
  }) as File

test('what cannot be made says why, before it is asked for', () => {
  const reasons = (of: File, lengthS: number) =>
    Object.fromEntries(EXPORT_CHOICES.map(({ id }) => [id, whyNot(id, of, lengthS)]))
  expect(Object.values(reasons(file(), 12))).toEqual(EXPORT_CHOICES.map(() => null))
  expect(reasons(file(), 16)).toMatchObject({ mp4: null, gif: 'Up to 15 s: mark a shorter clip' })
  expect(reasons(file({ media_type: 'audio' }), 12)).toMatchObject({
    ...{ mp4: 'There is no picture in it', webp: 'There is no picture in it', m4a: null },
  })
  const silent = file({ media_info: { duration_seconds: 60, has_audio: false } as File['media_info'] })
  expect(whyNot('mp3', silent, 12)).toBe('There is no sound in it')
})

test('the call names the part and the largest size, the whole file neither', () => {
  expect(exportBody('mp4', null, 10)).toEqual({ format: 'mp4' })
  expect(exportBody('fit', { startS: 2, endS: 5 }, 8)).toEqual({
    ...{ format: 'mp4', start_time: 2, end_time: 5, max_bytes: 8_000_000 },
  })
})

test('the size is told as well as it can be', () => {
  expect(sizeText('mp4', file(), 6, 10)).toBe('About 6 MB')
  expect(sizeText('fit', file(), 6, 10)).toBe('At most 10 MB')
  expect(sizeText('m4a', file(), 60, 10)).toBe('About 1.2 MB')
  expect(sizeText('gif', file(), 6, 10)).toBe('')
})

test.each([
  ['12', 12],
  ['7.5 MB', 7.5],
  ['7,5', 7.5],
  ['0', null],
  ['a lot', null],
])('a typed size of %s is %s', (text, size) => {
  expect(sizeIn(text)).toBe(size)
})
