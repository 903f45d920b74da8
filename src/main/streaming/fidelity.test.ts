import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  PACKAGED_MEDIA,
  PACKED_MEDIA,
  REMUXED_MEDIA,
  SEVERAL_SOUNDS_MEDIA,
} from '../../../scripts/accepted-media.ts'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { createLog } from '../base/log.ts'
import type { Tools } from '../media/tools.ts'
import { createStreams, type Streams } from './streams.ts'
import { presentationStartS } from './segment-plan.ts'
import { planRenditions } from './variant.ts'
import { playableByFfmpeg, readTestMedia, serveStreams, testTools, type Read } from './testing.ts'
import {
  bareSource,
  bareStream,
  hashTracks,
  layBeside,
  withoutSilence,
  type HashedTracks,
} from './testing-packets.ts'

/*
 * ffmpeg plays every stream over HTTP, as any HLS client would, and what it gets is laid beside what it gets from the
 * source: packet by packet, and for some frame by frame.
 */

/** What is converted, and what its owner is told. */
const CONVERTED: [string, RegExp][] = [
  ['h264-opengop.mp4', /open GOPs/],
  ['h264-opengop-idr.mp4', /open GOPs/],
  ['h264-opengop-idr.ts', /open GOPs/],
  ['h264-10bit.mp4', /H\.264 \(10 bit/],
  ['hevc-aac.mp4', /HEVC/],
  ['h264-ac3.mkv', /AC-3/],
  ['mpeg4-mp3.avi', /MPEG-4 Part 2/],
  ['av1-10bit.mp4', /AV1 \(10 bit/],
  ['vorbis.ogg', /The sound is Vorbis/],
  ['alac.m4a', /The sound is ALAC/],
  ['pcm.wav', /The sound is PCM/],
]

/** Its edit list hides pictures at the beginning: it is streamed as a clip (clips.test.ts), with other packets there. */
const HIDDEN_START = new Set(['h264-editlist.mp4'])

/** Seconds after which the clock of a transport stream begins anew. */
const WRAP_S = 2 ** 33 / 90_000

/** A tenth of what an ear or an eye could tell; times of remux are equal but for the rounding of one tick. */
const EXACT_S = 0.000_05
/** Clocks of 1 ms (FLV) and 1/90000 s are turned into those of MP4. */
const PACKAGED_S = 0.001_5
/**
 * mediabunny leaves Matroska's CodecDelay of Opus (6.5 ms) in the times; ffmpeg subtracts it. In Ogg the first packet,
 * which begins so long before 0, is said to begin at 0.
 */
const OPUS_DELAY_S = 0.007_5
const AAC_FRAME_S = 1024 / 44_100

let tools: Tools
let dir: string
let streams: Streams
let server: Awaited<ReturnType<typeof serveStreams>>
const read = new Map<string, Read>()

beforeAll(async () => {
  tools = await testTools()
  dir = await mkdtemp(join(tmpdir(), 'matinee-fidelity-'))
  streams = createStreams({
    ...{ tools, packagedDir: dir, clipsDir: join(dir, 'clips') },
    log: createLog({ level: 'silent' }),
  })
  for (const name of [
    ...REMUXED_MEDIA,
    ...PACKED_MEDIA,
    ...SEVERAL_SOUNDS_MEDIA,
    'h264-aac-ac3.mkv',
    ...PACKAGED_MEDIA,
  ])
    read.set(name, await readTestMedia(name))
  server = await serveStreams(
    streams,
    [...read.values()].map((it) => it.playable),
  )
})
afterAll(async () => {
  await server.close()
  await streams.close()
  await rm(dir, { recursive: true })
})

const inputOf = (name: string, rendition?: string): Promise<string> =>
  playableByFfmpeg(tools, server.url([...read.keys()].indexOf(name)), dir, rendition)

/** Expects the same packets at one distance; returns it in seconds. */
function expectSame(
  source: HashedTracks,
  stream: HashedTracks,
  kind: 'video' | 'audio',
  spreadS: number,
  startS = 0,
): number {
  const { offsetS, faults } = layBeside(source, stream, kind, { spreadS, startS })
  expect(faults).toEqual([])
  return offsetS
}

describe('remux: ffmpeg gets from the stream what it gets from the source, packet by packet', () => {
  test.each(REMUXED_MEDIA.filter((it) => !HIDDEN_START.has(it)))('%s', async (name) => {
    const { choice, playable } = read.get(name) ?? (await readTestMedia(name))
    expect(choice).toEqual({ packager: 'remux', delivery: 'remux', reason: null })
    const startS = presentationStartS(playable.index)
    const source = await hashTracks(tools, testMedia(name), 'copy', { after: bareSource(name) })
    const stream = withoutSilence(
      await hashTracks(tools, await inputOf(name), 'copy', { after: bareStream(name) }),
      playable.media.audio[0],
    )
    const offsets = [
      ...(playable.media.video ? [expectSame(source, stream, 'video', EXACT_S, startS)] : []),
      ...(playable.media.audio.length > 0
        ? [expectSame(source, stream, 'audio', name.endsWith('.ogg') ? OPUS_DELAY_S : EXACT_S, startS)]
        : []),
    ]
    const [first = 0, second = first] = offsets
    expect(stream.video.length + stream.audio.length).toBeGreaterThan(90)
    const isOpus = playable.media.audio[0]?.codec === 'opus'
    expect(Math.abs(first - second)).toBeLessThan(isOpus ? OPUS_DELAY_S : EXACT_S)
    // The presentation begins at 0, wherever it begins in the source.
    const earlyS = first + startS
    const wraps = Math.round(earlyS / WRAP_S)
    expect(Math.abs(earlyS - wraps * WRAP_S)).toBeLessThan(
      isOpus && !playable.media.video ? OPUS_DELAY_S : EXACT_S,
    )
  })
})

describe('Packed Audio: ffmpeg gets every frame of the source, none twice, none changed', () => {
  // ffmpeg 5.1 reads on into the next segment before it takes the last frames out of this one, and then counts those
  // from the next one's time (hls.c, fill_timing_for_id3_timestamped_stream): its times say nothing of the stream, so
  // what the segments say themselves is tested beside the packager.
  test.each(PACKED_MEDIA)('%s', async (name) => {
    const { choice } = read.get(name) ?? (await readTestMedia(name))
    expect(choice).toEqual({ packager: 'remux', delivery: 'remux', reason: null })
    const source = await hashTracks(tools, testMedia(name), 'copy')
    const stream = await hashTracks(tools, await inputOf(name), 'copy')
    expect(stream.video).toEqual([])
    expect(stream.audio.length).toBeGreaterThan(300)
    expect(stream.audio.map((it) => it.md5)).toEqual(source.audio.map((it) => it.md5))
  })
})

describe('remux: ffmpeg chooses each of several tracks of sound, and gets that one, packet by packet', () => {
  test.each(SEVERAL_SOUNDS_MEDIA)('%s', async (name) => {
    const { choice, playable } = read.get(name) ?? (await readTestMedia(name))
    expect(choice).toEqual({ packager: 'remux', delivery: 'remux', reason: null })
    const sounds = planRenditions(playable).slice(1)
    expect(sounds).toHaveLength(2)
    const told = new Set<string>()
    for (const [at, { sound, facts }] of sounds.entries()) {
      const after = bareSource(name)
      const source = await hashTracks(tools, testMedia(name), 'copy', { sound: sound ?? 0, after })
      // An old ffmpeg is given one rendition at a time: there the wanted track is the first, and there is no picture.
      const input = await inputOf(name, facts.id)
      const whole = await hashTracks(tools, input, 'copy', {
        sound: input.startsWith('http') ? at : 0,
        after: bareStream(name),
      })
      const stream = withoutSilence(whole, playable.media.audio[sound ?? 0])
      const soundS = expectSame(source, stream, 'audio', EXACT_S)
      expect(stream.audio.length).toBeGreaterThan(100)
      // Whatever the source has, something plays from the beginning to the end.
      expect(whole.audio.length).toBeGreaterThan(400)
      const lastsS = playable.index.endS - presentationStartS(playable.index)
      for (const [it, { timeS, durationS }] of whole.audio.entries()) {
        expect((whole.audio[it + 1]?.timeS ?? lastsS) - timeS - durationS).toBeLessThan(0.1)
      }
      told.add(stream.audio[100]?.md5 ?? '')
      if (stream.video.length === 0) continue
      const pictureS = expectSame(source, stream, 'video', EXACT_S)
      expect(Math.abs(pictureS - soundS)).toBeLessThan(EXACT_S)
    }
    expect(told.size).toBe(2)
  })

  test('a track that cannot be copied is left out, and the other stays with the picture', async () => {
    const name = 'h264-aac-ac3.mkv'
    const { choice, playable } = read.get(name) ?? (await readTestMedia(name))
    expect(choice.packager).toBe('remux')
    expect(planRenditions(playable)).toMatchObject([{ picture: true, sound: 1 }])
    const source = await hashTracks(tools, testMedia(name), 'copy', { sound: 1 })
    const stream = await hashTracks(tools, await inputOf(name), 'copy')
    const offsetS =
      expectSame(source, stream, 'audio', EXACT_S) - expectSame(source, stream, 'video', EXACT_S)
    expect(Math.abs(offsetS)).toBeLessThan(EXACT_S)
  })
})

describe('remux: frames decode to the same pictures', () => {
  test.each(
    [
      'h264-aac-gop10.mp4',
      'h264-vfr.mp4',
      'h264-aac.mkv',
      'vp9-opus.webm',
      'h264-aac.ts',
      'av1-aac.mkv',
    ].filter(hasTestMedia),
  )('%s', async (name) => {
    const pictures = { after: ['-an'] }
    const source = await hashTracks(tools, testMedia(name), 'decode', pictures)
    const stream = await hashTracks(tools, await inputOf(name), 'decode', pictures)
    expectSame(source, stream, 'video', EXACT_S)
    expect(stream.video).toHaveLength(source.video.length)
  })
})

describe('packaged: the same, as exactly as the source’s own clock', () => {
  test.each(PACKAGED_MEDIA)('%s', async (name) => {
    const { choice, playable } = read.get(name) ?? (await readTestMedia(name))
    expect(choice.packager).toBe('packaged')
    await expect(streams.mainPlaylist(playable)).rejects.toMatchObject({ code: 'busy' })
    await streams.prepare(playable, new AbortController().signal, () => undefined)
    const source = await hashTracks(tools, testMedia(name), 'copy', { after: bareSource(name) })
    const stream = await hashTracks(tools, await inputOf(name), 'copy', { after: bareStream(name) })
    const pictureS = expectSame(source, stream, 'video', PACKAGED_S)
    const soundS = expectSame(source, stream, 'audio', PACKAGED_S)
    expect(stream.video).toHaveLength(source.video.length)
    expect(Math.abs(pictureS - soundS)).toBeLessThan(AAC_FRAME_S)
  })
})

describe('what would not play as it is is converted, and its owner is told why', () => {
  test.each(CONVERTED.filter(([name]) => hasTestMedia(name)))('%s', async (name, reason) => {
    const { choice } = await readTestMedia(name)
    expect(choice.packager).toBe('transcode')
    expect(choice.reason).toMatch(reason)
  })
})
