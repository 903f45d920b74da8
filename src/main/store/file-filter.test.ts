import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileFilter } from '../../shared/api/file-filter.ts'
import { isLike } from './file-filter.ts'
import { openStore, type Store } from './store.ts'
import { aFile } from './testing.ts'

const dir = mkdtempSync(join(tmpdir(), 'matinee-filter-'))
let store: Store
beforeAll(() => {
  store = openStore(join(dir, 'matinee.db'))
  const media = aFile().media
  const base = {
    rating: 9,
    public: true,
    city: 'Bern',
    place: { city: 'Üetliberg' },
    tags: ['walk', 'Snow', 7],
    day: '2026-02-01',
  }
  const files = [
    {
      filename: 'a.mp4',
      bytes: 900,
      createdAt: Date.UTC(2026, 0, 1),
      metadata: base,
      media: media && { ...media, durationS: 9.5 },
    },
    {
      filename: 'B_1.MP4',
      bytes: 10_000,
      createdAt: Date.UTC(2026, 5, 1),
      metadata: {
        rating: 10,
        public: false,
        city: "O'Hara",
        tags: 'walk',
        day: '2026-10-01',
        place: 'x',
        odd: null,
      },
      media: media && { ...media, durationS: 120, audio: [] },
    },
    {
      filename: 'c.m4a',
      bytes: 0,
      createdAt: Date.UTC(2026, 11, 1),
      metadata: null,
      media: null,
      mediaType: 'audio',
      missing: true,
    },
  ] as const
  for (const file of files) store.files.insert(aFile(file))
})
afterAll(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

const found = (filter: FileFilter): string =>
  store.files
    .list({ limit: 50, offset: 0, order: 'created_at', sort: 'asc', filter })
    .files.map((file) => file.filename.slice(0, 1).toLowerCase())
    .join('')
type Operator = NonNullable<FileFilter['file']>[number]['operator']
const one = (path: string, operator: Operator, value: string | string[]) => ({
  path,
  operator,
  ...(typeof value === 'string' ? { valueText: value } : { valueTextArray: value }),
})

describe('a filter by metadata', () => {
  it.each<[path: string, operator: Operator, value: string | string[], files: string]>([
    ['rating', 'Equal', '9', 'a'],
    ['rating', 'Equal', '9.0', 'a'],
    ['rating', 'Equal', 'nine', ''],
    ['rating', 'NotEqual', '9', 'bc'],
    ['rating', 'LessThan', '10', 'a'],
    ['rating', 'GreaterThan', '9', 'b'],
    ['rating', 'GreaterThan', 'a', ''],
    ['rating', 'In', ['9', 'x', '11'], 'a'],
    ['rating', 'Like', '1%', 'b'],
    ['public', 'Equal', 'true', 'a'],
    ['public', 'NotEqual', 'true', 'bc'],
    ['public', 'In', ['false'], 'b'],
    ['city', 'Equal', 'Bern', 'a'],
    ['city', 'Equal', 'bern', ''],
    ['city', 'Equal', "O'Hara", 'b'],
    ['city', 'Equal', '', ''],
    ['city', 'Like', 'b%N', 'a'],
    ['city', 'Like', '%', 'ab'],
    ['place.city', 'Like', 'üetli%', 'a'],
    ['place', 'Equal', 'x', 'b'],
    ['place', 'NotEqual', '{"city":"Üetliberg"}', 'abc'],
    ['day', 'GreaterThan', '2026-09-30', 'b'],
    ['day', 'LessThan', '2026-09-30', 'a'],
    ['tags', 'ContainsAny', ['walk'], 'ab'],
    ['tags', 'ContainsAny', ['snow', 'x'], ''],
    ['tags', 'ContainsAny', ['7.0', 'x'], 'a'],
    ['tags', 'ContainsAll', ['walk', 'Snow'], 'a'],
    ['tags', 'ContainsAll', ['walk'], 'ab'],
    ['tags', 'ContainsAll', ['walk', 'x'], ''],
    ['tags', 'Equal', 'walk', 'b'],
    ['place', 'ContainsAny', ['Üetliberg'], ''],
    ['public', 'ContainsAny', ['true'], 'a'],
    ['odd', 'NotEqual', 'x', 'abc'],
    ['odd', 'Equal', 'null', ''],
    ['nothing', 'Equal', 'x', ''],
    ['nothing.deeper', 'ContainsAny', ['x'], ''],
    ['toString', 'Equal', 'x', ''],
  ])('%s %s %j finds %s', (path, operator, value, files) => {
    expect(found({ metadata: [one(path, operator, value)] })).toBe(files)
  })
})

describe('a filter by video_info or file', () => {
  it.each<[filter: FileFilter, files: string]>([
    [{ video_info: [{ path: 'duration_seconds', operator: 'GreaterThan', valueText: '60' }] }, 'b'],
    [{ video_info: [{ path: 'duration_seconds', operator: 'LessThan', valueText: '60' }] }, 'a'],
    [{ video_info: [{ path: 'width', operator: 'Equal', valueText: '1280' }] }, 'ab'],
    [{ video_info: [{ path: 'height', operator: 'In', valueTextArray: ['720', '1080'] }] }, 'ab'],
    [{ video_info: [{ path: 'format', operator: 'Like', valueText: 'mp4' }] }, 'ab'],
    [{ video_info: [{ path: 'has_audio', operator: 'Equal', valueText: 'true' }] }, 'a'],
    [{ video_info: [{ path: 'has_audio', operator: 'Equal', valueText: 'false' }] }, 'b'],
    [{ file: [{ path: 'bytes', operator: 'GreaterThan', valueText: '900' }] }, 'b'],
    [{ file: [{ path: 'bytes', operator: 'LessThan', valueText: '1000' }] }, 'ac'],
    [{ file: [{ path: 'filename', operator: 'Like', valueText: '%.mp4' }] }, 'ab'],
    [{ file: [{ path: 'filename', operator: 'Like', valueText: '_.mp4' }] }, ''],
    [{ file: [{ path: 'filename', operator: 'ContainsAny', valueTextArray: ['c.m4a', 'x'] }] }, 'c'],
    [{ file: [{ path: 'media_type', operator: 'NotEqual', valueText: 'video' }] }, 'c'],
    [{ file: [{ path: 'missing', operator: 'Equal', valueText: 'true' }] }, 'c'],
    [{ file: [{ path: 'status', operator: 'ContainsAll', valueTextArray: ['completed'] }] }, 'abc'],
    [{ file: [{ path: 'status', operator: 'ContainsAll', valueTextArray: ['completed', 'failed'] }] }, ''],
    [{ file: [{ path: 'created_at', operator: 'GreaterThan', valueText: '2026-03-01' }] }, 'bc'],
    [{ file: [{ path: 'created_at', operator: 'LessThan', valueText: String(Date.UTC(2026, 2, 1)) }] }, 'a'],
    [{ file: [{ path: 'created_at', operator: 'In', valueTextArray: ['2026-06-01T00:00:00Z'] }] }, 'b'],
    [{ file: [{ path: 'uri', operator: 'Like', valueText: 'matinee://files/%' }] }, 'abc'],
    [{}, 'abc'],
    [{ file: [] }, 'abc'],
  ])('%j finds %s', (filter, files) => {
    expect(found(filter)).toBe(files)
  })

  it('is fulfilled as a whole', () => {
    const isLong = { path: 'duration_seconds', operator: 'GreaterThan', valueText: '5' } as const
    expect(found({ video_info: [isLong], metadata: [one('rating', 'LessThan', '10')] })).toBe('a')
    expect(
      found({ video_info: [isLong], file: [{ path: 'bytes', operator: 'GreaterThan', valueText: '99999' }] }),
    ).toBe('')
  })

  it('counts what it finds, also together with a search, a kind and a page', () => {
    const query = { offset: 0, order: 'filename', sort: 'asc', limit: 1 } as const
    const filter: FileFilter = { metadata: [one('tags', 'ContainsAny', ['walk'])] }
    expect(store.files.list({ ...query, filter })).toMatchObject({ total: 2, files: [{ filename: 'a.mp4' }] })
    expect(store.files.list({ ...query, filter, search: 'b_1' })).toMatchObject({
      total: 1,
      files: [{ filename: 'B_1.MP4' }],
    })
    expect(store.files.list({ ...query, filter, search: 'b_', mediaType: 'video' }).total).toBe(1)
    expect(store.files.list({ ...query, filter, mediaType: 'audio' })).toEqual({ files: [], total: 0 })
  })
})

describe('Like', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'ABC', true],
    ['abc', 'ab', false],
    ['abc', 'a%', true],
    ['abc', '%c', true],
    ['abc', '%b%', true],
    ['abc', 'a%c%b', false],
    ['aXbXc', 'a%b%c', true],
    ['ab', 'ab%ab', false],
    ['aab', 'a%ab', true],
    ['', '', true],
    ['', '%', true],
    ['100%', '100%', true],
    ['a.c', 'a_c', false],
    ['Ü', 'u\u0308', true],
  ])('%s like %s: %s', (text, pattern, expected) => {
    expect(isLike(text, pattern)).toBe(expected)
  })
})
