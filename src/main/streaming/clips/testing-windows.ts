import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../base/spawn.ts'
import type { ClipWindow, Playable } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { INIT_NAME } from '../playlist.ts'
import type { Streams } from '../streams.ts'
import {
  bareSource,
  bareStream,
  compareTracks,
  decodeAndHash,
  hashTracks,
  withoutSilence,
  type HashedTracks,
} from '../testing-packets.ts'
import { readPlayable } from '../testing.ts'
import { deinterlaced } from '../transcode-filters.ts'
import { wholeRendition } from '../variant.ts'

/*
 * Clips are laid beside their sources as ffmpeg decodes both: every picture, and every packet of sound.
 */

/** What ffmpeg decodes of a source, and when it shows it: seconds from the presentation's start. */
export type WindowSource = {
  playable: Playable
  pictures: readonly Buffer[]
  /** The same as an encoder is given them, where they are interlaced: then all of a clip is encoded, its sound too. */
  deinterlaced: readonly Buffer[] | null
  timesS: readonly number[]
  /** Packets as they lie in the file; their times are those of the file. */
  packets: HashedTracks
  /** From times of the file as ffmpeg tells them to those of the index. */
  shiftS: number
}

/** What was wrong with a clip, in words; none when it is exact. */
export type WindowResult = {
  problems: string[]
  pictures: number
  copiedPictures: number
  /** Bytes of its pictures and sounds, and those of them that are the source's own. */
  bytes: number
  copiedBytes: number
  durationS: number
}

/** Least PSNR of an encoded picture (dB), most distance of sound and picture (s), and of a picture's time. */
const LEAST_PSNR = 38
const LARGEST_OFFSET_S = 0.02
const LARGEST_TIME_ERROR_S = 0.002
/** Of the sound of our own encoder: 1024 samples of 48 kHz. */
const LONGEST_FRAME_S = 0.0214

/** Decodes a source once, for all windows of it. */
export async function readWindowSource(tools: Tools, path: string): Promise<WindowSource> {
  const { playable } = await readPlayable(path)
  const { index } = playable
  const sound = wholeRendition(playable).sound ?? 0
  const packets = await hashTracks(tools, path, 'copy', { after: bareSource(path), sound })
  const after = ['-an', '-pix_fmt', 'yuv420p']
  const { tracks, planes } = await decodeAndHash(tools, path, { before: ['-noautorotate'], after })
  const shown = tracks.video
  // Times of decoded frames are rounded to the frame rate; the packets' are not. Those that an edit list hides come first.
  const allS = packets.video.map(({ timeS }) => timeS).sort((one, other) => one - other)
  const shownS = allS.slice(allS.length - shown.length)
  const laterKeyS = Math.max(index.startS, index.keyTimesS[0] ?? 0)
  const earlyS = laterKeyS - (shownS[0] ?? 0)
  // Transport streams begin anywhere, and ffmpeg and we may count from other turns of their clock; FLV is counted from
  // its first packet.
  const shiftS = Math.abs(earlyS) > 1 || playable.media.demuxer === 'flv' ? earlyS : 0
  const size = shown[0]?.bytes ?? 0
  const pictures = picturesOf(planes, size)
  const smooth = await decode(tools, path, size, deinterlaced(tools))
  return {
    playable,
    pictures,
    deinterlaced: smooth.every((it, at) => it.equals(pictures[at] ?? it)) ? null : smooth,
    timesS: shownS.map((timeS) => timeS + shiftS - index.startS),
    packets,
    shiftS,
  }
}

/** Every picture of a file in planes of `size` bytes together, in order of presentation. */
async function decode(
  tools: Tools,
  path: string,
  size: number,
  filters: readonly string[] = [],
): Promise<Buffer[]> {
  const { stdout } = await run(
    tools.ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-noautorotate', '-i', path, '-map', '0:v:0'],
      ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough', '-pix_fmt', 'yuv420p'],
      ...(filters.length > 0 ? ['-vf', filters.join(',')] : []),
      ...['-f', 'rawvideo', '-'],
    ],
    { timeoutMs: 120_000, maxOutputBytes: 1 << 30 },
  )
  return picturesOf(stdout, size)
}

const picturesOf = (planes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(planes.length / size) }, (_, at) =>
    planes.subarray(at * size, (at + 1) * size),
  )

