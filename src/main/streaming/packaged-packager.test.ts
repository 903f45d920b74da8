import { createRequire } from 'node:module'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../base/log.ts'
import { openInput } from '../media/source.ts'
import { resolveTools, type Tool, type Tools } from '../media/tools.ts'
import { playlistDurations } from './packaged-folder.ts'
import { createPackagedPackager, progressS } from './packaged-packager.ts'
import { testPackager } from './packager.contract.ts'
import type { Packager } from './packager.ts'
import { readTestMedia, testTools } from './testing.ts'

const log = createLog({ level: 'silent' })
const { signal } = new AbortController()
const ignore = (): void => undefined

testPackager(
  'packaged',
  async (packagedDir) => ({
    packager: createPackagedPackager({ tools: await testTools(), packagedDir, log }),
    close: () => Promise.resolve(),
  }),
  ['h264-aac.flv', 'h264-aac.ts'],
)

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'matinee packaged %d-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function packagerIn(packagedDir: string, tools?: Pick<Tools, 'ffmpeg'>): Promise<Packager> {
  return createPackagedPackager({ tools: tools ?? (await testTools()), packagedDir, log })
}

/** An ffmpeg that is a shell script. */
async function fakeFfmpeg(script: string): Promise<Pick<Tools, 'ffmpeg'>> {
  const path = join(await folder(), 'ffmpeg')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  const ffmpeg: Tool = { path, version: 'fake', source: 'env', outdated: false }
  return { ffmpeg }
}

test('what was prepared survives a restart; what a killed process left does not', async () => {
  const dir = await folder()
  const { playable } = await readTestMedia('h264-aac.flv')
  await mkdir(join(dir, `${playable.fingerprint}.dead.tmp`))
  await writeFile(join(dir, `${playable.fingerprint}.dead.tmp`, '0.m4s'), 'half')
  const before = await packagerIn(dir)
  expect(await before.isReady(playable)).toBe(false)
  await expect(before.open(playable)).rejects.toMatchObject({ code: 'busy' })
  await before.prepare(playable, signal, ignore)

  const after = await packagerIn(dir)
  expect(await after.isReady(playable)).toBe(true)
  expect((await after.open(playable)).renditions[0].segments).toHaveLength(3)
  expect(await readdir(dir)).toEqual([playable.fingerprint])
})

test('two runs for one content leave one folder', async () => {
  const dir = await folder()
  const { playable } = await readTestMedia('h264-aac.flv')
  const packager = await packagerIn(dir)
  await Promise.all([packager.prepare(playable, signal, ignore), packager.prepare(playable, signal, ignore)])
  expect(await readdir(dir)).toEqual([playable.fingerprint])
})

test('an emptied folder is not served, and prepared again', async () => {
  const dir = await folder()
  const { playable } = await readTestMedia('h264-aac.flv')
  const packager = await packagerIn(dir)
  await packager.prepare(playable, signal, ignore)
  const stream = (await packager.open(playable)).renditions[0]
  await rm(join(dir, playable.fingerprint), { recursive: true })
  await expect(stream.segment(0, signal)).rejects.toMatchObject({ code: 'busy' })
  expect(await packager.isReady(playable)).toBe(false)
  await packager.prepare(playable, signal, ignore)
  await expect(stream.segment(0, signal)).resolves.toMatchObject({ bytes: expect.any(Number) as number })
})

describe('S60: an ffmpeg that fails leaves nothing behind, and no stream', () => {
  test.each([
    ['ends with an error', 'exit 1'],
    ['crashes', 'kill -SEGV $$'],
    ['says that all is well and wrote nothing', 'exit 0'],
    [
      'wrote half',
      String.raw`printf '#EXTM3U\n#EXTINF:4.0,\n0.m4s\n#EXT-X-ENDLIST\n' > ffmpeg.m3u8; echo x > 0.m4s; exit 0`,
    ],
    [
      'wrote a playlist without its files',
      String.raw`printf '#EXTM3U\n#EXTINF:10.0,\n0.m4s\n#EXT-X-ENDLIST\n' > ffmpeg.m3u8; exit 0`,
    ],
  ])('%s', async (_, script) => {
    const dir = await folder()
    const { playable } = await readTestMedia('h264-aac.flv')
    const packager = await packagerIn(dir, await fakeFfmpeg(script))
    await expect(packager.prepare(playable, signal, ignore)).rejects.toThrow()
    expect(await packager.isReady(playable)).toBe(false)
    expect(await readdir(dir)).toEqual([])
  })
})

