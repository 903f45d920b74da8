import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ErrorCode } from '../../shared/api/error.ts'
import { aShare } from '../store/testing.ts'
import { refused, startLibrary, waitUntil, withoutRights, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeAll(async () => {
  it = await startLibrary()
})
afterAll(() => it.close())

test('a registered film is read: tracks, times, delivery, and a poster a moment later', async () => {
  const path = it.copy('h264-aac-gop2.mp4', 'walk.mp4')
  const first = await it.library.register({ path, metadata: { tags: ['trip'] } })
  expect(first).toMatchObject({
    object: 'file',
    filename: 'walk.mp4',
    missing: false,
    source: 'local',
  })
  expect(['pending', 'processing']).toContain(first.status)
  expect(first.media_info.duration_seconds).toBeNull()
  const file = await it.read(path)
  expect(file).toMatchObject({
    id: first.id,
    uri: `matinee://files/${first.id}`,
    status: 'completed',
    metadata: { tags: ['trip'] },
    media_type: 'video',
    media_info: { width: 320, height: 180, sample_rate: 48_000, channels: 2, format: 'MP4', has_audio: true },
    video_info: { width: 320, height: 180, has_audio: true },
    video_codec: 'H.264',
    audio_codec: 'AAC',
    frame_rate: 30,
    delivery: 'remux',
    playable: true,
    path,
  })
  expect(file.media_info.duration_seconds).toBeCloseTo(10, 1)
  expect(it.settled).toContain(file.id)
  await waitUntil(() => it.library.get(file.id).thumbnail_url)
  expect(readFileSync(await it.library.poster(file.id, 'poster')).subarray(0, 2)).toEqual(
    Buffer.from([0xff, 0xd8]),
  )
  expect(it.library.thumbnails(file.id, { limit: 50, offset: 0 })).toMatchObject({
    total: 1,
    data: [{ type: 'file', url: `http://127.0.0.1:4400/v1/files/${file.id}/thumbnails/poster.jpg` }],
  })
})

test('one path is one file, however it is spelt and however often it is asked for at once', async () => {
  const path = it.copy('h264-silent.mp4', 'one.mp4')
  symlinkSync(path, join(it.media, 'link.mp4'))
  const spellings = [path, join(it.media, '.', 'one.mp4'), `${it.media}//one.mp4`, join(it.media, 'link.mp4')]
  const files = await Promise.all(spellings.map((spelling) => it.library.register({ path: spelling })))
  expect(new Set(files.map((file) => file.id)).size).toBe(1)
  expect(files[0]?.path).toBe(path)
})

test('what cannot be registered is refused with the reason, and leaves no row', async () => {
  const before = it.files().length
  mkdirSync(join(it.media, 'folder'))
  const cases: [string, ErrorCode][] = [
    ['relative.mp4', 'bad_request'],
    [join(it.media, 'nothing.mp4'), 'not_found'],
    [join(testMedia('aac.m4a'), 'below-a-file.mp4'), 'not_found'],
    [join(it.media, 'folder'), 'bad_request'],
    [`${it.media}/\0.mp4`, 'bad_request'],
    [join(it.media, `${'x'.repeat(300)}.mp4`), 'bad_request'],
    [testMedia('empty.mp4'), 'unsupported_media'],
    [testMedia('random.mp4'), 'unsupported_media'],
    [testMedia('zeros.mp4'), 'unsupported_media'],
    ['/dev/zero', 'unsupported_media'],
  ]
  for (const [path, code] of cases) {
    await expect(it.library.register({ path }), path).rejects.toThrow(refused(code))
  }
  expect(it.files()).toHaveLength(before)
})

test('content that changed is read again before it is used, under the same id', async () => {
  const path = it.copy('h264-aac.mov', 'edit.mov')
  const before = await it.read(path)
  const old = await it.library.playable(before.id)
  copyFileSync(testMedia('aac.m4a'), path)
  const now = await it.library.playable(before.id)
  expect(now.fingerprint).not.toBe(old.fingerprint)
  expect(it.library.get(before.id)).toMatchObject({ id: before.id, media_type: 'audio', status: 'completed' })
})

test('a file that is gone is missing, and itself again when it is back', async () => {
  const path = it.copy('h264-opus.mkv', 'away.mkv')
  const { id } = await it.read(path)
  renameSync(path, `${path}.away`)
  await expect(it.library.playable(id)).rejects.toThrow(refused('file_missing'))
  expect(it.library.get(id).missing).toBe(true)
  renameSync(`${path}.away`, path)
  expect((await it.library.playable(id)).path).toBe(path)
  expect(it.library.get(id)).toMatchObject({ missing: false, status: 'completed' })
})

test('a moved file keeps its id when it is registered at its new place; a copy is another file', async () => {
  const path = it.copy('h264-fragmented.mp4', 'before.mp4')
  const { id } = await it.read(path)
  const other = await it.read(it.copy('h264-fragmented.mp4', 'copy.mp4'))
  expect(other.id).not.toBe(id)
  const moved = join(it.media, 'after.mp4')
  renameSync(path, moved)
  expect(await it.library.register({ path: moved })).toMatchObject({ id, path: moved, missing: false })
})

test('renaming and forgetting happen in the library only', async () => {
  const path = it.copy('h264-irregular.mp4', 'keep.mp4')
  const { id } = await it.read(path)
  const source = readFileSync(path)
  expect(it.library.update(id, { filename: 'New name.mp4', metadata: { a: 1 } })).toMatchObject({
    filename: 'New name.mp4',
    metadata: { a: 1 },
  })
  for (const filename of ['a/b', '..\\c', 'line\nbreak', ' ']) {
    expect(() => it.library.update(id, { filename })).toThrow(refused('bad_request'))
  }
  expect(() => it.library.update(id, { metadata: { big: 'x'.repeat(70_000) } })).toThrow(
    refused('bad_request'),
  )
  it.library.remove(id)
  expect(() => it.library.get(id)).toThrow(refused('not_found'))
  expect(() => it.library.remove(id)).toThrow(refused('not_found'))
  expect(readFileSync(path).equals(source)).toBe(true)
  expect(it.events.at(-1)).toEqual({ type: 'file.deleted', id })
})

test('a file without permission is refused as forbidden', async () => {
  chmodSync(it.media, 0o755)
  const path = it.copy('aac.m4a', 'secret.m4a')
  chmodSync(path, 0)
  await withoutRights(() => expect(it.library.register({ path })).rejects.toThrow(refused('forbidden')))
  await withoutRights(() =>
    expect(it.library.register({ path: join(it.dataDir, 'any.mp4') })).rejects.toThrow(refused('forbidden')),
  )
  expect(it.files().some((file) => file.path === path)).toBe(false)
})

test('S12: ids are random, version 4', async () => {
  const ids: string[] = []
  for (let n = 0; n < 200; n++) {
    const { id } = await it.library.register({ path: it.copy('aac.m4a', `s12-${n}.m4a`) })
    ids.push(id)
  }
  const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  expect(ids.filter((id) => !v4.test(id))).toEqual([])
  expect(new Set(ids).size).toBe(200)
  for (const id of ids) it.library.remove(id)
  for (const id of ['nothing', '', '../etc', ids[0] ?? '']) {
    expect(() => it.library.get(id)).toThrow('There is no such file.')
  }
})

test('metadata stays within 64 KiB of JSON; asking again for a known file replaces it', async () => {
  const path = it.copy('h264-vfr.mp4', 'meta.mp4')
  const big = { text: 'x'.repeat(65_536) }
  await expect(it.library.register({ path, metadata: big })).rejects.toThrow(refused('bad_request'))
  expect(it.files().some((file) => file.path === path)).toBe(false)
  const { id } = await it.library.register({ path, metadata: { text: 'x'.repeat(65_525) } })
  expect((await it.library.register({ path })).metadata).toBeTruthy()
  expect(await it.library.register({ path, metadata: { a: 1 } })).toMatchObject({ id, metadata: { a: 1 } })
})

test('a forgotten file takes its shares and its picture along, but not the picture of a copy', async () => {
  const one = await it.read(it.copy('h264-delayed-audio.mp4', 'one.mp4'))
  const two = await it.read(it.copy('h264-delayed-audio.mp4', 'two.mp4'))
  await waitUntil(() => it.library.get(one.id).thumbnail_url && it.library.get(two.id).thumbnail_url)
  const picture = await it.library.poster(one.id, 'poster')
  const share = aShare(one.id)
  it.store.shares.insert(share)
  it.events.length = 0
  it.library.remove(one.id)
  expect(it.events).toEqual([
    { type: 'share.deleted', id: share.id },
    { type: 'file.deleted', id: one.id },
  ])
  expect(it.store.shares.byId(share.id)).toBeUndefined()
  expect(await it.library.poster(two.id, 'poster')).toBe(picture)
  it.library.remove(two.id)
  await waitUntil(() => !existsSync(picture))
})

test('what became something else than media is no longer given out', async () => {
  const path = it.copy('h264-rotated.mp4', 'became.mp4')
  const { id } = await it.read(path)
  writeFileSync(path, '#EXTM3U\nfile:///etc/passwd\n')
  await expect(it.library.sourceFile(id)).rejects.toThrow(refused('unsupported_media'))
  await expect(it.library.playable(id)).rejects.toThrow(refused('unsupported_media'))
  expect(it.library.get(id)).toMatchObject({ status: 'failed', playable: false })
  copyFileSync(testMedia('h264-rotated.mp4'), path)
  expect(await it.library.sourceFile(id)).toMatchObject({ path, filename: 'became.mp4' })
  expect(it.library.get(id).playable).toBe(true)
})

test('what must be converted is a playable, and its owner is told why', async () => {
  const file = await it.read(testMedia('h264-opengop.mp4'))
  expect(file).toMatchObject({ status: 'completed', delivery: 'transcode', playable: true })
  expect(file.delivery_reason).toContain('open GOPs')
  expect(await it.library.playable(file.id)).toMatchObject({ packager: 'transcode' })
})

test('what no packager takes is kept with the reason, and is no playable', async () => {
  await it.close()
  it = await startLibrary({
    choosePackager: () => ({ packager: null, delivery: 'transcode', reason: 'Nothing here reads it.' }),
  })
  const file = await it.read(testMedia('h264-opengop.mp4'))
  expect(file).toMatchObject({ status: 'completed', delivery: 'transcode', playable: false })
  expect(file.delivery_reason).toBeTruthy()
  await expect(it.library.playable(file.id)).rejects.toThrow(file.delivery_reason)
})

test('list filters that are no date are refused', () => {
  const list = (query: object) =>
    it.library.list({ limit: 1, offset: 0, order: 'created_at', sort: 'desc', ...query })
  expect(() => list({ created_after: '2026-13-40' })).toThrow(refused('bad_request'))
  expect(list({ created_before: '2020-01-01' }).total).toBe(0)
  expect(list({}).total).toBeGreaterThan(0)
})
