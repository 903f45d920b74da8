import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { refused, startLibrary, waitUntil, type LibraryUnderTest } from './testing.ts'

let it: LibraryUnderTest
beforeAll(async () => {
  it = await startLibrary()
})
afterAll(() => it.close())

test('S46, S47: lists of other files under a film name are refused', async () => {
  for (const name of ['playlist.mp4', 'concat.mp4']) {
    await expect(it.library.register({ path: testMedia(name) })).rejects.toThrow(refused('unsupported_media'))
  }
})

test('S55: a film that is cut off is kept as failed, with the reason', async () => {
  const file = await it.read(testMedia('truncated.mp4'))
  expect(file).toMatchObject({ status: 'failed', playable: false, failure: { code: 'unsupported_media' } })
  expect(file.failure?.message).toMatch(/cut off/)
  await expect(it.library.playable(file.id)).rejects.toThrow('cut off')
})

test('S56: a FIFO is refused at once, five of them as well', async () => {
  const names = Array.from({ length: 5 }, (_, n) => join(it.media, `fifo-${n}.mp4`))
  for (const name of names) execFileSync('mkfifo', [name])
  const results = await Promise.allSettled(names.map((path) => it.library.register({ path })))
  expect(results.map((result) => result.status)).toEqual(Array(5).fill('rejected'))
  // The file calls of the process still work.
  expect(readFileSync(testMedia('aac.m4a')).length).toBeGreaterThan(0)
})

test('S57: a link to what is no film is refused, and so is one that leads out of a library folder', async () => {
  symlinkSync('/etc/passwd', join(it.media, 'passwd.mp4'))
  await expect(it.library.register({ path: join(it.media, 'passwd.mp4') })).rejects.toThrow(
    refused('unsupported_media'),
  )
  const inside = join(it.media, 'inside')
  mkdirSync(inside)
  symlinkSync(testMedia('h264-vfr.mp4'), join(inside, 'out.mp4'))
  await it.scan(inside)
  await expect(it.library.register({ path: join(inside, 'out.mp4') })).rejects.toThrow(
    'leads out of a folder',
  )
  symlinkSync(join(it.media, 'loop-b'), join(it.media, 'loop-a'))
  symlinkSync(join(it.media, 'loop-a'), join(it.media, 'loop-b'))
  await expect(it.library.register({ path: join(it.media, 'loop-a') })).rejects.toThrow(
    refused('bad_request'),
  )
})

test('S57: a link that was put in the place of a file after it was read gives nothing', async () => {
  const path = it.copy('h264-2997.mp4', 'swapped.mp4')
  const { id } = await it.read(path)
  expect((await it.library.playable(id)).path).toBe(path)
  rmSync(path)
  symlinkSync('/etc/passwd', path)
  await expect(it.library.playable(id)).rejects.toThrow(refused('file_missing'))
  await expect(it.library.sourceFile(id)).rejects.toThrow(refused('file_missing'))
  expect(it.library.get(id)).toMatchObject({ missing: true, playable: false })
})

test('S57: a folder on the way that was replaced by a link gives nothing either', async () => {
  mkdirSync(join(it.media, 'way'))
  mkdirSync(join(it.media, 'other-way'))
  const { id } = await it.read(it.copy('aac.m4a', 'way/song.m4a'))
  it.copy('aac.m4a', 'other-way/song.m4a')
  renameSync(join(it.media, 'way'), join(it.media, 'was-way'))
  symlinkSync('other-way', join(it.media, 'way'))
  await expect(it.library.playable(id)).rejects.toThrow(refused('file_missing'))
  await expect(it.library.sourceFile(id)).rejects.toThrow(refused('file_missing'))
})

test('S50: a file is itself whatever its name means to a shell, a URL or ffmpeg', async () => {
  const names = [
    '-y.mp4',
    '-version',
    'a:b.mp4',
    'http:x.mp4',
    'concat:a|b.mp4',
    '%d%s.mp4',
    `'quote" \`.mp4`,
    'new\nline.mp4',
    '$(touch pwn).mp4',
    ' leading.mp4',
    '\u202Egnp.mp4',
    'e\u0301te\u0301.mp4',
    `${'n'.repeat(251)}.mp4`,
  ]
  for (const name of names) {
    const file = await it.read(it.copy('h264-silent.mp4', name))
    expect(file, name).toMatchObject({ status: 'completed', filename: name, playable: true })
    // Copies of one film share its pictures; the source is asked for each.
    expect((await it.library.playable(file.id)).path).toBe(join(it.media, name))
  }
  await waitUntil(() =>
    it
      .files()
      .filter((file) => names.includes(file.filename))
      .every((file) => file.thumbnail_url),
  )
})
