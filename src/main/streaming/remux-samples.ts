import { EncodedPacketSink, type EncodedPacket, type InputAudioTrack, type InputVideoTrack } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import type { Sample } from './fragment-writer.ts'

/** Times that an index remembers and a packet has are the same number; this is far below one tick. */
const SAME_TIME_S = 1e-6

/** A time line: output ticks = source time − `baseS` + D, all rounded to whole ticks of `timescale`. */
export type TimeLine = { timescale: number; baseS: number; reorderS: number }

/** What one segment holds: pictures from the key frame at `keyS`, sound from `fromS`, both up to `toS` (null: the end). */
export type SegmentRange = { keyS: number; fromS: number; toS: number | null }

/** The time lines of the init segment's tracks. */
export type TimeLines = { video: TimeLine | null; audio: TimeLine | null }

/** The samples of a segment; their data are lent until `release`. */
export type LentSamples = { pictures: Sample[]; sounds: Sample[]; release: () => void }

/** Reads the samples of any segment of one source. Throws what `readVideoSamples` throws. */
export interface SampleReader {
  read(range: SegmentRange, lines: TimeLines, signal: AbortSignal): Promise<LentSamples>
}

/** Makes the reader of any source that mediabunny reads. */
export function createPacketReader(
  video: InputVideoTrack | null,
  audio: InputAudioTrack | null,
): SampleReader {
  const pictureSink = video && new EncodedPacketSink(video)
  const soundSink = audio && new EncodedPacketSink(audio)
  return {
    async read({ keyS, fromS, toS }, lines, signal) {
      const [pictures, sounds] = await Promise.all([
        pictureSink && lines.video
          ? readVideoSamples(pictureSink, { fromS: keyS, toS }, lines.video, signal)
          : [],
        soundSink && lines.audio ? readAudioSamples(soundSink, { fromS, toS }, lines.audio, signal) : [],
      ])
      return { pictures, sounds, release: () => undefined }
    },
  }
}

/** A picture before it has its decode time; times in ticks, D included. */
export type Frame = { data: Uint8Array; ticks: number; durationTicks: number; isSync: boolean }

/**
 * Reads the video samples from the key packet at `fromS` up to the one at `toS` (null: to the end), in decode order.
 * Throws AppError `file_missing` when there is no key packet where the index says, the signal's reason on abort.
 */
async function readVideoSamples(
  sink: EncodedPacketSink,
  { fromS, toS }: { fromS: number; toS: number | null },
  line: TimeLine,
  signal: AbortSignal,
): Promise<Sample[]> {
  const first = await keyPacketAt(sink, fromS, {})
  const end = toS === null ? undefined : await keyPacketAt(sink, toS, { metadataOnly: true })
  const delay = delayTicks(line)
  const frames: Frame[] = []
  for await (const packet of sink.packets(first, end)) {
    signal.throwIfAborted()
    frames.push({
      data: packet.data,
      ticks: ticksOf(packet.timestamp, line) + delay,
      durationTicks: Math.round(packet.duration * line.timescale),
      isSync: packet.type === 'key',
    })
  }
  return decodeOrder(frames, delay, toS === null ? null : ticksOf(toS, line))
}

/**
 * Reads the audio packets whose presentation time lies in [fromS, toS), `toS` null: to the end. The comparison is the
 * same on both sides of a cut, so each packet lands in exactly one segment.
 */
async function readAudioSamples(
  sink: EncodedPacketSink,
  { fromS, toS }: { fromS: number; toS: number | null },
  line: TimeLine,
  signal: AbortSignal,
): Promise<Sample[]> {
  let first = (await sink.getPacket(fromS)) ?? (await sink.getFirstPacket())
  while (first && first.timestamp < fromS) first = await sink.getNextPacket(first)
  if (!first || (toS !== null && first.timestamp >= toS)) return []

  const delay = delayTicks(line)
  const samples: Sample[] = []
  for await (const packet of sink.packets(first)) {
    signal.throwIfAborted()
    const decodeTicks = ticksOf(packet.timestamp, line) + delay
    const previous = samples.at(-1)
    if (previous) previous.durationTicks = Math.max(1, decodeTicks - previous.decodeTicks)
    if (toS !== null && packet.timestamp >= toS) break
    samples.push({
      data: packet.data,
      decodeTicks,
      offsetTicks: 0,
      durationTicks: Math.round(packet.duration * line.timescale),
      isSync: true,
    })
  }
  return samples
}

/**
 * Gives frames their decode times: mediabunny shows none, so the sorted presentation times serve, D earlier. Where a
 * later part of a file reorders further than its beginning, decode times are drawn forward, never behind
 * presentation. `nextTicks` is the decode time of the sample after the last.
 */
export function decodeOrder(frames: readonly Frame[], delay: number, nextTicks: number | null): Sample[] {
  const decode = frames.map((frame) => frame.ticks - delay).sort((a, b) => a - b)
  for (let at = frames.length - 1, limit = Infinity; at >= 0; at--) {
    limit = Math.min(decode[at] ?? 0, frames[at]?.ticks ?? 0, limit - 1)
    decode[at] = Math.max(0, limit)
  }
  const endTicks = nextTicks ?? endOf(frames) - delay
  return frames.map((frame, at) => {
    const decodeTicks = decode[at] ?? 0
    return {
      data: frame.data,
      decodeTicks,
      offsetTicks: frame.ticks - decodeTicks,
      durationTicks: Math.max(1, (decode[at + 1] ?? endTicks) - decodeTicks),
      isSync: frame.isSync,
    }
  })
}

/** When the frame that is presented last ends. */
function endOf(frames: readonly Frame[]): number {
  const last = frames.reduce<Frame | null>((late, it) => (late && late.ticks > it.ticks ? late : it), null)
  return last ? last.ticks + last.durationTicks : 0
}

async function keyPacketAt(
  sink: EncodedPacketSink,
  timeS: number,
  options: { metadataOnly?: boolean },
): Promise<EncodedPacket> {
  const packet = await sink.getKeyPacket(timeS, options)
  if (!packet || Math.abs(packet.timestamp - timeS) > SAME_TIME_S) {
    throw new AppError('file_missing', 'The source is not what it was when it was read.')
  }
  return packet
}

/** D in ticks. */
export const delayTicks = ({ reorderS, timescale }: TimeLine): number => Math.round(reorderS * timescale)

/** A time of the source in ticks of the stream, without D. */
export function ticksOf(timeS: number, { timescale, baseS }: TimeLine): number {
  return Math.round(timeS * timescale) - Math.round(baseS * timescale)
}

/** What a segment covers, on the time line of a track; the last one reaches to the end of all tracks. */
export const ticksIn = ({ fromS, toS }: Omit<SegmentRange, 'keyS'>, endS: number, line: TimeLine) => ({
  fromTicks: ticksOf(fromS, line) + delayTicks(line),
  toTicks: ticksOf(toS ?? endS, line) + delayTicks(line),
})
