import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { aShare } from '../store/testing.ts'
import { refused, startLibrary, waitUntil, withoutRights, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeEach(async () => {
  it = await startLibrary()
})
afterEach(() => it.close())

const names = (): string[] => it.files().map((file) => file.filename)

test('a folder brings its media files, at any depth; bad ones show their reason and stop nothing', async () => {
  it.copy('h264-aac-gop2.mp4', 'a.mp4')
  it.copy('aac.m4a', 'deep', 'deeper', 'b.M4A')
  it.copy('truncated.mp4', 'cut.mp4')
  it.copy('random.mp4', 'noise.mp4')
  it.copy('aac.m4a', '.hidden', 'c.m4a')
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
  await waitUntil(() =>
    it.events.some((event) => event.type === 'folder.updated' && event.folder.status === 'ready'),
  )
})

test('S56, S57: links, loops, FIFOs and sockets in a folder are passed over', async () => {
  it.copy('aac.m4a', 'real.m4a')
  symlinkSync('/etc/passwd', join(it.media, 'passwd.mp4'))
  symlinkSync('/', join(it.media, 'root'))
  symlinkSync('.', join(it.media, 'loop'))
  symlinkSync(testMedia('h264-silent.mp4'), join(it.media, 'outside.mp4'))
  for (const n of [1, 2, 3, 4, 5]) execFileSync('mkfifo', [join(it.media, `fifo-${n}.mp4`)])
  expect(await it.scan(it.media)).toMatchObject({ status: 'ready', file_count: 1 })
  expect(names()).toEqual(['real.m4a'])
})

test('a second look finds what came, changed, moved, went and returned, each under its id', async () => {
  it.copy('h264-silent.mp4', 'stays.mp4')
  const moves = it.copy('h264-aac.mkv', 'moves.mkv')
  const changes = it.copy('h264-aac.mov', 'changes.mov')
  const goes = it.copy('h264-2997.mp4', 'goes.mp4')
  const { id } = await it.scan(it.media)
  const idOf = (name: string): string | undefined => it.files().find((file) => file.filename === name)?.id
  const before = { moves: idOf('moves.mkv'), changes: idOf('changes.mov'), goes: idOf('goes.mp4') }

  it.copy('aac.m4a', 'new.m4a')
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
  it.copy('aac.m4a', 'drive', 'a.m4a')
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

test('what a stop interrupted is read after the next start, and nothing twice', async () => {
  it.copy('aac.m4a', 'a.m4a')
  const { id } = await it.scan(it.media)
  const file = it.files()[0]
  const stored = it.store.files.byId(file?.id ?? '')
  if (!stored) throw new Error('no row')
  it.store.files.update({ ...stored, status: 'processing' })
  it.copy('h264-silent.mp4', 'came-while-off.mp4')
  await it.restart()
  await waitUntil(() => it.files().length === 2 && it.files().every((one) => one.status === 'completed'))
  expect(it.files().map((one) => one.id)).toContain(file?.id)
  expect(it.library.folder(id).file_count).toBe(2)
})

test('a file that moved to another folder of the library keeps its id and its shares, whichever is looked at first', async () => {
  mkdirSync(join(it.media, 'a'))
  mkdirSync(join(it.media, 'b'))
  const path = it.copy('aac.m4a', 'a', 'song.m4a')
  const kept = it.copy('h264-silent.mp4', 'a', 'film.mp4')
  const a = await it.scan(join(it.media, 'a'))
  const b = await it.scan(join(it.media, 'b'))
  const before = it.files()
  const [film, song] = before
  it.store.shares.insert(aShare(song?.id ?? ''))
  // The name that its owner gave it stays; the other one's follows the disk.
  it.library.update(film?.id ?? '', { filename: 'My film.mp4' })
  renameSync(path, join(it.media, 'b', 'renamed.m4a'))
  copyFileSync(kept, join(it.media, 'b', 'film 2.mp4'))
  rmSync(kept)
  await it.rescan(b.id)
  await it.rescan(a.id)
  expect(it.files()).toMatchObject([
    { id: film?.id, filename: 'My film.mp4', path: join(it.media, 'b', 'film 2.mp4'), folder_id: b.id },
    { id: song?.id, filename: 'renamed.m4a', folder_id: b.id, missing: false, playable: true },
  ])
  expect(it.store.shares.ofFile(song?.id ?? '')).toHaveLength(1)
  expect(it.library.folder(a.id).file_count).toBe(0)
})

test('a file of one folder that was moved to another disk is told by its content', async () => {
  const path = it.copy('aac.m4a', 'song.m4a')
  it.copy('h264-silent.mp4', 'film.mp4')
  const { id } = await it.scan(it.media)
  const song = it.files().find((file) => file.path === path)
  // A copy and a deletion: what a move between disks is.
  it.copy('aac.m4a', 'sub', 'song.m4a')
  rmSync(path)
  it.events.length = 0
  await it.rescan(id)
  expect(it.library.get(song?.id ?? '')).toMatchObject({
    path: join(it.media, 'sub', 'song.m4a'),
    missing: false,
  })
  expect(it.files()).toHaveLength(2)
  expect(it.events.some((event) => event.type === 'file.deleted')).toBe(false)
})

test('a file that was registered by hand stays what it is, though no walk would find it', async () => {
  const hidden = it.copy('aac.m4a', '.song.m4a')
  const odd = it.copy('h264-silent.mp4', 'film.bin')
  const { id } = await it.scan(it.media)
  for (const path of [hidden, odd]) await it.read(path)
  expect(it.library.folder(id).file_count).toBe(2)
  await it.rescan(id)
  expect(it.files()).toMatchObject([{ missing: false }, { missing: false }])
  rmSync(odd)
  await it.rescan(id)
  expect(it.files()).toMatchObject([{ missing: false }, { missing: true }])
})

test('the data folder of Matinee is no part of the library, nor of a folder around it', async () => {
  const own = join(it.media, 'own')
  it.copy('h264-silent.mp4', 'own', 'packaged', 'segment.mp4')
  it.copy('aac.m4a', 'a.m4a')
  const { media } = it
  const other = await startLibrary({ dataDir: own })
  try {
    for (const path of [own, join(own, 'packaged')]) {
      await expect(other.library.addFolder({ path })).rejects.toThrow(refused('bad_request'))
    }
    await other.scan(media)
    expect(other.files().map((file) => file.filename)).toEqual(['a.m4a'])
  } finally {
    await other.close()
  }
})

test('S57: a folder that was replaced by a link shows nothing of where it leads', async () => {
  const inside = join(it.media, 'inside')
  it.copy('aac.m4a', 'inside', 'a.m4a')
  it.copy('h264-silent.mp4', 'elsewhere', 'secret.mp4')
  const { id } = await it.scan(inside)
  renameSync(inside, join(it.media, 'was-inside'))
  symlinkSync(join(it.media, 'elsewhere'), inside)
  expect(await it.rescan(id)).toMatchObject({ status: 'failed', failure: { code: 'not_found' } })
  expect(it.files()).toMatchObject([{ filename: 'a.m4a', missing: true }])
})

test('a folder that may not be read is refused, and one that became so says it', async () => {
  const closed = join(it.media, 'closed')
  it.copy('aac.m4a', 'closed', 'a.m4a')
  chmodSync(it.media, 0o755)
  chmodSync(closed, 0o700)
  await withoutRights(() =>
    expect(it.library.addFolder({ path: closed })).rejects.toThrow(refused('forbidden')),
  )
  const { id } = await it.scan(closed)
  expect(await withoutRights(() => it.rescan(id))).toMatchObject({
    status: 'failed',
    failure: { code: 'forbidden' },
  })
  expect(it.files()).toMatchObject([{ missing: true }])
  expect(await it.rescan(id)).toMatchObject({ status: 'ready' })
  expect(it.files()).toMatchObject([{ missing: false }])
})

test('single files are looked at when Matinee starts', async () => {
  const goes = it.copy('aac.m4a', 'goes.m4a')
  const stays = it.copy('h264-silent.mp4', 'stays.mp4')
  for (const path of [goes, stays]) await it.read(path)
  rmSync(goes)
  await it.restart()
  await waitUntil(() => it.files()[0]?.missing)
  expect(it.files()).toMatchObject([{ missing: true }, { missing: false, status: 'completed' }])
})

test('progress of a folder is told while its files are read', async () => {
  it.copy('aac.m4a', 'a.m4a')
  it.copy('h264-silent.mp4', 'b.mp4')
  const { id } = await it.scan(it.media)
  const states = (): string[] =>
    it.events.flatMap((event) => (event.type === 'folder.updated' ? [event.folder.status] : []))
  await waitUntil(() => states().at(-1) === 'ready')
  expect(states()[0]).toBe('scanning')
  it.library.removeFolder(id)
  expect(it.events).toContainEqual({ type: 'folder.deleted', id })
})
