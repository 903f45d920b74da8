import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MediaIndex } from '../../shared/media.ts'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { AppError } from '../base/errors.ts'
import { run } from '../base/spawn.ts'
import { openFile } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { indexWithFfmpeg } from './ffmpeg-index.ts'
import { readIsobmffIndex } from './isobmff-index.ts'
import { buildMediaIndex, indexWithMediabunny } from './keyframes.ts'
import { readPlayable, readTestMedia, testTools } from './testing.ts'
import { exactTimescale } from './timescale.ts'

const { signal } = new AbortController()
let tools: Tools
let dir: string
beforeAll(async () => {
  tools = await testTools()
  dir = await mkdtemp(join(tmpdir(), 'matinee-index-'))
})
afterAll(() => rm(dir, { recursive: true }))

const indexOf = async (name: string): Promise<MediaIndex> => (await readTestMedia(name)).playable.index

describe('key times are those of the IDR pictures that ffmpeg finds', () => {
  test.each([
    'h264-aac-gop2.mp4',
    'h264-aac-gop10.mp4',
    'h264-irregular.mp4',
    'h264-2997.mp4',
    'h264-vfr.mp4',
    'h264-fragmented.mp4',
    'h264-aac.mov',
    'h264-aac.mkv',
  ])('%s', async (name) => {
    const { media, index, path } = (await readTestMedia(name)).playable
    const byFfmpeg = await indexWithFfmpeg({ path, media, tools }, signal)
    expect(index.keyTimesS).toHaveLength(byFfmpeg.keyTimesS.length)
    index.keyTimesS.forEach((timeS, at) => expect(timeS).toBeCloseTo(byFfmpeg.keyTimesS[at] ?? -1, 3))
    expect(index.openGop).toBe(false)
    expect(index.reorderS).toBeCloseTo(byFfmpeg.reorderS, 2)
    expect(index.endS).toBeCloseTo(byFfmpeg.endS, 1)
  })
})

test('an open GOP is seen by both ways, though its containers call every recovery point a key', async () => {
  const { media, index, path } = (await readTestMedia('h264-opengop.mp4')).playable
  expect(index).toMatchObject({ openGop: true, keyTimesS: [0] })
  expect(await indexWithFfmpeg({ path, media, tools }, signal)).toMatchObject({ openGop: true })
})

test('a part of a longer recording begins when it begins, also where its picture is encoded anew', async () => {
  const path = join(dir, 'late.mkv')
  const late = ['-c', 'copy', '-output_ts_offset', '100', '-y', path]
  await run(tools.ffmpeg.path, ['-v', 'error', '-i', testMedia('mpeg4-aac.3gp'), ...late], {
    timeoutMs: 20_000,
  })
  const { media } = (await readPlayable(path)).playable
  const { startS, endS } = await buildMediaIndex({ path, media, tools }, signal)
  expect(startS).toBeCloseTo(100, 0)
  expect(endS - startS).toBeCloseTo(3, 0)
})

test('what only ffmpeg reads is indexed by it', async () => {
  const flv = await indexOf('h264-aac.flv')
  expect(flv.keyTimesS.map((it) => Math.round(it * 10) / 10)).toEqual([0, 2, 4, 6, 8])
  expect(flv).toMatchObject({ openGop: false, startS: 0, videoTimescale: 1000 })
  expect((await indexOf('h264-aac.ts')).keyTimesS).toHaveLength(5)
})

test.runIf(hasTestMedia('vp9-opus.webm'))('VP9 key frames are found by the Cues', async () => {
  expect((await indexOf('vp9-opus.webm')).keyTimesS).toHaveLength(5)
})

test('a file that cannot be copied is not searched', async () => {
  expect(await indexOf('mpeg4-mp3.avi')).toMatchObject({ keyTimesS: [], openGop: false, startS: 0 })
})

