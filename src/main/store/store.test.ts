import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MediaIndex } from '../../shared/media.ts'
import { openStore, type Store } from './store.ts'
import { aFile, aShare } from './testing.ts'

let dir: string
let store: Store
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-store-'))
  store = openStore(join(dir, 'matinee.db'))
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

const page = { limit: 50, offset: 0, order: 'created_at', sort: 'desc' } as const

test('a file comes back as it was put, every field of it', () => {
  const full = aFile({
    folderId: null,
    failure: { code: 'unreadable', message: 'cut off' },
    metadata: { tags: ['a'], deep: { b: null } },
    poster: 'made',
    missing: true,
    deliveryReason: 'why',
  })
  const bare = aFile({ fingerprint: null, media: null, mediaType: null, delivery: null, packager: null })
  for (const file of [full, bare]) {
    store.files.insert(file)
    expect(store.files.byId(file.id)).toEqual(file)
    expect(store.files.byPath(file.path)).toEqual(file)
  }
  store.files.update({ ...full, filename: 'new name.mp4', missing: false })
  expect(store.files.byId(full.id)).toEqual({ ...full, filename: 'new name.mp4', missing: false })
})

test('a path is one file only', () => {
  const file = aFile()
  store.files.insert(file)
  expect(() => store.files.insert(aFile({ path: file.path }))).toThrow(/UNIQUE/)
})

test('S42: a search finds its text literally, whatever it means in SQL', () => {
  const names = [
    '100% pure.mp4',
    '100 pure.mp4',
    'a_b.mp4',
    'axb.mp4',
    `'; DROP TABLE files; --.mp4`,
    'back\\slash.mp4',
  ]
  for (const filename of names) store.files.insert(aFile({ filename }))
  const found = (search: string): string[] =>
    store.files.list({ ...page, search }).files.map((it) => it.filename)
  expect(found('100%')).toEqual(['100% pure.mp4'])
  expect(found('a_b')).toEqual(['a_b.mp4'])
  expect(found(`'; DROP`)).toEqual([`'; DROP TABLE files; --.mp4`])
  expect(found('\\')).toEqual(['back\\slash.mp4'])
  expect(found('\u0000"*NEAR(')).toEqual([])
  expect(store.files.list(page).total).toBe(names.length)
})

test('S43: pages hold each file once, in one order, also when many were made in the same moment', () => {
  const ids = Array.from({ length: 23 }, () => {
    const file = aFile()
    store.files.insert(file)
    return file.id
  })
  const seen = [0, 10, 20].flatMap((offset) =>
    store.files.list({ ...page, limit: 10, offset }).files.map((it) => it.id),
  )
  expect(new Set(seen)).toEqual(new Set(ids))
  expect(seen).toHaveLength(23)
  expect(store.files.list({ ...page, offset: 1e12 }).files).toEqual([])
})

test('lists are narrowed by status, time, folder, type and order', () => {
  const folder = {
    id: 'folder-1',
    path: '/media',
    createdAt: 1,
    scannedAt: null,
    unreadableCount: 0,
    failure: null,
  }
  store.folders.insert(folder)
  store.files.insert(aFile({ filename: 'b.mp4', createdAt: 10, folderId: folder.id }))
  store.files.insert(aFile({ filename: 'A.m4a', createdAt: 20, mediaType: 'audio', status: 'pending' }))
  store.files.insert(aFile({ filename: 'c.mp4', createdAt: 30, missing: true }))
  const names = (query: object): string[] =>
    store.files.list({ ...page, ...query }).files.map((it) => it.filename)
  expect(names({})).toEqual(['c.mp4', 'A.m4a', 'b.mp4'])
  expect(names({ order: 'filename', sort: 'asc' })).toEqual(['A.m4a', 'b.mp4', 'c.mp4'])
  expect(names({ createdFrom: 10, createdBefore: 30 })).toEqual(['A.m4a', 'b.mp4'])
  expect(names({ status: 'pending' })).toEqual(['A.m4a'])
  expect(names({ mediaType: 'audio' })).toEqual(['A.m4a'])
  expect(names({ folderId: folder.id })).toEqual(['b.mp4'])
  expect(names({ missing: true })).toEqual(['c.mp4'])
  expect(store.files.countsOfFolder(folder.id)).toEqual({ total: 1, pending: 0 })
  expect(store.files.nextPending()?.filename).toBe('A.m4a')
  expect(store.folders.remove(folder.id)).toBe(true)
  expect(store.files.list({ ...page, search: 'b.mp4' }).files[0]?.folderId).toBeNull()
})

