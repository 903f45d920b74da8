import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../../scripts/test-media.ts'
import { createLog } from '../../base/log.ts'
import { run } from '../../base/spawn.ts'
import type { ClipWindow } from '../../media/playable.ts'
import { oldTools } from '../../media/testing.ts'
import type { Tools } from '../../media/tools.ts'
import { createStreams, type Streams } from '../streams.ts'
import { hashTracks } from '../testing-packets.ts'
import { playableByFfmpeg, readPlayable, readTestMedia, serveStreams, testTools } from '../testing.ts'
import { copiedShare, faultsOf, longSource, tryRandomWindows } from './testing-random.ts'
import { compareClip, layOut, readWindowSource, tryWindow } from './testing-windows.ts'

/** Another one each day would hide what failed yesterday; `node scripts/clip-windows.ts` tries many more. */
const SEED = 20_261

/** More than one for each kind of file. */
const WINDOWS = 20

const { signal } = new AbortController()

let tools: Tools
let dir: string
let streams: Streams
beforeAll(async () => {
  tools = await testTools()
  dir = await mkdtemp(join(tmpdir(), 'matinee-clips-'))
  streams = open()
})
afterAll(async () => {
  await streams.close()
  await rm(dir, { recursive: true })
})

const open = (): Streams =>
  createStreams({
    ...{ tools, packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips') },
    log: createLog({ level: 'silent' }),
  })

/** A kind of file each: how times are told, how key frames lie, what lies beside the picture. */
const FILES = [
  ...['h264-aac-gop2.mp4', 'h264-irregular.mp4', 'h264-2997.mp4', 'h264-vfr.mp4', 'h264-editlist.mp4'],
  ...['h264-rotated.mp4', 'h264-fragmented.mp4', 'h264-aac.mkv', 'h264-opus.mkv', 'h264-aac.ts'],
  ...['h264-delayed-audio.mp4', 'h264-silent.mp4', 'h264-aac.flv'],
].filter(hasTestMedia)

test('random windows are exact: every picture, and no other, and the sound of the same time', async () => {
  const tried = await tryRandomWindows({
    ...{ tools, count: WINDOWS, seed: SEED },
    files: FILES.map(testMedia),
  })
  expect(tried.length).toBe(WINDOWS)
  expect(tried.flatMap((it) => faultsOf(it))).toEqual([])
  expect(tried.some(({ result }) => result.copiedPictures > 30)).toBe(true)
}, 180_000)

test('they are with the old ffmpeg too that comes by npm', async () => {
  const old = await oldTools()
  expect(old.ffmpeg.outdated).toBe(true)
  const files = ['h264-aac-gop2.mp4', 'h264-aac.mkv', 'h264-aac.ts'].map(testMedia)
  const tried = await tryRandomWindows({ tools: old, files, count: 3, seed: SEED })
  expect(tried.flatMap((it) => faultsOf(it))).toEqual([])
}, 60_000)

test('of a long clip nearly all is copied', async () => {
  const film = await longSource(tools, 45, join(dir, 'long.mp4'))
  const source = await readWindowSource(tools, film)
  const window = { startS: 1.13, endS: 39.04 }
  const tried = { file: film, window, result: await tryWindow({ tools, streams, dir }, source, window) }
  expect(faultsOf(tried)).toEqual([])
  expect(copiedShare([tried], film)).toBeGreaterThan(0.95)
}, 60_000)

test('a whole file is shown without the pictures that its edit list hides', async () => {
  const source = await readWindowSource(tools, testMedia('h264-editlist.mp4'))
  const { playable } = source
  const window = { startS: 0, endS: playable.index.endS - playable.index.startS }
  const { problems, pictures } = await compareClip(
    tools,
    source,
    window,
    await layOut(streams, playable, join(dir, 'hidden.mp4')),
  )
  expect(problems).toEqual([])
  expect(pictures).toBe(source.timesS.length)
})

test('interlaced pictures are not continued by an encoder: the window is converted whole', async () => {
  const film = join(dir, 'interlaced.mp4')
  await run(
    tools.ffmpeg.path,
    [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=3', '-c:v', 'libx264'],
      ...['-pix_fmt', 'yuv420p', '-g', '25', '-preset', 'ultrafast', '-flags', '+ildct+ilme', film],
    ],
    { timeoutMs: 60_000 },
  )
  const { playable } = await readPlayable(film)
  const window = { startS: 0.5, endS: 2.5 }
  const cost = await streams.clipCost({ ...playable, window }, signal)
  expect(cost).toMatchObject({ exact: true, copiedS: 0, encodedS: 2 })
  const server = await serveStreams(streams, [{ ...playable, window }])
  const decoded = await playableByFfmpeg(tools, server.url(0), dir)
    .then((input) => hashTracks(tools, input, 'decode'))
    .finally(server.close)
  expect(decoded.video).toHaveLength(50)
})

describe('a clip in other hands', () => {
  test('ffmpeg plays it as an HLS client', async () => {
    const { playable } = await readTestMedia('h264-aac-gop2.mp4')
    const window = { startS: 1.34, endS: 6.71 }
    const server = await serveStreams(streams, [{ ...playable, window }])
    try {
      const input = await playableByFfmpeg(tools, server.url(0), dir)
      const decoded = await hashTracks(tools, input, 'decode')
      expect(decoded.video).toHaveLength(Math.round((6.71 - 1.34) * 30))
      const soundS = decoded.audio.reduce((sum, it) => sum + it.durationS, 0)
      expect(Math.abs(soundS - (6.71 - 1.34))).toBeLessThan(0.05)
    } finally {
      await server.close()
    }
  })

  test('each of several tracks of sound is cut where the picture is', async () => {
    const { playable } = await readTestMedia('h264-two-audio.mp4')
    const clip = { ...playable, window: { startS: 1.34, endS: 6.71 } }
    const main = await streams.mediaPlaylist(clip, '0')
    const segments = main.match(/#EXTINF:.*/g)
    for (const rendition of ['1', '2']) {
      expect((await streams.mediaPlaylist(clip, rendition)).match(/#EXTINF:.*/g)).toEqual(segments)
      const parts = [await streams.init(clip, rendition)]
      for (const index of (segments ?? []).keys())
        parts.push(await streams.segment(clip, rendition, { index, format: 'fmp4' }, signal))
      const file = join(dir, `sound-${rendition}.mp4`)
      await writeFile(file, Buffer.concat(parts as Uint8Array[]))
      const { audio, video } = await hashTracks(tools, file, 'copy')
      expect(video).toEqual([])
      const lengthS = (audio.at(-1)?.timeS ?? 0) - (audio[0]?.timeS ?? 0)
      expect(Math.abs(lengthS - 5.37)).toBeLessThan(0.05)
    }
  })

  test.each(['aac.m4a', 'aac-adts.aac', 'aac.ts', 'mp3-vbr.mp3', 'opus-tags.ogg'].filter(hasTestMedia))(
    'of sound alone (%s) as much as asked for is there, unchanged',
    async (name) => {
      const { playable } = await readTestMedia(name)
      const clip = { ...playable, window: { startS: 1.3, endS: 6.7 } }
      const server = await serveStreams(streams, [clip])
      try {
        const input = await playableByFfmpeg(tools, server.url(0), dir)
        const bare = /\.(ts|aac)$/.test(name) ? ['-bsf:a', 'aac_adtstoasc'] : []
        const source = await hashTracks(tools, testMedia(name), 'copy', { after: bare })
        const { audio } = await hashTracks(tools, input, 'copy')
        const known = new Set(source.audio.map(({ md5 }) => md5))
        expect(audio.filter(({ md5 }) => !known.has(md5))).toEqual([])
        const wholeS = source.audio.reduce((sum, it) => sum + it.durationS, 0)
        const expected = (source.audio.length * 5.4) / wholeS
        expect(Math.abs(audio.length - expected)).toBeLessThanOrEqual(2)
      } finally {
        await server.close()
      }
    },
  )

  test('a picture that no encoder here can continue is copied where it can be, and else converted', async () => {
    if (!hasTestMedia('vp9-opus.webm')) return
    const { playable } = await readTestMedia('vp9-opus.webm')
    const [, keyS = 0] = playable.index.keyTimesS
    const window = { startS: keyS - playable.index.startS, endS: keyS - playable.index.startS + 1.5 }
    await expect(streams.mainPlaylist({ ...playable, window })).resolves.toContain('vp09')
    const inside = { startS: window.startS + 0.5, endS: window.endS }
    await expect(streams.mainPlaylist({ ...playable, window: inside })).resolves.toContain('avc1')
    expect(await streams.clipCost({ ...playable, window: inside }, signal)).toMatchObject({ copiedS: 0 })
    const path = join(dir, 'converted.mp4')
    await streams.clipFile({ ...playable, window: inside }, path, signal, () => undefined)
    const { video } = await hashTracks(tools, path, 'decode')
    expect(video).toHaveLength(Math.round((playable.media.video?.frameRate ?? 0) * 1))
  })
})

test('a clip of packaged packets goes on when the file they were joined in had to give way', async () => {
  const { playable } = await readTestMedia('h264-aac.flv')
  const clip = { ...playable, window: { startS: 1.34, endS: 6.71 } }
  await streams.prepare(clip, signal, () => undefined)
  await streams.mediaPlaylist(clip, '0')
  await rm(join(dir, 'clips', 'joined'), { recursive: true })
  const last = (await streams.mediaPlaylist(clip, '0')).match(/#EXTINF/g)?.length ?? 0
  await expect(streams.segment(clip, '0', { index: last - 1, format: 'fmp4' }, signal)).resolves.toBeTruthy()
})

describe('the ends of a clip', () => {
  const window: ClipWindow = { startS: 1.34, endS: 6.71 }

  test('are found again after a restart, without an encoder', async () => {
    const path = join(dir, 'again.mp4')
    await copyFile(testMedia('h264-aac-gop2.mp4'), path)
    const playable = { ...(await readPlayable(path)).playable, window }
    const wanted = { index: 0, format: 'fmp4' as const }
    const made = (await streams.segment(playable, '0', wanted, signal)) as Uint8Array
    const later = createStreams({
      tools: { ...tools, ffmpeg: { ...tools.ffmpeg, path: '/nonexistent/ffmpeg' } },
      ...{ packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips') },
      log: createLog({ level: 'silent' }),
    })
    try {
      const again = (await later.segment(playable, '0', wanted, signal)) as Uint8Array
      expect(Buffer.from(again).equals(made)).toBe(true)
    } finally {
      await later.close()
    }
  })

  test('are looked at before anybody gets them: another picture than asked for is not sent', async () => {
    // An ffmpeg that shows the negative of the source wherever it is to show small pictures of it.
    const liar = join(dir, 'ffmpeg-liar')
    const changed = '$(printf %s "$it" | sed \'s/\\[all\\]select/[all]negate,select/\')'
    await writeFile(
      liar,
      `#!/bin/sh\nfor it do shift; set -- "$@" "${changed}"; done\nexec "${tools.ffmpeg.path}" "$@"\n`,
      { mode: 0o755 },
    )
    const wrong = createStreams({
      tools: { ...tools, ffmpeg: { ...tools.ffmpeg, path: liar } },
      ...{ packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'liar') },
      log: createLog({ level: 'silent' }),
    })
    try {
      const { playable } = await readTestMedia('h264-aac-gop2.mp4')
      const clip = { ...playable, window }
      expect(await wrong.mediaPlaylist(clip, '0')).toContain('#EXT-X-ENDLIST')
      await expect(wrong.segment(clip, '0', { index: 0, format: 'fmp4' }, signal)).rejects.toMatchObject({
        code: 'unsupported_media',
      })
    } finally {
      await wrong.close()
    }
  })
})
