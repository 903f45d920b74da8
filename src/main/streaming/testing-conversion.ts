import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createDiskCache } from '../base/disk-cache.ts'
import { run } from '../base/spawn.ts'
import { decodingOf } from '../media/decoding.ts'
import { ffprobe } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import { createSources } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import type { HardwareSearch } from './hardware-encoders.ts'
import type { PackagedStream, Packager } from './packager.ts'
import { createSourceReadings } from './source-readings.ts'
import { decodeAndHash, hashTracks, type Hashed } from './testing-packets.ts'
import { createTranscodePackager } from './transcode-packager.ts'
import { createPlaces } from './transcode-places.ts'
import { createTranscodeTracks, type TranscodeTracks } from './transcode-tracks.ts'
import { createTurns } from './transcode-turns.ts'
import { testTools } from './testing.ts'

/** A converter over a folder of its own. */
export type Converter = {
  packager: Packager
  tracks: TranscodeTracks
  dir: string
  close: () => Promise<void>
}

/** A converter for all tests of a file, with the programs of this machine or others; there from the first test on. */
export function useConverter(
  programs: () => Promise<Tools> = testTools,
  hardwareOf?: (tools: Tools, closing: AbortSignal) => HardwareSearch,
): { tools: Tools; converter: Converter } {
  const conversion = {} as { tools: Tools; converter: Converter }
  beforeAll(async () => {
    conversion.tools = await programs()
    conversion.converter = await createConverter(conversion.tools, hardwareOf)
  })
  afterAll(() => conversion.converter.close())
  return conversion
}

/** Makes a converter; what hangs is given up after a minute. */
export async function createConverter(
  tools: Tools,
  hardwareOf?: (tools: Tools, closing: AbortSignal) => HardwareSearch,
): Promise<Converter> {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-converted-'))
  const sources = createSources()
  const disk = createDiskCache({ dir: join(dir, 'slots'), maxBytes: 1e9 })
  const closing = new AbortController()
  const tracks = createTranscodeTracks({
    ...{
      tools,
      disk,
      turns: createTurns(),
      places: createPlaces(),
      closing: closing.signal,
      stallMs: 60_000,
      hardware: hardwareOf?.(tools, closing.signal),
    },
    tablesDir: join(dir, 'colours'),
  })
  const packager = createTranscodePackager({
    ...{ sources, readings: createSourceReadings(), tracks, disk },
    canDecode: decodingOf(tools.decodable),
  })
  return {
    ...{ packager, tracks, dir },
    async close() {
      closing.abort(new Error('the test is over'))
      await sources.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Opens a playable and lays all segments of a rendition into one file, as a player does in its buffer. They are asked
 * for from the last to the first where `backwards` says so: each run of the encoder makes one then.
 */
export async function layOutConverted(
  { packager, dir }: Converter,
  playable: Playable,
  { backwards = false, id = '0' } = {},
): Promise<{ stream: PackagedStream; file: string }> {
  const { signal } = new AbortController()
  const stream = await packager.open(playable)
  const all = [...stream.renditions, ...(stream.lower ?? []).map((it) => it.rendition)]
  const rendition = all.find((it) => it.id === id)
  if (!rendition?.init) throw new Error('there is no such rendition')
  const indexes = [...rendition.segments.keys()]
  const segments = new Map<number, Buffer>()
  for (const index of backwards ? indexes.reverse() : indexes) {
    segments.set(index, await bytesOf(await rendition.segment(index, signal)))
  }
  const init = await bytesOf(await rendition.init())
  const file = join(dir, `${playable.fingerprint}-${id}-${JSON.stringify(playable.window ?? null)}.mp4`)
  await writeFile(file, Buffer.concat([init, ...[...segments].sort(([a], [b]) => a - b).map(([, it]) => it)]))
  return { stream, file }
}

const bytesOf = async (body: Uint8Array | { path: string }): Promise<Buffer> =>
  body instanceof Uint8Array ? Buffer.from(body) : readFile(body.path)

/** A picture as it is shown, and when, in seconds. */
export type Shown = { timeS: number; planes: Buffer }

/** Decodes all pictures of a file through `filters`, which give them `size`, with their times as ffmpeg tells them. */
export async function decodePictures(
  tools: Tools,
  file: string,
  filters: readonly string[],
  size: number,
): Promise<Shown[]> {
  const options = ['-an', '-enc_time_base', '1:90000', '-vf', [...filters, 'settb=1/90000'].join(',')]
  const { tracks, planes } = await decodeAndHash(tools, file, { after: options })
  return tracks.video.map(({ timeS }, at) => ({ timeS, planes: planes.subarray(at * size, (at + 1) * size) }))
}

/**
 * Decodes the sound of a file whose times are `shiftS` later: from time 0 on, samples of 48 kHz, a list for each channel.
 * Holes are silent.
 */
export async function decodeSound(
  tools: Tools,
  file: string,
  channels: number,
  shiftS = 0,
): Promise<Float32Array[]> {
  const args = [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-copyts', '-i', file, '-map', '0:a:0'],
    ...['-af', `asetpts=PTS+${shiftS}/TB,aresample=48000:async=1:first_pts=0`, '-f', 'f32le', '-'],
  ]
  const { stdout } = await run(tools.ffmpeg.path, args, { timeoutMs: 60_000, maxOutputBytes: 1 << 28 })
  const all = new Float32Array(new Uint8Array(stdout).buffer)
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(Math.floor((all.length - channel + channels - 1) / channels))
    for (let at = 0; at < samples.length; at++) samples[at] = all[at * channels + channel] ?? 0
    return samples
  })
}

/** Packets of sound as they lie in a file. */
export async function soundPackets(tools: Tools, file: string): Promise<Hashed[]> {
  return (await hashTracks(tools, file, 'copy')).audio
}

/** The mean square of what two pictures differ by. */
export function squareError(one: Buffer, other: Buffer): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return sum / one.length
}

/** PSNR of a mean square error of 8 bit samples. */
export const toDb = (error: number): number => 10 * Math.log10(255 ** 2 / Math.max(error, 1e-9))

/** Where the presentation of a source begins, by the times that ffmpeg tells: those of transport streams begin anywhere. */
export async function startOf(tools: Tools, { path, media, index }: Playable): Promise<number> {
  if (media.demuxer !== 'mpegts') return index.startS
  const { format } = await ffprobe(tools, { path, demuxer: 'mpegts' }, new AbortController().signal)
  return Number(format?.start_time)
}

/** How loud samples are, in dB below a full sine. */
export function levelDb(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (3 * samples.length) / 4)
  const power = middle.reduce((sum, it) => sum + it * it, 0) / middle.length
  return 10 * Math.log10(Math.max(power * 2, 1e-10))
}

/** By how many seconds `later` comes after `sooner`, looked for up to 0.1 s around a moment of both. */
export function delayS(sooner: Float32Array, later: Float32Array, atS: number): number {
  const [rate, reach, length] = [48_000, 4_800, 12_000]
  const from = Math.round(atS * rate)
  let best = { sum: -Infinity, offset: 0 }
  for (let offset = -reach; offset <= reach; offset += 4) {
    let sum = 0
    for (let at = 0; at < length; at += 3) sum += (sooner[from + at] ?? 0) * (later[from + at + offset] ?? 0)
    if (sum > best.sum) best = { sum, offset }
  }
  return best.offset / rate
}
