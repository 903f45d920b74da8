import type { FileHandle } from 'node:fs/promises'
import type { MediaIndex, TransportIndex, TransportSound } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { AAC_FRAME_SAMPLES, adtsRate } from '../media/adts.ts'
import { lengthPrefixed, NAL, nalUnits } from '../media/annex-b.ts'
import { readFully } from '../media/block-reader.ts'
import { TRANSPORT_CLOCK } from '../media/transport-grid.ts'
import { createPesReader, type Pes } from '../media/transport-pes.ts'
import { ScanFault } from '../media/scan-fault.ts'
import { unwrapTicks } from '../media/unwrap.ts'
import type { Sample } from './fragment-writer.ts'
import {
  decodeOrder,
  delayTicks,
  ticksOf,
  type Frame,
  type SampleReader,
  type SegmentRange,
  type TimeLine,
} from './remux-samples.ts'
import { planSegments, TARGET_SEGMENT_S } from './segment-plan.ts'
import { soundFrames, type SoundFrame } from './transport-sounds.ts'

/** Bytes [start, end) of the file. */
type Span = { start: number; end: number }

/** A stream to be read: the PES packets that begin in its span. */
type Wanted = Span & { pid: number; take: (pes: Pes, ticks: number) => void }

/** Bytes of other times between picture and sound that are read along: cheaper than a second read. */
const LARGEST_GAP_BYTES = 1024 * 1024

/**
 * Makes the reader of a transport stream whose places a scan has found: one read for a segment, early or late alike.
 * Throws AppError `file_missing` where the file is not what was scanned.
 */
export function createTransportReader(
  file: FileHandle,
  index: MediaIndex,
  places: TransportIndex,
  tracks: { picture: TransportIndex['video']; sound: TransportSound | null },
): SampleReader {
  const { picture, sound } = tracks
  return {
    async read(range, lines, signal) {
      const frames: Frame[] = []
      const sounds: SoundFrame[] = []
      const { video: pictureLine, audio: soundLine } = lines
      const wanted: Wanted[] = []
      if (picture && pictureLine) {
        const take = (pes: Pes, ticks: number): void => void frames.push(frameOf(pes, ticks, pictureLine))
        wanted.push({ pid: picture.pid, ...pictureSpan(picture.keyAt, places, index, range), take })
      }
      if (sound && soundLine) {
        const take = (pes: Pes, ticks: number): void => {
          for (const { data, timeS } of soundFrames(pes.payload, ticks, null)) {
            // The payload is lent.
            sounds.push({ data: Buffer.from(data), timeS })
          }
        }
        wanted.push({ pid: sound.pid, ...soundSpan(sound, places, index, range), take })
      }
      await readAll(file, places, wanted, Math.round(range.keyS * TRANSPORT_CLOCK), signal)
      return {
        pictures: pictureLine ? pictureSamples(frames, range, pictureLine) : [],
        sounds: sound && soundLine ? soundSamples(sounds, range, soundLine, sound) : [],
        release: () => undefined,
      }
    },
  }
}

/** The most bytes that one segment of the plan has to read for one of its streams. */
export function largestSegmentBytes(index: MediaIndex, places: TransportIndex): number {
  const segments = planSegments(index)
  const sizes = segments.map((segment, at) => {
    const keyS = at === 0 ? (index.keyTimesS[0] ?? segment.startS) : segment.startS
    const range = { keyS, fromS: segment.startS, toS: segments[at + 1]?.startS ?? null }
    const spans = [
      ...(places.video ? [pictureSpan(places.video.keyAt, places, index, range)] : []),
      ...places.audio.flatMap((sound) => (sound ? [soundSpan(sound, places, index, range)] : [])),
    ]
    return Math.max(0, ...spans.map(({ start, end }) => end - start))
  })
  return sizes.reduce((most, size) => Math.max(most, size), 0)
}

/** The number of the key, or of the 4 s, that a segment begins at. */
function markAt(index: MediaIndex, timeS: number): number {
  const { keyTimesS, startS } = index
  return keyTimesS.length > 0 ? keyTimesS.indexOf(timeS) : Math.round((timeS - startS) / TARGET_SEGMENT_S)
}

