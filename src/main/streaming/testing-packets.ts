import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AudioTrackInfo } from '../../shared/media.ts'
import { run } from '../base/spawn.ts'
import type { Tools } from '../media/tools.ts'
import { silentFrame } from './silence.ts'

/** A packet or a decoded frame as ffmpeg's `framemd5` tells it; times in seconds. */
export type Hashed = { decodeS: number; timeS: number; durationS: number; bytes: number; md5: string }

/** Packets by kind of track, each in the order ffmpeg gave them. */
export type HashedTracks = { video: Hashed[]; audio: Hashed[] }

/** How a stream differs from its source. Offsets are stream time minus source time, in seconds. */
export type Difference = {
  count: number
  /** Source packets before the first one of the stream, and after its last. */
  missingAtStart: number
  missingAtEnd: number
  changed: number
  leastOffsetS: number
  mostOffsetS: number
  /** Packets whose decode time is not later than the one before. */
  disordered: number
}

/** Options for ffmpeg `before` and `after` the input, and which of several tracks of sound it takes, from 0. */
type HashOptions = { before?: readonly string[]; after?: readonly string[]; sound?: number }

/** Has ffmpeg read a file or URL and hash packets (`copy`) or decoded frames (`decode`). */
export async function hashTracks(
  tools: Tools,
  input: string,
  mode: 'copy' | 'decode',
  { before = [], after = [], sound = 0 }: HashOptions = {},
): Promise<HashedTracks> {
  const args = [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-copyts', ...before, '-i', input],
    ...['-map', '0:v:0?', '-map', `0:a:${sound}?`],
    ...(mode === 'copy' ? ['-c', 'copy'] : [tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough']),
    ...after,
    ...['-f', 'framemd5', '-'],
  ]
  const { stdout } = await run(tools.ffmpeg.path, args, { timeoutMs: 60_000, maxOutputBytes: 64 << 20 })
  return parseFrameMd5(stdout.toString('utf8'))
}

/**
 * As `hashTracks` of decoded frames, with the planes of all pictures, one after the other: ffmpeg is started, and
 * decodes, once for both.
 */
export async function decodeAndHash(
  tools: Tools,
  input: string,
  { before = [], after = [] }: HashOptions = {},
): Promise<{ tracks: HashedTracks; planes: Buffer }> {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-planes-'))
  const path = join(dir, 'planes')
  const frames = ['-map', '0:v:0', tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough', ...after]
  try {
    const asPlanes = [...after, '-f', 'rawvideo', path, ...frames]
    const tracks = await hashTracks(tools, input, 'decode', { before, after: asPlanes })
    return { tracks, planes: await readFile(path) }
  } finally {
    await rm(dir, { recursive: true })
  }
}

function parseFrameMd5(text: string): HashedTracks {
  const tracks: HashedTracks = { video: [], audio: [] }
  const units: number[] = []
  const kinds: string[] = []
  for (const line of text.split('\n')) {
    const [, baseOf, numerator, denominator] = /^#tb (\d+): (\d+)\/(\d+)/.exec(line) ?? []
    if (baseOf !== undefined) units[Number(baseOf)] = Number(numerator) / Number(denominator)
    const [, typeOf, kind] = /^#media_type (\d+): (\w+)/.exec(line) ?? []
    if (typeOf !== undefined && kind !== undefined) kinds[Number(typeOf)] = kind
    if (line === '' || line.startsWith('#')) continue
    const [stream = '', decode, time, duration, size, md5 = ''] = line.split(',').map((it) => it.trim())
    const unit = units[Number(stream)] ?? 0
    const track = kinds[Number(stream)] === 'audio' ? tracks.audio : tracks.video
    track.push({
      decodeS: Number(decode) * unit,
      timeS: Number(time) * unit,
      durationS: Number(duration) * unit,
      bytes: Number(size),
      md5,
    })
  }
  return tracks
}

/** Lays a stream beside its source, beginning where the stream's first packets stand in the source. */
export function compareTracks(source: readonly Hashed[], stream: readonly Hashed[]): Difference {
  const start = source.findIndex(
    (it, at) => it.md5 === stream[0]?.md5 && (stream.length < 2 || source[at + 1]?.md5 === stream[1]?.md5),
  )
  const difference: Difference = {
    count: stream.length,
    missingAtStart: start < 0 ? source.length : start,
    missingAtEnd: source.length - Math.max(start, 0) - stream.length,
    changed: 0,
    leastOffsetS: Infinity,
    mostOffsetS: -Infinity,
    disordered: 0,
  }
  stream.forEach((it, at) => {
    const before = stream[at - 1]
    if (before && it.decodeS <= before.decodeS) difference.disordered += 1
    const same = source[Math.max(start, 0) + at]
    if (same?.md5 !== it.md5) {
      difference.changed += 1
      return
    }
    difference.leastOffsetS = Math.min(difference.leastOffsetS, it.timeS - same.timeS)
    difference.mostOffsetS = Math.max(difference.mostOffsetS, it.timeS - same.timeS)
  })
  return difference
}

/**
 * Lays one kind of packets of a stream beside its source's: nothing lost, doubled, changed or out of order, and one
 * offset for all, in seconds, within `spreadS`. Only sound may begin later: packets before the source's `startS` prime
 * the decoder. `faults` says in words what is otherwise.
 */
export function layBeside(
  source: HashedTracks,
  stream: HashedTracks,
  kind: 'video' | 'audio',
  { spreadS, startS = 0 }: { spreadS: number; startS?: number },
): { offsetS: number; faults: string[] } {
  const it = compareTracks(source[kind], stream[kind])
  const spread = it.mostOffsetS - it.leastOffsetS
  const skipped = source[kind].slice(0, it.missingAtStart)
  const lost = kind === 'video' ? skipped.length : skipped.filter(({ timeS }) => timeS >= startS).length
  const counted: [number, string][] = [
    [lost, 'missing at the start'],
    [it.missingAtEnd, 'missing at the end'],
    [it.changed, 'changed'],
    [it.disordered, 'out of order'],
  ]
  return {
    offsetS: (it.mostOffsetS + it.leastOffsetS) / 2,
    faults: [
      ...counted.filter(([count]) => count !== 0).map(([count, what]) => `${kind}: ${count} ${what}`),
      ...(spread < spreadS ? [] : [`${kind}: times are off by ${spread.toFixed(5)} s`]),
    ],
  }
}

/*
 * Packets of MPEG-TS have other wrappings than those of MP4 (start codes, delimiters, ADTS headers): on both sides they
 * are taken off.
 */
const isTransport = (path: string): boolean => /\.m?2?ts$/.test(path)
/** Options for ffmpeg that take off what wraps the packets of a source whose sound is of `codec`. */
export function bareSource(path: string, codec = 'aac'): string[] {
  const ofSound = codec === 'aac' ? ['-bsf:a', 'aac_adtstoasc'] : []
  if (path.endsWith('.aac')) return ofSound
  return isTransport(path) ? ['-bsf:v', 'filter_units=remove_types=9', ...ofSound] : []
}
/** The same for the stream that was made of it. */
export const bareStream = (path: string): string[] =>
  isTransport(path) ? ['-bsf:v', 'h264_mp4toannexb,filter_units=remove_types=9'] : []

/** Without the frames that fill a time for which the source has no sound. */
export function withoutSilence(stream: HashedTracks, track: AudioTrackInfo | undefined): HashedTracks {
  const data = track && silentFrame(track)?.data
  const md5 = data && createHash('md5').update(data).digest('hex')
  return { ...stream, audio: stream.audio.filter((it) => it.md5 !== md5) }
}
