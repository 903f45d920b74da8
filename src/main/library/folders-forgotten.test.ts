import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StoredFolder } from '../store/folders.ts'
import { aFile, aShare } from '../store/testing.ts'
import { refused, startLibrary, waitUntil, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeEach(async () => {
  it = await startLibrary()
})
afterEach(() => it.close())

const names = (): string[] => it.files().map((file) => file.filename)

test('a forgotten folder takes its files along, but for those that are shared; the disk is not touched', async () => {
  const shared = it.copy('aac.m4a', 'shared.m4a')
  it.copy('h264-silent.mp4', 'plain.mp4')
  const { id } = await it.scan(it.media)
  const file = it.files().find((one) => one.path === shared)
  it.store.shares.insert(aShare(file?.id ?? ''))
  it.library.removeFolder(id)
  expect(names()).toEqual(['shared.m4a'])
  expect(it.files()[0]?.folder_id).toBeUndefined()
  expect(() => it.library.folder(id)).toThrow(refused('not_found'))
  // Added again, the shared file joins it under its id.
  await it.scan(it.media)
  expect(it.files().map((one) => one.filename)).toEqual(['plain.mp4', 'shared.m4a'])
  expect(it.library.get(file?.id ?? '').folder_id).toBeDefined()
})

/** A folder row with many files in it, as a scan would have left it. */
function manyFiles(count: number, failure: StoredFolder['failure']): StoredFolder {
  const folder = { id: randomUUID(), path: it.media, createdAt: 1, scannedAt: 1, unreadableCount: 0, failure }
  it.store.folders.insert(folder)
  it.store.transaction(() => {
    for (let n = 0; n < count; n++) it.store.files.insert(aFile({ folderId: folder.id }))
  })
  return folder
}

test('a folder of many files is forgotten at once for whoever asks, its rows go in steps', async () => {
  const { id } = manyFiles(1000, null)
  it.library.removeFolder(id)
  expect(it.library.folders()).toEqual([])
  expect(() => it.library.folder(id)).toThrow(refused('not_found'))
  expect(() => it.library.removeFolder(id)).toThrow(refused('not_found'))
  expect(it.store.folders.byId(id)).toBeDefined()
  await waitUntil(() => !it.store.folders.byId(id))
  expect(it.files()).toEqual([])
  expect(it.events.filter((event) => event.type === 'file.deleted')).toHaveLength(1000)
})

test('a forgetting that a stop interrupted goes on at the next start', async () => {
  const folder = manyFiles(500, { code: 'forgetting', message: '' })
  const shared = aFile({ folderId: folder.id })
  it.store.files.insert(shared)
  it.store.shares.insert(aShare(shared.id))
  expect(it.library.folders()).toEqual([])
  await expect(it.library.addFolder({ path: it.media })).rejects.toThrow('still being forgotten')
  await it.restart()
  await waitUntil(() => it.store.folders.all().length === 0)
  expect(it.files().map((file) => [file.id, file.folder_id])).toEqual([[shared.id, undefined]])
})
