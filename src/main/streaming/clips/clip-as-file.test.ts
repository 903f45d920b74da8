import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../../scripts/test-media.ts'
import { createLog } from '../../base/log.ts'
import type { Tools } from '../../media/tools.ts'
import { createStreams, type Streams } from '../streams.ts'
import { hashTracks } from '../testing-packets.ts'
import { readTestMedia, testTools } from '../testing.ts'
import { compareClip, readWindowSource } from './testing-windows.ts'

const { signal } = new AbortController()

let tools: Tools
let dir: string
let streams: Streams
beforeAll(async () => {
  tools = await testTools()
  dir = await mkdtemp(join(tmpdir(), 'matinee-clip-'))
  streams = createStreams({
    ...{ tools, packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips') },
    log: createLog({ level: 'silent' }),
  })
})
afterAll(async () => {
  await streams.close()
  await rm(dir, { recursive: true })
})

test.each(['h264-aac-gop2.mp4', 'h264-opus.mkv', 'h264-two-audio.mp4'])(
  'a clip of %s as a file has the pictures of its window alone, and its index in front',
  async (name) => {
    const source = await readWindowSource(tools, testMedia(name))
    const window = { startS: 1.34, endS: 6.71 }
    const path = join(dir, 'export.mp4')
    const heard: number[] = []
    const clip = { ...source.playable, window }
    expect(await streams.clipFile(clip, path, signal, (it) => heard.push(it))).toBe('mp4')
    expect(heard.at(-1)).toBe(1)
    expect(heard).toEqual([...heard].sort((a, b) => a - b))
    const { problems } = await compareClip(tools, source, window, path)
    expect(problems).toEqual([])
    const { stdout } = await promisify(execFile)(tools.ffprobe.path, [
      ...['-v', 'error', '-show_entries', 'format=duration:format_tags:stream=codec_type,start_time'],
      ...['-show_chapters', '-of', 'json', path],
    ])
    const told = JSON.parse(stdout) as {
      format: { duration: string; tags?: Record<string, string> }
      streams: { codec_type: string; start_time: string }[]
      chapters: unknown[]
    }
    expect(Math.abs(Number(told.format.duration) - 5.37)).toBeLessThan(0.06)
    expect(told.streams.map((it) => it.codec_type)).toEqual(['video', 'audio'])
    for (const it of told.streams) expect(Math.abs(Number(it.start_time))).toBeLessThan(0.03)
    expect(told.chapters).toEqual([])
    expect(Object.keys(told.format.tags ?? {})).not.toContain('title')
  },
)

test('a clip of MP3 as a file is the frames of its window', async () => {
  if (!hasTestMedia('mp3-vbr.mp3')) return
  const { playable } = await readTestMedia('mp3-vbr.mp3')
  const path = join(dir, 'export.mp3')
  const clip = { ...playable, window: { startS: 1, endS: 4 } }
  expect(await streams.clipFile(clip, path, signal, () => undefined)).toBe('mp3')
  const { audio } = await hashTracks(tools, path, 'copy')
  expect(Math.abs(audio.reduce((sum, it) => sum + it.durationS, 0) - 3)).toBeLessThan(0.06)
})

test('a file that is cancelled leaves nothing behind, not even half of it', async () => {
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  const folder = await mkdtemp(join(dir, 'cancelled-'))
  const abort = new AbortController()
  const writing = streams.clipFile(
    { ...playable, window: { startS: 0.5, endS: 9.5 } },
    join(folder, 'clip.mp4'),
    abort.signal,
    () => abort.abort(new Error('not any more')),
  )
  await expect(writing).rejects.toThrow('not any more')
  expect(await readdir(folder)).toEqual([])
})
