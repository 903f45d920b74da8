import type { AudioTrackInfo } from '../../shared/media.ts'
import type { Sample } from './fragment-writer.ts'

/** A coded frame in which nothing is heard, and how long it lasts, in seconds. */
export type SilentFrame = { data: Uint8Array; durationS: number }

/** Ticks, the end not among them. */
type TickRange = { fromTicks: number; toTicks: number }

/** Samples of an AAC-LC frame (ISO 14496-3 section 4.5.1.1). */
const AAC_FRAME_SAMPLES = 1024

/**
 * `raw_data_block`s of AAC-LC whose spectrum is empty (ISO 14496-3 section 4.4.2.1), by channel configuration: the same
 * bytes for every sample rate.
 */
const AAC: Readonly<Record<number, string>> = {
  1: '00c800802380',
  2: '210049900219002380',
  3: '00c8008020840126400864008e',
  4: '00c800802084012640086400802c80080238',
  5: '00c800802084012640086400823004990021900238',
  6: '00c800802084012640086400823004990021900200b2002008e0',
}

/** An Opus packet of 20 ms without energy: CELT, full band, one channel, which decoders spread (RFC 6716 section 3.1). */
const OPUS = 'f8fffe'

/** Holes shorter than this are passed over by players (hls.js `maxBufferHole`). */
const SHORTEST_HOLE_S = 0.1

/** A silent frame for a track; null for codecs and channels that there is none for. */
export function silentFrame({
  codec,
  codecString,
  channels,
  sampleRate,
}: AudioTrackInfo): SilentFrame | null {
  if (codec === 'opus' && channels <= 2) return { data: Buffer.from(OPUS, 'hex'), durationS: 0.02 }
  const frame = codec === 'aac' && codecString === 'mp4a.40.2' ? AAC[channels] : undefined
  if (frame === undefined) return null
  return { data: Buffer.from(frame, 'hex'), durationS: AAC_FRAME_SAMPLES / sampleRate }
}

/**
 * Lays silent frames where a track of sound has nothing: before it begins, after it ends, and in between. A browser
 * stops at a time for which it has a picture and no sound, however long that lasts. Every packet of the source stays
 * where it is; `range` is that of the segment, `timescale` its ticks per second.
 */
export function fillWithSilence(
  sounds: readonly Sample[],
  { fromTicks, toTicks }: TickRange,
  { data, durationS }: SilentFrame,
  timescale: number,
): Sample[] {
  const frameTicks = Math.max(1, Math.round(durationS * timescale))
  const shortest = SHORTEST_HOLE_S * timescale
  const filled: Sample[] = []
  const fill = (start: number, end: number): void => {
    const count = Math.floor((end - start) / frameTicks)
    for (let frame = 0; frame < count; frame++) {
      const decodeTicks = start + frame * frameTicks
      // The last one reaches as far as the hole.
      const durationTicks = frame + 1 < count ? frameTicks : end - decodeTicks
      filled.push({ data, decodeTicks, offsetTicks: 0, durationTicks, isSync: true })
    }
  }
  const first = sounds[0]?.decodeTicks ?? toTicks
  if (first - fromTicks >= shortest) fill(fromTicks, first)
  for (const [at, sample] of sounds.entries()) {
    const nextTicks = sounds[at + 1]?.decodeTicks ?? toTicks
    const endTicks = sample.decodeTicks + Math.min(sample.durationTicks, frameTicks)
    if (nextTicks - endTicks < shortest) filled.push(sample)
    else {
      // A packet lasts until the next one, wherever that is: here it ends when its own sound does.
      filled.push({ ...sample, durationTicks: endTicks - sample.decodeTicks })
      fill(endTicks, nextTicks)
    }
  }
  return filled
}