/** All of a stream's first rendition in one file of `dir`, as a player lays it into its buffer. */
export async function layOut(streams: Streams, playable: Playable, file: string): Promise<string> {
  const { signal } = new AbortController()
  const names = (await streams.mediaPlaylist(playable, '0'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const parts = [await streams.init(playable, '0')]
  for (const index of names.keys()) {
    parts.push(await streams.segment(playable, '0', { index, format: 'fmp4' }, signal))
  }
  const bytes = parts.map((part) => {
    if (!(part instanceof Uint8Array)) throw new Error(`${INIT_NAME} of a clip is a file`)
    return part
  })
  await writeFile(file, Buffer.concat(bytes))
  return file
}

/** Makes the clip of a window and lays it beside the source. */
export async function tryWindow(
  { tools, streams, dir }: { tools: Tools; streams: Streams; dir: string },
  source: WindowSource,
  window: ClipWindow,
): Promise<WindowResult> {
  const clip = { ...source.playable, window }
  await streams.prepare(clip, new AbortController().signal, () => undefined)
  const file = await layOut(streams, clip, join(dir, 'clip.mp4'))
  return compareClip(tools, source, window, file)
}

/** Lays a clip in one file beside the source. */
export async function compareClip(
  tools: Tools,
  source: WindowSource,
  { startS, endS }: ClipWindow,
  file: string,
): Promise<WindowResult> {
  const { playable, pictures, timesS } = source
  const encoded = source.deinterlaced ?? pictures
  const half = 0.5 / (playable.media.video?.frameRate ?? 30)
  const lengthS = playable.index.endS - playable.index.startS
  const toS = endS >= lengthS - half ? Infinity : endS - half
  const wanted = [...timesS.keys()].filter((at) => {
    const timeS = timesS[at] ?? 0
    return timeS >= startS - half - 1e-6 && timeS < toS - 1e-6
  })
  const problems: string[] = []
  const shown = await decode(tools, file, pictures[0]?.length ?? 0)
  const clip = await hashTracks(tools, file, 'copy', { after: bareStream(playable.path) })
  const shownS = clip.video.map(({ timeS }) => timeS).sort((a, b) => a - b)
  if (shown.length !== wanted.length || shownS.length !== wanted.length) {
    problems.push(`${shown.length} pictures shown, ${shownS.length} inside, ${wanted.length} wanted`)
  }

  let copiedPictures = 0
  let mostOff = 0
  // What is encoded from a window's start on shows nothing before it, whichever picture is the nearest.
  const wantedS = wanted.map((at) => Math.max(timesS[at] ?? 0, source.deinterlaced ? startS : -Infinity))
  const offsetS = (shownS[0] ?? 0) - (wantedS[0] ?? 0)
  for (const [at, picture] of shown.entries()) {
    const from = pictures[wanted[at] ?? -1]
    const given = encoded[wanted[at] ?? -1]
    if (!from || !given) continue
    mostOff = Math.max(mostOff, Math.abs((shownS[at] ?? 0) - (wantedS[at] ?? 0) - offsetS))
    if (picture.equals(from)) copiedPictures += 1
    else if (psnr(picture, given) < LEAST_PSNR) {
      problems.push(`picture ${at} is off: ${psnr(picture, given).toFixed(1)} dB`)
    }
  }
  if (mostOff > LARGEST_TIME_ERROR_S) problems.push(`a picture is ${mostOff.toFixed(4)} s off`)

  const ofSource = new Set([...source.packets.video, ...source.packets.audio].map(({ md5 }) => md5))
  const bytesOf = (packets: HashedTracks['video']): number => packets.reduce((sum, it) => sum + it.bytes, 0)
  const all = [...clip.video, ...clip.audio]
  const copied = all.filter(({ md5 }) => ofSource.has(md5))
  if (source.deinterlaced) {
    const soundS = clip.audio.reduce((sum, it) => sum + it.durationS, 0)
    const lackingS = Math.min(endS, lengthS) - startS - soundS
    if (Math.abs(lackingS) > LONGEST_FRAME_S) problems.push(`${lackingS.toFixed(3)} s of sound are lacking`)
  } else {
    problems.push(...soundProblems(source, withoutSilence(clip, playable.media.audio[0]).audio, offsetS))
  }
  return {
    problems,
    pictures: shown.length,
    copiedPictures,
    bytes: bytesOf(all),
    copiedBytes: bytesOf(copied),
    durationS: (shownS.at(-1) ?? 0) - (shownS[0] ?? 0),
  }
}

/** The sound is the source's, packet for packet, and as far from the picture as there. */
function soundProblems(
  { packets, shiftS, playable }: WindowSource,
  sound: HashedTracks['audio'],
  offsetS: number,
): string[] {
  if (sound.length < 2) return []
  const { changed, disordered, leastOffsetS, mostOffsetS } = compareTracks(packets.audio, sound)
  const offs = [leastOffsetS, mostOffsetS].map((it) =>
    Math.abs(it - shiftS + playable.index.startS - offsetS),
  )
  return [
    ...(changed > 0 || disordered > 0
      ? [`${changed} packets of sound changed, ${disordered} out of order`]
      : []),
    ...(Math.max(...offs) < LARGEST_OFFSET_S ? [] : [`the sound is ${Math.max(...offs).toFixed(4)} s off`]),
  ]
}

function psnr(one: Buffer, other: Buffer): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / one.length))
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