function pictureSpan(keyAt: number[], places: TransportIndex, index: MediaIndex, range: SegmentRange): Span {
  const start = keyAt[markAt(index, range.keyS)]
  const end = range.toS === null ? places.endAt : keyAt[markAt(index, range.toS)]
  return spanOf(start, end)
}

function soundSpan(
  sound: TransportSound,
  places: TransportIndex,
  index: MediaIndex,
  range: SegmentRange,
): Span {
  // Before the first key picture there may be sound, all of it for the first segment.
  const isBefore = index.keyTimesS.length > 0 && range.fromS < range.keyS
  const start = isBefore
    ? places.firstAt
    : sound.from[markAt(index, index.keyTimesS.length > 0 ? range.keyS : range.fromS)]
  const end = range.toS === null ? places.endAt : sound.to[markAt(index, range.toS)]
  return spanOf(start, end)
}

function spanOf(start: number | undefined, end: number | undefined): Span {
  if (start === undefined || end === undefined) throw new AppError('internal', 'A place is not in the index.')
  return { start, end: Math.max(start, end) }
}

/** Reads what is wanted: together when it lies together, as it nearly always does. */
async function readAll(
  file: FileHandle,
  { strideBytes }: TransportIndex,
  wanted: readonly Wanted[],
  nearTicks: number,
  signal: AbortSignal,
): Promise<void> {
  for (const group of groupsOf(wanted)) {
    signal.throwIfAborted()
    const start = Math.min(...group.map((it) => it.start))
    const bytes = Buffer.allocUnsafeSlow(Math.max(...group.map((it) => it.end)) - start)
    await readFully(file, bytes, start)
    signal.throwIfAborted()
    const pids = group.map((it) => it.pid)
    const reader = createPesReader(strideBytes, pids, (pes) => {
      const it = group.find(({ pid }) => pid === pes.pid)
      if (!it || pes.ptsTicks === null || pes.at < it.start || pes.at >= it.end) return
      it.take(pes, unwrapTicks(pes.ptsTicks, nearTicks))
    })
    try {
      reader.take(bytes, start)
      reader.end()
    } catch (error) {
      if (!(error instanceof ScanFault)) throw error
      throw new AppError('file_missing', 'The source is not what it was when it was read.', { cause: error })
    }
  }
}

function groupsOf(wanted: readonly Wanted[]): Wanted[][] {
  const [first, second] = wanted.filter((it) => it.end > it.start).sort((a, b) => a.start - b.start)
  if (!first) return []
  if (!second) return [[first]]
  return second.start - first.end <= LARGEST_GAP_BYTES ? [[first, second]] : [[first], [second]]
}

function frameOf({ payload }: Pes, ticks: number, line: TimeLine): Frame {
  const units = [...nalUnits(payload)]
  return {
    data: lengthPrefixed(payload, units),
    ticks: ticksOf(ticks / TRANSPORT_CLOCK, line) + delayTicks(line),
    durationTicks: 0,
    isSync: units.some(({ type }) => type === NAL.idrSlice),
  }
}

function pictureSamples(frames: Frame[], { toS }: SegmentRange, line: TimeLine): Sample[] {
  if (toS !== null) return decodeOrder(frames, delayTicks(line), ticksOf(toS, line))
  // Nothing tells how long the last picture lasts: as long as the one before it.
  const [last = 0, before = last] = frames.map((it) => it.ticks).sort((a, b) => b - a)
  return decodeOrder(
    frames.map((it) => ({ ...it, durationTicks: last - before })),
    delayTicks(line),
    null,
  )
}

function soundSamples(
  frames: readonly SoundFrame[],
  { fromS, toS }: SegmentRange,
  line: TimeLine,
  sound: TransportSound,
): Sample[] {
  const frameTicks = Math.round((AAC_FRAME_SAMPLES / adtsRate(sound)) * line.timescale)
  const startTicks = frames.map((it) => ticksOf(it.timeS, line) + delayTicks(line))
  return frames.flatMap(({ data, timeS }, at) => {
    if (timeS < fromS || (toS !== null && timeS >= toS)) return []
    const decodeTicks = startTicks[at] ?? 0
    const durationTicks = Math.max(1, (startTicks[at + 1] ?? decodeTicks + frameTicks) - decodeTicks)
    return [{ data, decodeTicks, offsetTicks: 0, durationTicks, isSync: true }]
  })
}
