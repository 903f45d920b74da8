import type { EncodedPacket, EncodedPacketSink } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import type { Sample } from './fragment-writer.ts'

/** Times that an index remembers and a packet has are the same number; this is far below one tick. */
const SAME_TIME_S = 1e-6

/** A time line: output ticks = source time − `baseS` + D, all rounded to whole ticks of `timescale`. */
export type TimeLine = { timescale: number; baseS: number; reorderS: number }

type Frame = { data: Uint8Array; ticks: number; durationTicks: number; isSync: boolean }

/**
 * Reads the video samples from the key packet at `fromS` up to the one at `toS` (null: to the end), in decode order.
 * Throws AppError `file_missing` when there is no key packet where the index says, the signal's reason on abort.
 */
export async function readVideoSamples(
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
export async function readAudioSamples(
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
  const endTicks =
    nextTicks ??
    frames.reduce((end, { ticks, durationTicks }) => Math.max(end, ticks + durationTicks), 0) - delay
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

const delayTicks = ({ reorderS, timescale }: TimeLine): number => Math.round(reorderS * timescale)

function ticksOf(timeS: number, { timescale, baseS }: TimeLine): number {
  return Math.round(timeS * timescale) - Math.round(baseS * timescale)
}
