import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { createLog } from '../base/log.ts'
import type { Playable } from '../media/playable.ts'
import type { StreamBody } from './packager.ts'
import { createStreams, type Streams } from './streams.ts'
import { readPlayable, testTools } from './testing.ts'

const calm = new AbortController().signal
let dir: string
let film: Playable
let repacked: Playable

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'matinee-streams-'))
  await copyFile(testMedia('h264-aac-gop2.mp4'), join(dir, 'film.mp4'))
  await copyFile(testMedia('h264-aac.flv'), join(dir, 'film.flv'))
  film = (await readPlayable(join(dir, 'film.mp4'))).playable
  repacked = (await readPlayable(join(dir, 'film.flv'))).playable
})
afterAll(() => rm(dir, { recursive: true }))

async function open(): Promise<Streams> {
  const packagedDir = await mkdtemp(join(dir, 'packaged-'))
  const streams = createStreams({
    tools: await testTools(),
    packagedDir,
    clipsDir: join(dir, 'clips'),
    log: createLog({ level: 'silent' }),
  })
  onTestFinished(() => streams.close())
  return streams
}

test('the playlists lead from the stream to its segments', async () => {
  const streams = await open()
  expect(await streams.mainPlaylist(film)).toMatch(
    /CODECS="avc1\.64000d,mp4a\.40\.2",RESOLUTION=320x180,.*\n0\/media\.m3u8\n/,
  )
  const names = (await streams.mediaPlaylist(film, '0')).split('\n').filter((it) => it && !it.startsWith('#'))
  expect(names).toEqual(['0.m4s', '1.m4s', '2.m4s'])
})

test('S1: an unknown rendition or segment is not found', async () => {
  const streams = await open()
  for (const rendition of ['1', '', '..', '__proto__', '0/0']) {
    await expect(streams.mediaPlaylist(film, rendition)).rejects.toMatchObject({ code: 'not_found' })
    await expect(streams.init(film, rendition)).rejects.toMatchObject({ code: 'not_found' })
  }
  for (const index of [-1, 3, 1.5, Number.NaN, Infinity]) {
    await expect(streams.segment(film, '0', m4s(index), calm)).rejects.toMatchObject({ code: 'not_found' })
  }
  const packed = streams.segment(film, '0', { index: 0, format: 'mp3' }, calm)
  await expect(packed).rejects.toMatchObject({ code: 'not_found' })
})

test('equal requests share one run, and a finished segment is kept', async () => {
  const streams = await open()
  const [first, second] = await Promise.all([
    streams.segment(film, '0', m4s(1), calm),
    streams.segment(film, '0', m4s(1), calm),
  ])
  expect(second).toBe(first)
  expect(await streams.segment(film, '0', m4s(1), calm)).toBe(first)
})

test('a viewer that leaves does not take the segment from another', async () => {
  const streams = await open()
  const leaving = new AbortController()
  const left = streams.segment(film, '0', m4s(0), leaving.signal)
  const stays = streams.segment(film, '0', m4s(0), calm)
  leaving.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  expect(sizeOf(await stays)).toBeGreaterThan(10_000)
})

test('a viewer that leaves alone costs nothing later: the segment is made for the next one', async () => {
  const streams = await open()
  const leaving = new AbortController()
  const left = streams.segment(film, '0', m4s(2), leaving.signal)
  leaving.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  expect(sizeOf(await streams.segment(film, '0', m4s(2), calm))).toBeGreaterThan(1000)
})

test('a source that goes away is missing at once, cached or not, and comes back with its file', async () => {
  const streams = await open()
  await streams.segment(film, '0', m4s(0), calm)
  await rename(film.path, `${film.path}.away`)
  const gone = { code: 'file_missing' }
  await expect(streams.segment(film, '0', m4s(0), calm)).rejects.toMatchObject(gone)
  await expect(streams.segment(film, '0', m4s(1), calm)).rejects.toMatchObject(gone)
  await expect(streams.init(film, '0')).rejects.toMatchObject(gone)
  await expect(streams.mainPlaylist(film)).rejects.toMatchObject(gone)
  await rename(`${film.path}.away`, film.path)
  expect(sizeOf(await streams.segment(film, '0', m4s(1), calm))).toBeGreaterThan(10_000)
})

test('what must be prepared is busy before, and files on the disk after', async () => {
  const streams = await open()
  expect(await streams.isReady(film)).toBe(true)
  expect(await streams.isReady(repacked)).toBe(false)
  await expect(streams.mediaPlaylist(repacked, '0')).rejects.toMatchObject({ code: 'busy' })
  await Promise.all([
    streams.prepare(repacked, calm, () => undefined),
    streams.prepare(repacked, calm, () => undefined),
  ])
  expect(await streams.isReady(repacked)).toBe(true)
  expect(await streams.segment(repacked, '0', m4s(0), calm)).toMatchObject({
    path: expect.any(String) as string,
  })
})

test('after closing nothing is read any more', async () => {
  const streams = await open()
  await streams.segment(film, '0', m4s(0), calm)
  await streams.close()
  await expect(streams.segment(film, '0', m4s(1), calm)).rejects.toMatchObject({ code: 'busy' })
})

const m4s = (index: number) => ({ index, format: 'fmp4' as const })

function sizeOf(body: StreamBody): number {
  return body instanceof Uint8Array ? body.byteLength : body.bytes
}
