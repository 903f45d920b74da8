import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ErrorCode } from '../../shared/api/error.ts'
import { aShare } from '../store/testing.ts'
import { startLibrary, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeEach(async () => {
  it = await startLibrary()
})
afterEach(() => it.close())

const refused = (code: ErrorCode) => expect.objectContaining({ code }) as Error
const put = (name: string, ...as: string[]): string => {
  const path = join(it.media, ...as)
  mkdirSync(join(path, '..'), { recursive: true })
  copyFileSync(testMedia(name), path)
  return path
}
const names = (): string[] => it.files().map((file) => file.filename)

test('a folder brings its media files, at any depth; bad ones show their reason and stop nothing', async () => {
  put('h264-aac-gop2.mp4', 'a.mp4')
  put('aac.m4a', 'deep', 'deeper', 'b.M4A')
  put('truncated.mp4', 'cut.mp4')
  put('random.mp4', 'noise.mp4')
  put('aac.m4a', '.hidden', 'c.m4a')
  writeFileSync(join(it.media, 'notes.txt'), 'text')
  const folder = await it.scan(it.media)
  expect(folder).toMatchObject({
    object: 'folder',
    status: 'ready',
    file_count: 4,
    pending_count: 0,
    path: it.media,
  })
  expect(it.files().map((file) => [file.filename, file.status])).toEqual([
    ['a.mp4', 'completed'],
    ['b.M4A', 'completed'],
    ['cut.mp4', 'failed'],
    ['noise.mp4', 'failed'],
  ])
  expect(it.files()[0]?.folder_id).toBe(folder.id)
  await vi.waitUntil(() =>
    it.events.some((event) => event.type === 'folder.updated' && event.folder.status === 'ready'),
  )
})

test('S56, S57: links, loops, FIFOs and sockets in a folder are passed over', async () => {
  put('aac.m4a', 'real.m4a')
  symlinkSync('/etc/passwd', join(it.media, 'passwd.mp4'))
  symlinkSync('/', join(it.media, 'root'))
  symlinkSync('.', join(it.media, 'loop'))
  symlinkSync(testMedia('h264-silent.mp4'), join(it.media, 'outside.mp4'))
  for (const n of [1, 2, 3, 4, 5]) execFileSync('mkfifo', [join(it.media, `fifo-${n}.mp4`)])
  expect(await it.scan(it.media)).toMatchObject({ status: 'ready', file_count: 1 })
  expect(names()).toEqual(['real.m4a'])
})

test('a second look finds what came, changed, moved, went and returned, each under its id', async () => {
  put('h264-silent.mp4', 'stays.mp4')
  const moves = put('h264-aac.mkv', 'moves.mkv')
  const changes = put('h264-aac.mov', 'changes.mov')
  const goes = put('h264-2997.mp4', 'goes.mp4')
  const { id } = await it.scan(it.media)
  const idOf = (name: string): string | undefined => it.files().find((file) => file.filename === name)?.id
  const before = { moves: idOf('moves.mkv'), changes: idOf('changes.mov'), goes: idOf('goes.mp4') }

  put('aac.m4a', 'new.m4a')
  mkdirSync(join(it.media, 'sub'))
  renameSync(moves, join(it.media, 'sub', 'moved.mkv'))
  copyFileSync(testMedia('vp9-opus.webm'), changes)
  rmSync(goes)
  await it.rescan(id)
  expect(idOf('moved.mkv')).toBe(before.moves)
  expect(it.library.get(before.changes ?? '')).toMatchObject({ video_codec: 'VP9', status: 'completed' })
  expect(it.library.get(before.goes ?? '')).toMatchObject({
    missing: true,
    playable: false,
    status: 'completed',
  })
  expect(names()).toEqual(['changes.mov', 'goes.mp4', 'moved.mkv', 'new.m4a', 'stays.mp4'])

  // The same content under its old name is the file again, whichever inode it got.
  copyFileSync(testMedia('h264-2997.mp4'), goes)
  await it.rescan(id)
  expect(it.library.get(before.goes ?? '')).toMatchObject({ missing: false, playable: true })
})

test('a folder whose drive is unplugged says so, its files are missing, and all is back with it', async () => {
  const drive = join(it.media, 'drive')
  put('aac.m4a', 'drive', 'a.m4a')
  const { id } = await it.scan(drive)
  renameSync(drive, `${drive}-unplugged`)
  expect(await it.rescan(id)).toMatchObject({ status: 'failed', failure: { code: 'not_found' } })
  expect(it.files()).toMatchObject([{ missing: true }])
  renameSync(`${drive}-unplugged`, drive)
  const back = await it.rescan(id)
  expect(back.status).toBe('ready')
  expect(back.failure).toBeUndefined()
  expect(it.files()).toMatchObject([{ missing: false, playable: true }])
})

test('a folder is in the library once, and neither inside another nor around one', async () => {
  mkdirSync(join(it.media, 'a', 'b'), { recursive: true })
  await it.scan(join(it.media, 'a'))
  for (const path of [join(it.media, 'a'), join(it.media, 'a', 'b'), it.media]) {
    await expect(it.library.addFolder({ path })).rejects.toThrow(refused('conflict'))
  }
  await expect(it.library.addFolder({ path: 'relative' })).rejects.toThrow(refused('bad_request'))
  await expect(it.library.addFolder({ path: join(it.media, 'none') })).rejects.toThrow(refused('not_found'))
  await expect(it.library.addFolder({ path: testMedia('aac.m4a') })).rejects.toThrow(refused('bad_request'))
})

test('a forgotten folder takes its files along, but for those that are shared; the disk is not touched', async () => {
  const shared = put('aac.m4a', 'shared.m4a')
  put('h264-silent.mp4', 'plain.mp4')
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

test('what a stop interrupted is read after the next start, and nothing twice', async () => {
  put('aac.m4a', 'a.m4a')
  const { id } = await it.scan(it.media)
  const file = it.files()[0]
  const stored = it.store.files.byId(file?.id ?? '')
  if (!stored) throw new Error('no row')
  it.store.files.update({ ...stored, status: 'processing' })
  put('h264-silent.mp4', 'came-while-off.mp4')
  await it.restart()
  await vi.waitUntil(() => it.files().length === 2 && it.files().every((one) => one.status === 'completed'))
  expect(it.files().map((one) => one.id)).toContain(file?.id)
  expect(it.library.folder(id).file_count).toBe(2)
})
