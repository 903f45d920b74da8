import { expect, test } from 'vitest'
import type { Share } from '../../../shared/api/share.ts'
import { countShares, sharesOf, sharesToShow, withoutShares, withShares } from './shares.ts'

const share = (id: string, more: Partial<Share> = {}): Share =>
  ({
    id,
    file_id: `file-of-${id}`,
    title: id,
    visibility: 'public',
    status: 'completed',
    created_at: 0,
    view_count: 0,
    ...more,
  }) as Share

test('shares stand newest first, and under their file', () => {
  const state = sharesOf([
    share('a', { created_at: 1, file_id: 'x' }),
    share('b', { created_at: 3, file_id: 'x' }),
    share('c', { created_at: 2, file_id: 'y' }),
  ])
  expect([...state.byId.keys()]).toEqual(['b', 'c', 'a'])
  expect(state.byFile.get('x')).toEqual(['b', 'a'])
  expect(state.isComplete).toBe(true)
})

test('a share that changes stays in its place; a new one comes to its own', () => {
  const state = sharesOf([share('a', { created_at: 1 }), share('b', { created_at: 2 })])
  const viewed = withShares(state, [share('b', { created_at: 2, view_count: 5 })])
  expect(viewed.byId.get('b')?.view_count).toBe(5)
  expect(viewed.byFile).toBe(state.byFile)
  const more = withShares(viewed, [share('c', { created_at: 3, file_id: 'file-of-a' })])
  expect([...more.byId.keys()]).toEqual(['c', 'b', 'a'])
  expect(more.byFile.get('file-of-a')).toEqual(['c', 'a'])
})

test('a deleted share leaves its file too', () => {
  const state = sharesOf([share('a'), share('b')])
  const left = withoutShares(state, new Set(['a', 'unknown']))
  expect([...left.byId.keys()]).toEqual(['b'])
  expect(left.byFile.has('file-of-a')).toBe(false)
  expect(withoutShares(left, new Set(['a']))).toBe(left)
})

test('the rail counts what is public, private, on its way, and failed', () => {
  const counts = countShares([
    share('a'),
    share('b', { status: 'pending' }),
    share('c', { status: 'processing' }),
    share('d', { status: 'failed' }),
    share('e', { visibility: 'private' }),
  ])
  expect(counts).toEqual({ all: 5, public: 4, private: 1, processing: 2, failed: 1 })
})

test('shares are found by any part of their title, and stand by number where titles have some', () => {
  const shares = [
    share('1', { title: 'Trip 10' }),
    share('2', { title: 'Trip 9' }),
    share('3', { title: 'Lecture', status: 'failed' }),
  ]
  const titles = (query: Partial<Parameters<typeof sharesToShow>[1]>): (string | undefined)[] =>
    sharesToShow(shares, { filter: 'all', search: '', order: 'newest', ...query }).map((it) => it.title)
  expect(titles({})).toEqual(['Trip 10', 'Trip 9', 'Lecture'])
  expect(titles({ order: 'name' })).toEqual(['Lecture', 'Trip 9', 'Trip 10'])
  expect(titles({ order: 'name_down' })).toEqual(['Trip 10', 'Trip 9', 'Lecture'])
  expect(titles({ order: 'oldest' })).toEqual(titles({}).toReversed())
  expect(titles({ search: ' TRIP ' })).toEqual(['Trip 10', 'Trip 9'])
  expect(titles({ filter: 'failed' })).toEqual(['Lecture'])
})