test('S61: an ffmpeg that hangs is killed when the caller leaves, and leaves nothing behind', async () => {
  const dir = await folder()
  const { playable } = await readTestMedia('h264-aac.flv')
  const packager = await packagerIn(
    dir,
    await fakeFfmpeg('trap "" TERM; echo out_time_us=1000000; exec sleep 1000'),
  )
  const leaving = new AbortController()
  const preparing = packager.prepare(playable, leaving.signal, () => leaving.abort(new Error('left')))
  await expect(preparing).rejects.toThrow('left')
  expect(await readdir(dir)).toEqual([])
})

test.each(['h264-aac.flv', 'h264-aac.ts'])('the ffmpeg 4.1 that npm brings prepares %s too', async (name) => {
  const require = createRequire(import.meta.url)
  const { path } = require('@ffmpeg-installer/ffmpeg') as { path: string }
  const tools = await resolveTools({ ...process.env, FFMPEG_PATH: path })
  const { playable } = await readTestMedia(name)
  const packager = await packagerIn(await folder(), tools)
  await packager.prepare(playable, signal, ignore)
  const { segments, codecs } = (await packager.open(playable)).renditions[0]
  expect(segments).toHaveLength(3)
  expect((segments.at(-1)?.endS ?? 0) - (segments[0]?.startS ?? 0)).toBeCloseTo(10, 0)
  expect(codecs).toBe('avc1.64000d,mp4a.40.2')
})

test.each([
  ['h264-two-audio.mkv', 'English', 44_100],
  ['h264-aac-ac3.mkv', 'Deutsch', 48_000],
])('of several tracks of sound, %s is packaged with its default one that browsers play', async (...row) => {
  const [file, language, sampleRate] = row
  const dir = await folder()
  const { playable } = await readTestMedia(file)
  const packager = await packagerIn(dir)
  await packager.prepare(playable, signal, ignore)
  const [{ name, codecs }] = (await packager.open(playable)).renditions
  expect({ name, codecs }).toEqual({ name: language, codecs: 'avc1.64000d,mp4a.40.2' })
  const init = openInput(join(dir, playable.fingerprint, 'init.mp4'))
  onTestFinished(() => init.dispose())
  expect(await (await init.getPrimaryAudioTrack())?.getSampleRate()).toBe(sampleRate)
})

test('a fingerprint that is no plain name never becomes a path', async () => {
  const { playable } = await readTestMedia('h264-aac.flv')
  const packager = await packagerIn(await folder())
  for (const fingerprint of ['../x', 'a/b', '', '.']) {
    await expect(packager.isReady({ ...playable, fingerprint })).rejects.toThrow('not a fingerprint')
  }
})

test('progress is read from both names that ffmpeg gives it', () => {
  expect(progressS('out_time_us=2500000')).toBe(2.5)
  expect(progressS('out_time_ms=2500000')).toBe(2.5)
  expect(progressS('out_time=00:00:02.500000')).toBeNull()
  expect(progressS('out_time_us=N/A')).toBeNull()
})

test('a playlist without an end is not finished', () => {
  expect(playlistDurations('#EXTM3U\n#EXTINF:4.0,\n0.m4s\n')).toBeNull()
  expect(playlistDurations('#EXTM3U\n#EXTINF:4.0,\n0.m4s\n#EXTINF:1.5,\n1.m4s\n#EXT-X-ENDLIST\n')).toEqual([
    4, 1.5,
  ])
})
