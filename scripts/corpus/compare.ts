import { soundsOf } from '../../src/main/media/sounds.ts'
import type { Playable } from '../../src/main/media/playable.ts'
import type { Tools } from '../../src/main/media/tools.ts'
import { presentationStartS } from '../../src/main/streaming/segment-plan.ts'
import {
  bareSource,
  bareStream,
  hashTracks,
  layBeside,
  withoutSilence,
  type HashedTracks,
} from '../../src/main/streaming/testing-packets.ts'
import { readPlayable } from '../../src/main/streaming/testing.ts'
import type { ClientStream } from './client.ts'
import type { Delivery, Expected } from './expected.ts'
import { comparePictures } from './pictures.ts'
import { compareSound } from './tones.ts'

/** What ffmpeg found of a stream beside its source. */
export type Compared = {
  faults: string[]
  pictures: number
  /** The worst PSNR of a converted picture, in dB; null where every packet is the source's own. */
  worstDb: number | null
  /** Between sound and picture, beside the source, in seconds; null where one of them is missing. */
  soundOffsetS: number | null
}

/** Clocks of 1 ms (Matroska, FLV) and 1/90000 s are turned into those of MP4. */
const CLOCK_S = 0.0015
/** mediabunny leaves Matroska's CodecDelay of Opus in the times, ffmpeg subtracts it. */
const OPUS_DELAY_S = 0.0075
/** Of a damaged file a reader gives up at another place than ffmpeg does: so many of the source's packets are there. */
const LEAST_KEPT = 0.9
/** And so many may be cut elsewhere than ffmpeg cuts them, where the damage is: two in `noise-inside.ts`. */
const MOST_OTHERS = 0.005
/** How much shorter or longer a stream may be than what was told, in seconds. */
const LENGTH_S = 0.15
/** One frame of AAC at 8 kHz: what sound and picture may be apart. */
const SOUND_FRAME_S = 1024 / 44_100

/**
 * Has ffmpeg play a stream and read its source: copied tracks are the same packet by packet, encoded ones look and sound
 * the same, and sound and picture are as far from each other as they were.
 */
export async function compareWithSource(
  tools: Tools,
  path: string,
  stream: ClientStream,
  delivery: Delivery,
  { pictures, durationS, comparison = {} }: Expected,
): Promise<Compared> {
  const { playable } = await readPlayable(path)
  const hasPicture = playable.media.video !== null
  const hasSound = playable.media.audio.length > 0
  const isCopied = delivery !== 'transcode' && comparison.isPictures !== true
  const faults =
    Math.abs(stream.lengthS - durationS) < LENGTH_S ? [] : [`${stream.lengthS.toFixed(2)} s of segments`]
  const result: Compared = { faults, pictures: 0, worstDb: null, soundOffsetS: null }
  const packets = isCopied || delivery === 'remux' ? await readBoth(tools, path, stream, playable) : null

  if (packets && comparison.isDamaged) {
    const of = ({ video, audio }: HashedTracks): string[] => [...video, ...audio].map(({ md5 }) => md5)
    const known = new Set(of(packets.source))
    const got = of(packets.stream)
    const others = got.filter((it) => !known.has(it)).length
    const { leastKept = LEAST_KEPT } = comparison
    if (others > got.length * MOST_OTHERS)
      faults.push(`${others} of ${got.length} packets are not the source’s`)
    if (got.length < known.size * leastKept) faults.push(`${got.length} packets of ${known.size}`)
    return { ...result, pictures: packets.stream.video.length }
  }
  let pictureS: number | null = null
  let startS = presentationStartS(playable.index)
  if (hasPicture && packets && isCopied) {
    const { offsetS, faults: found } = layBeside(packets.source, packets.stream, 'video', {
      spreadS: CLOCK_S,
    })
    pictureS = offsetS
    result.pictures = packets.stream.video.length
    faults.push(...found)
  } else if (hasPicture) {
    const it = await comparePictures(tools, path, stream, comparison)
    pictureS = it.offsetS
    // What an edit list hides of the picture, it hides of the sound.
    startS = Math.max(startS, it.firstS)
    result.pictures = it.count
    result.worstDb = it.worstDb
    faults.push(...it.faults)
  }
  if (pictures !== null && result.pictures !== pictures) faults.push(`${result.pictures} pictures`)
  if (!hasSound) return result

  if (delivery === 'remux' && packets) {
    const isPacked = playable.media.demuxer === 'mp3'
    if (isPacked) {
      const same =
        packets.source.audio.map(({ md5 }) => md5).join() ===
        packets.stream.audio.map(({ md5 }) => md5).join()
      if (!same) faults.push('audio: other frames')
      return result
    }
    const { offsetS, faults: found } = layBeside(packets.source, packets.stream, 'audio', {
      spreadS: playable.media.audio[0]?.codec === 'opus' ? OPUS_DELAY_S : CLOCK_S,
      startS,
    })
    faults.push(...found)
    if (pictureS === null) return result
    result.soundOffsetS = offsetS - pictureS
    if (Math.abs(result.soundOffsetS) > SOUND_FRAME_S) {
      faults.push(`sound: ${result.soundOffsetS.toFixed(4)} s from the picture`)
    }
    return result
  }
  const sound = await compareSound(tools, path, stream, pictureS ?? -startS)
  faults.push(...sound.faults)
  return { ...result, soundOffsetS: pictureS === null ? null : sound.offsetS }
}

async function readBoth(
  tools: Tools,
  path: string,
  { input, before }: ClientStream,
  { media }: Playable,
): Promise<{ source: HashedTracks; stream: HashedTracks }> {
  const sounds = soundsOf(media)
  const streamed = sounds.find((it) => it.isStreamed) ?? sounds[0]
  const [source, stream] = await Promise.all([
    hashTracks(tools, path, 'copy', {
      after: bareSource(path, streamed?.track.codec),
      sound: streamed?.at ?? 0,
    }),
    hashTracks(tools, input, 'copy', { before, after: bareStream(path) }),
  ])
  return { source, stream: withoutSilence(stream, streamed?.track) }
}
