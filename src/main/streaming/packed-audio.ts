import type { FileHandle } from 'node:fs/promises'
import type { FramesIndex, MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import type { Playable } from '../media/playable.ts'
import type { Sources } from '../media/source.ts'
import { soundMarks, toMarks, type TimeRange } from './clips/marks.ts'
import { readFrames, type PlacedFrame } from './frame-samples.ts'
import type { MediaSegment, PackagedRendition } from './packager.ts'
import type { RenditionPlan } from './variant.ts'

/** The owner of the frame that carries a Packed Audio segment's time (RFC 8216 section 3.4). */
const OWNER = 'com.apple.streaming.transportStreamTimestamp'

/** Ticks a second of that time, and where it begins anew: 33 bits. */
const CLOCK = 90_000
const WRAP_TICKS = 2 ** 33

/**
 * Writes a Media Segment of Packed Audio (RFC 8216 section 3.4): an ID3 tag with the time of its first frame, in
 * seconds of the stream, and the frames behind it.
 */
function writePackedAudio(startS: number, frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([timeTag(startS), ...frames])
}

/** An ID3v2.4 tag with one PRIV frame (ID3v2.4 sections 3.1 and 4.27). */
function timeTag(startS: number): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(Math.round(startS * CLOCK) % WRAP_TICKS))
  const content = Buffer.concat([Buffer.from(`${OWNER}\0`, 'latin1'), time])
  const frame = Buffer.concat([
    Buffer.from('PRIV', 'latin1'),
    sevenBits(content.length),
    Buffer.alloc(2),
    content,
  ])
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), sevenBits(frame.length), frame])
}

/** A size of four times seven bits. */
const sevenBits = (value: number): Buffer =>
  Buffer.from([21, 14, 7, 0].map((shift) => (value >> shift) & 0x7f))

/** Of a window: what becomes 0, in seconds of the source, and whether it goes on to the end of the file. */
type WindowBounds = { baseS: number; isToEnd: boolean }

/**
 * Opens the rendition of a file of MP3 frames as Packed Audio: nothing is taken off them, and there is no init. The
 * segments are those of the whole file, or of a window of it.
 */
export function openPackedRendition(
  sources: Pick<Sources, 'use'>,
  playable: Playable,
  { facts }: RenditionPlan,
  segments: readonly MediaSegment[],
  { baseS, isToEnd }: WindowBounds = { baseS: 0, isToEnd: true },
): PackagedRendition {
  const { scan: places } = playable.index
  return {
    ...facts,
    segments,
    init: null,
    cacheable: true,
    segment: (index, signal) =>
      sources.use(playable, async ({ file }) => {
        const segment = segments[index]
        if (!segment) throw new AppError('not_found', 'There is no such segment.')
        if (places?.kind !== 'frames')
          throw new AppError('internal', 'The places of the frames are not in the index.')
        const isLast = index === segments.length - 1
        const range = { fromS: segment.startS, toS: isLast && isToEnd ? null : segment.endS }
        const frames = await readFramesIn(file, places, playable.index, range, signal)
        const startS = Math.max(0, (frames[0]?.firstSample ?? 0) / places.sampleRate - baseS)
        return writePackedAudio(
          startS,
          frames.map((it) => it.data),
        )
      }),
  }
}

/** The frames that begin in a range, wherever it is cut. */
async function readFramesIn(
  file: FileHandle,
  places: FramesIndex,
  index: MediaIndex,
  { fromS, toS }: TimeRange,
  signal: AbortSignal,
): Promise<PlacedFrame[]> {
  const frames = await readFrames(file, places, toMarks(soundMarks(index) ?? [], { fromS, toS }), signal)
  return frames.filter(({ firstSample }) => {
    const timeS = firstSample / places.sampleRate
    return timeS >= fromS && (toS === null || timeS < toS)
  })
}