test('a file that was being read when Matinee stopped waits again', () => {
  store.files.insert(aFile({ filename: 'interrupted.mp4', status: 'processing' }))
  expect(store.files.nextPending()).toBeUndefined()
  store.files.resetInterrupted()
  expect(store.files.nextPending()?.filename).toBe('interrupted.mp4')
})

test('posters are made of readable files that are there, each tried once', () => {
  store.files.insert(aFile({ filename: 'gone.mp4', poster: 'pending', missing: true }))
  const file = aFile({ filename: 'a.mp4', poster: 'pending' })
  store.files.insert(file)
  expect(store.files.nextWithoutPoster()?.filename).toBe('a.mp4')
  store.files.update({ ...file, poster: 'none' })
  expect(store.files.nextWithoutPoster()).toBeUndefined()
})

test('one file has one active share of a visibility; a deleted one does not count', () => {
  const file = aFile()
  store.files.insert(file)
  const first = aShare(file.id, { metadata: { a: 1 }, failure: { code: 'x', message: 'y' }, expiresAt: 5 })
  store.shares.insert(first)
  expect(store.shares.byId(first.id)).toEqual(first)
  expect(() => store.shares.insert(aShare(file.id))).toThrow(/UNIQUE/)
  store.shares.insert(aShare(file.id, { visibility: 'private' }))
  store.shares.update({ ...first, deletedAt: 100 })
  const second = aShare(file.id)
  store.shares.insert(second)
  expect(store.shares.activeOf(file.id, null, 'public')?.id).toBe(second.id)
  expect(store.shares.list({ limit: 9, offset: 0, fileId: file.id }).total).toBe(2)
  store.shares.purge(99)
  expect(store.shares.byId(first.id)).toBeDefined()
  store.shares.purge(100)
  expect(store.shares.byId(first.id)).toBeUndefined()
})

test('shares go with their file', () => {
  const file = aFile()
  store.files.insert(file)
  const share = aShare(file.id)
  store.shares.insert(share)
  expect(store.files.remove(file.id)).toBe(true)
  expect(store.files.remove(file.id)).toBe(false)
  expect(store.shares.byId(share.id)).toBeUndefined()
})

test('a transaction that throws leaves nothing', () => {
  const file = aFile()
  expect(() =>
    store.transaction(() => {
      store.files.insert(file)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(store.files.byId(file.id)).toBeUndefined()
})

test('a key table is kept by content and replaced', () => {
  const index: MediaIndex = {
    keyTimesS: [0, 2.002, 4.004],
    openGop: false,
    startS: 0,
    endS: 6,
    reorderS: 2 / 30,
    videoTimescale: 15360,
  }
  store.mediaIndexes.put('f1', index)
  store.mediaIndexes.put('f1', { ...index, endS: 7 })
  expect(store.mediaIndexes.get('f1')).toEqual({ ...index, endS: 7 })
  expect(store.mediaIndexes.get('f2')).toBeNull()

  // What is known of a table that is being made goes when it is there, or when its file is forgotten.
  expect(store.mediaIndexes.progress('f2')).toBeNull()
  store.mediaIndexes.saveProgress('f2', 'a third')
  store.mediaIndexes.saveProgress('f2', 'a half')
  expect(store.mediaIndexes.progress('f2')).toBe('a half')
  store.mediaIndexes.put('f2', index)
  expect(store.mediaIndexes.progress('f2')).toBeNull()
  store.mediaIndexes.saveProgress('f3', 'a half')
  store.mediaIndexes.remove('f3')
  expect(store.mediaIndexes.progress('f3')).toBeNull()
})

test('sessions end by time and by hand', () => {
  store.sessions.insert('h1', 0, 100)
  store.sessions.insert('h2', 0, 200)
  store.sessions.removeExpired(100)
  expect(store.sessions.expiresAt('h1')).toBeUndefined()
  expect(store.sessions.expiresAt('h2')).toBe(200)
  store.sessions.remove('h2')
  expect(store.sessions.expiresAt('h2')).toBeUndefined()
})