test('start, end and delay are those of the tracks', async () => {
  const delayed = await indexOf('h264-delayed-audio.mp4')
  expect(delayed.startS).toBe(0)
  expect(delayed.endS).toBeCloseTo(11.5, 2)
  expect((await indexOf('h264-editlist.mp4')).keyTimesS).toEqual([-7, 3])
  const sound = await indexOf('aac.m4a')
  expect(sound).toMatchObject({ keyTimesS: [], startS: 0, reorderS: 0, videoTimescale: 0 })
  expect(sound.endS).toBeCloseTo(12, 1)
})

describe('the tables of an MP4 file say the same as mediabunny, packet by packet', () => {
  test.each([
    'h264-aac-gop2.mp4',
    'h264-aac-gop10.mp4',
    'h264-irregular.mp4',
    'h264-2997.mp4',
    'h264-vfr.mp4',
    'h264-delayed-audio.mp4',
    'h264-editlist.mp4',
    'h264-opengop.mp4',
    'h264-silent.mp4',
    'h264-aac.mov',
    'aac.m4a',
  ])('%s', async (name) => {
    const path = testMedia(name)
    const file = await openFile(path)
    try {
      const byTables = await readIsobmffIndex(file, signal)
      expect(byTables).not.toBeNull()
      expect(byTables).toEqual(await indexWithMediabunny({ path, file }, signal))
    } finally {
      await file.close()
    }
  })

  test('fragments are left to mediabunny', async () => {
    const file = await openFile(testMedia('h264-fragmented.mp4'))
    expect(await readIsobmffIndex(file, signal)).toBeNull()
    await file.close()
  })
})

test('Matroska without Cues is walked, to the same table', async () => {
  const path = join(dir, 'live.mkv')
  const args = ['-nostdin', '-v', 'error', '-i', testMedia('h264-aac.mkv'), '-c', 'copy', '-live', '1', path]
  await run(tools.ffmpeg.path, args, { timeoutMs: 60_000 })
  const { media, index } = (await readTestMedia('h264-aac.mkv')).playable
  const walked = await buildMediaIndex({ path, media, tools }, signal)
  expect(walked.keyTimesS).toHaveLength(index.keyTimesS.length)
  walked.keyTimesS.forEach((timeS, at) => expect(timeS).toBeCloseTo(index.keyTimesS[at] ?? -1, 2))
  expect(walked.openGop).toBe(false)
})

test('S55: damaged tables end in a table or in a clear error, never in a hang or a bug', async () => {
  const { media } = (await readTestMedia('h264-aac-gop2.mp4')).playable
  const whole = await readFile(testMedia('h264-aac-gop2.mp4'))
  const tables = [whole.indexOf('stbl', 0, 'latin1'), whole.indexOf('mdat', 0, 'latin1')] as const
  const path = join(dir, 'damaged.mp4')
  for (let round = 0; round < 40; round++) {
    const damaged = Buffer.from(whole)
    for (let at = tables[0] + round; at < tables[1]; at += 97 + round * 13)
      damaged[at] = (round * 41 + at) & 255
    await writeFile(path, damaged)
    const outcome = await buildMediaIndex({ path, media, tools }, signal).then(
      (index) => (Number.isFinite(index.endS) ? 'index' : 'nonsense'),
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    )
    expect(['index', 'unsupported_media', 'file_missing']).toContain(outcome)
  }
})

test('an abort ends the search with its reason', async () => {
  const { media } = (await readTestMedia('h264-aac-gop2.mp4')).playable
  const gone = AbortSignal.abort(new Error('no longer wanted'))
  const request = { path: testMedia('h264-aac-gop2.mp4'), media, tools }
  await expect(buildMediaIndex(request, gone)).rejects.toThrow('no longer wanted')
})

test('the timescale is a multiple of the source’s clock, fine enough and not too fine', () => {
  expect(exactTimescale(1000)).toBe(10_000)
  expect(exactTimescale(15_360)).toBe(15_360)
  expect(exactTimescale(600)).toBe(10_200)
  expect(exactTimescale(44_101.4)).toBe(1_000_000)
  expect(exactTimescale(1e9)).toBe(1_000_000)
})
