import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDiskCache } from './disk-cache.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'matinee-cache-'))
})
afterEach(() => rm(dir, { recursive: true }))

test('what was put is there for the next process too', async () => {
  await createDiskCache({ dir, maxBytes: 100 }).put('a/../b', Buffer.from('picture'))
  const later = createDiskCache({ dir, maxBytes: 100 })
  expect(await later.get('a/../b')).toEqual(Buffer.from('picture'))
  expect(await later.get('other')).toBeNull()
})

test('what was not used for longest gives way', async () => {
  const cache = createDiskCache({ dir, maxBytes: 10 })
  await cache.put('old', Buffer.alloc(4))
  for (const name of await readdir(dir)) await utimes(join(dir, name), 1, 1)
  await cache.put('new', Buffer.alloc(4))
  for (const name of await readdir(dir)) await utimes(join(dir, name), 2, 2)
  await cache.get('old')
  await cache.put('newest', Buffer.alloc(4))
  expect(await cache.get('new')).toBeNull()
  expect(await cache.get('old')).toHaveLength(4)
  expect(await cache.get('newest')).toHaveLength(4)
})

test('more than all of it is not kept, and nothing is lost by it', async () => {
  const cache = createDiskCache({ dir, maxBytes: 10 })
  await cache.put('small', Buffer.alloc(4))
  await cache.put('large', Buffer.alloc(11))
  expect(await cache.get('large')).toBeNull()
  expect(await cache.get('small')).toHaveLength(4)
})

test('what is named by its key can be dropped by the beginning of it', async () => {
  const cache = createDiskCache({ dir, maxBytes: 100, nameOf: (key) => key })
  await cache.removeNamed('one-')
  for (const key of ['one-a', 'one-b', 'other-a']) await cache.put(key, Buffer.from(key))
  await cache.removeNamed('one-')
  expect(await readdir(dir)).toEqual(['other-a'])
  expect((await cache.get('other-a'))?.toString()).toBe('other-a')
})
