import { describe, expect, test } from 'vitest'
import type { ListOf } from '../../../shared/api/common.ts'
import type { File } from '../../../shared/api/file.ts'
import {
  movesInLists,
  PAGE_SIZE,
  pagesToAsk,
  UNKNOWN_LIBRARY,
  withFiles,
  withoutFarFiles,
  withoutFile,
  withPage,
  withStalePages,
  withView,
  type LibraryState,
} from './library.ts'

const file = (id: string, more: Partial<File> = {}): File => ({ id, filename: `${id}.mp4`, ...more }) as File
const ids = (from: number, to: number, prefix = 'f'): string[] =>
  Array.from({ length: to - from }, (_, at) => `${prefix}${from + at}`)
const list = (names: readonly string[], total: number): ListOf<File> => ({
  object: 'list',
  data: names.map((id) => file(id)),
  total,
  limit: PAGE_SIZE,
  offset: 0,
})
/** A view of 250 files of which pages 0 and 2 have been read. */
const sparse = (): LibraryState =>
  withPage(withPage(UNKNOWN_LIBRARY, 0, list(ids(0, 100), 250)), 2, list(ids(200, 250), 250))

describe('pages', () => {
  test('lie where they belong, with holes between them', () => {
    const state = sparse()
    expect(state.total).toBe(250)
    expect(state.ids[0]).toBe('f0')
    expect(state.ids[150]).toBeUndefined()
    expect(state.ids[249]).toBe('f249')
    expect(state.ids).toHaveLength(250)
    expect(state.files.size).toBe(150)
  })

  test('are asked for as they come into sight, once', () => {
    const state = sparse()
    expect(pagesToAsk(state, 90, 110)).toEqual([1])
    expect(pagesToAsk(state, 0, 99)).toEqual([])
    expect(pagesToAsk(state, 190, 9_999)).toEqual([1])
    expect(pagesToAsk(withStalePages(state), 90, 210)).toEqual([0, 1, 2])
    expect(pagesToAsk(withPage(UNKNOWN_LIBRARY, 0, list([], 0)), 0, 20)).toEqual([])
  })

  test('are old when their list has another length, and are shown until they are read again', () => {
    const state = withPage(sparse(), 0, list(['new', ...ids(0, 99)], 251))
    expect([...state.fresh]).toEqual([0])
    expect(state.ids[0]).toBe('new')
    expect(state.ids[200]).toBe('f200')
    expect(state.ids).toHaveLength(251)
  })

  test('take over what has moved onto them from a page that is old', () => {
    const moved = withPage(sparse(), 1, list(['f200', ...ids(100, 199)], 250))
    expect(moved.ids[100]).toBe('f200')
    expect(moved.ids[200]).toBeUndefined()
    expect(moved.ids.filter((id) => id === 'f200')).toHaveLength(1)
  })

  test('that became shorter leave nothing behind', () => {
    const state = withPage(sparse(), 2, list(ids(200, 210), 210))
    expect(state.ids).toHaveLength(210)
    const emptied = withPage(state, 0, list([], 0))
    expect(emptied.ids).toEqual([])
    expect(emptied.total).toBe(0)
  })
})

test('another view begins with nothing known of it, but with the files that are', () => {
  const state = withView(sparse(), { filter: 'audio', folderId: undefined, search: '', order: 'name' })
  expect(state.total).toBeNull()
  expect(state.ids).toEqual([])
  expect(state.files.has('f0')).toBe(true)
})

test('a file that changes changes in place; one that nobody needed is not kept', () => {
  const state = sparse()
  const changed = withFiles(state, [file('f3', { missing: true }), file('unknown')])
  expect(changed.files.get('f3')?.missing).toBe(true)
  expect(changed.files.has('unknown')).toBe(false)
  expect(changed.ids).toBe(state.ids)
  expect(withFiles(state, [file('unknown')])).toBe(state)
})

test('what comes after a file that is gone moves up, and is read again', () => {
  const state = withoutFile(sparse(), 'f3')
  expect(state.ids[3]).toBe('f4')
  expect(state.ids[199]).toBe('f200')
  expect(state.total).toBe(249)
  expect(state.fresh.size).toBe(0)
  expect(state.files.has('f3')).toBe(false)
  expect(withoutFile(state, 'f3')).toBe(state)
})

test('files far from sight are forgotten, but for those that something is about', () => {
  let state = UNKNOWN_LIBRARY
  for (let page = 0; page < 40; page++) {
    state = withPage(state, page, list(ids(page * PAGE_SIZE, (page + 1) * PAGE_SIZE), 4_000))
  }
  const kept = withoutFarFiles(state, 3_900, 3_999, (id) => id === 'f7')
  expect(kept.files.size).toBeLessThan(1_000)
  expect(kept.files.has('f7')).toBe(true)
  expect(kept.files.has('f3950')).toBe(true)
  expect(kept.ids[7]).toBeUndefined()
  expect(kept.ids[3_950]).toBe('f3950')
  expect(pagesToAsk(kept, 0, 50)).toEqual([0])
  expect(pagesToAsk(kept, 3_900, 3_999)).toEqual([])
})

test('only some changes of a file move it between lists', () => {
  const before = file('a', { media_type: 'video', missing: false })
  expect(movesInLists(undefined, before)).toBe(true)
  expect(movesInLists(before, { ...before, status: 'completed', thumbnail_url: 'x' })).toBe(false)
  expect(movesInLists(before, { ...before, missing: true })).toBe(true)
  expect(movesInLists(before, { ...before, filename: 'b.mp4' })).toBe(true)
  expect(movesInLists(before, { ...before, folder_id: 'x' })).toBe(true)
  expect(movesInLists(before, { ...before, media_type: 'audio' })).toBe(true)
  expect(movesInLists(before, { ...before, metadata: { tags: ['new'] } })).toBe(true)
})
