import { expect, test } from 'vitest'
import { hashOf, HOME, placeOf, type Place } from './place.ts'

test.each<[string, Place]>([
  ['#/', HOME],
  ['#/video', { kind: 'library', filter: 'video' }],
  ['#/missing', { kind: 'library', filter: 'missing' }],
  ['#/folders/a%2Fb', { kind: 'folder', id: 'a/b' }],
  ['#/shares', { kind: 'shares', filter: 'all' }],
  ['#/shares/private', { kind: 'shares', filter: 'private' }],
  ['#/shares/failed', { kind: 'shares', filter: 'failed' }],
])('%s is an address and back', (hash, place) => {
  expect(placeOf(hash)).toEqual(place)
  expect(hashOf(place)).toBe(hash)
})

test.each(['', '#', '#/nonsense', '#/folders/', '#/folders/%', '#video/x/y'])(
  '%s leads somewhere',
  (hash) => {
    expect(['library']).toContain(placeOf(hash).kind)
  },
)
