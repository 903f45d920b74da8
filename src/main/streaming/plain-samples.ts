import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { pieceOf, readFully } from '../media/block-reader.ts'
import {
  durationTicks,
  presentationTicks,
  samplePlaces,
  syncSamples,
  type PlainMp4,
  type PlainTrack,
  type SamplePlaces,
} from '../media/plain-mp4.ts'
import type { Sample } from './fragment-writer.ts'
import { streamedTracks } from './isobmff-index.ts'
import { decodeOrder, delayTicks, ticksOf, type SampleReader, type TimeLine } from './remux-samples.ts'
import type { RenditionPlan } from './variant.ts'

/** A track ready to be cut: where its samples are, when they are shown, and which of them are keys. */
type Cut = { track: PlainTrack; places: SamplePlaces; ticks: Float64Array; sync: Uint32Array }

/** Some samples of a track, one behind another in decode order; `end` is not among them. */
type Part = { cut: Cut; first: number; end: number }

const PICTURES = new Set(['avc1', 'avc3', 'vp09', 'av01'])
const SOUNDS = new Set(['mp4a', 'Opus', 'fLaC'])

/** Bytes of other tracks between wanted ones that are read along with them: cheaper than another read. */
const LARGEST_GAP_BYTES = 256 * 1024

/** Buffers kept for the next segments. */
const MAX_SPARE_BUFFERS = 2
const LARGEST_SPARE_BYTES = 16 * 1024 * 1024

/**
 * Makes the reader of a rendition of a plain MP4 or QuickTime file: a read or two for a segment, at places that are
 * known. It gives the same samples as the way over mediabunny. Null for what is not plain, or has a codec that is not
 * streamed.
 */
export function openPlainSamples(
  file: FileHandle,
  film: PlainMp4,
  rendition: Pick<RenditionPlan, 'picture' | 'sound'>,
): SampleReader | null {
  const tracks = streamedTracks(film)
  const picture = rendition.picture ? tracks?.video : null
  const sound = rendition.sound === null ? null : tracks?.sounds[rendition.sound]
  if (picture === undefined || sound === undefined) return null
  const video = picture && cutOf(film.moov, picture)
  const audio = sound && cutOf(film.moov, sound)
  if (picture && (!video || !PICTURES.has(picture.entryType))) return null
  if (sound && (!audio || !SOUNDS.has(sound.entryType) || sound.offsets)) return null

  const spare: Buffer[] = []
  return {
    async read({ keyS, fromS, toS }, lines, signal) {
      const pictures = video && lines.video ? picturePart(video, keyS, toS) : null
      const sounds = audio && lines.audio ? soundPart(audio, fromS, toS) : null
      const parts = [...(pictures ? [pictures] : []), ...(sounds ? [sounds] : [])]
      const spans = spansOf(parts)
      const bytes = takeBuffer(
        spare,
        spans.reduce((sum, span) => sum + span.end - span.start, 0),
      )
      const places = await readSpans(file, spans, bytes, signal)
      const dataOf = ({ cut }: Part, sample: number): Uint8Array =>
        places(cut.places.offsets[sample] ?? 0, cut.places.sizes[sample] ?? 0)
      return {
        pictures: pictures && lines.video ? pictureSamples(pictures, lines.video, toS, dataOf) : [],
        sounds: sounds && lines.audio ? soundSamples(sounds, lines.audio, dataOf) : [],
        release() {
          if (spare.length < MAX_SPARE_BUFFERS && bytes.length <= LARGEST_SPARE_BYTES) spare.push(bytes)
        },
      }
    },
  }
}

function cutOf(moov: Buffer, track: PlainTrack): Cut | null {
  const places = samplePlaces(moov, track)
  const sync = syncSamples(moov, track)
  if (!places || (track.kind === 'video' && !sync)) return null
  return { track, places, ticks: presentationTicks(track), sync: sync ?? new Uint32Array() }
}

function picturePart(cut: Cut, keyS: number, toS: number | null): Part {
  return { cut, first: keySampleAt(cut, keyS), end: toS === null ? cut.ticks.length : keySampleAt(cut, toS) }
}

/** Throws AppError `file_missing` when there is no key frame where the index says. */
function keySampleAt({ track, ticks, sync }: Cut, timeS: number): number {
  const wanted = Math.round(timeS * track.timescale)
  const found = sync[firstNotBefore(sync.length, (at) => (ticks[sync[at] ?? 0] ?? 0) >= wanted)]
  if (found === undefined || ticks[found] !== wanted) {
    throw new AppError('file_missing', 'The source is not what it was when it was read.')
  }
  return found
}

function soundPart(cut: Cut, fromS: number, toS: number | null): Part {
  const { ticks, track } = cut
  const sampleAt = (timeS: number): number =>
    firstNotBefore(ticks.length, (at) => (ticks[at] ?? 0) / track.timescale >= timeS)
  return { cut, first: sampleAt(fromS), end: toS === null ? ticks.length : sampleAt(toS) }
}

/** The first of `count` numbers for which it holds, when it holds for all that follow; `count` for none. */
function firstNotBefore(count: number, holds: (at: number) => boolean): number {
  let from = 0
  let to = count
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}

type Span = { start: number; end: number }

/** The stretches of the file that hold the samples, in order, without large holes. */
function spansOf(parts: readonly Part[]): Span[] {
  const samples = parts.flatMap(({ cut, first, end }) =>
    Array.from({ length: Math.max(0, end - first) }, (_, at) => {
      const start = cut.places.offsets[first + at] ?? 0
      return { start, end: start + (cut.places.sizes[first + at] ?? 0) }
    }),
  )
  samples.sort((a, b) => a.start - b.start)
  const spans: Span[] = []
  for (const sample of samples) {
    const last = spans.at(-1)
    if (last && sample.start - last.end <= LARGEST_GAP_BYTES) last.end = Math.max(last.end, sample.end)
    else spans.push({ ...sample })
  }
  return spans
}

function takeBuffer(spare: Buffer[], bytes: number): Buffer {
  const found = spare.findIndex((buffer) => buffer.length >= bytes)
  // One that is too small gives way to the larger one that comes back.
  const [buffer] = spare.splice(Math.max(0, found), 1)
  return found >= 0 && buffer ? buffer : pieceOf(bytes)
}

/** Reads the spans behind one another into `bytes`; the answer finds what stood at a place of the file. */
async function readSpans(
  file: FileHandle,
  spans: readonly Span[],
  bytes: Buffer,
  signal: AbortSignal,
): Promise<(offset: number, size: number) => Uint8Array> {
  const at: number[] = []
  let filled = 0
  for (const { start, end } of spans) {
    signal.throwIfAborted()
    at.push(filled)
    await readFully(file, bytes.subarray(filled, filled + end - start), start)
    filled += end - start
  }
  signal.throwIfAborted()
  return (offset, size) => {
    const span = firstNotBefore(spans.length, (it) => (spans[it]?.end ?? 0) > offset)
    const from = (at[span] ?? 0) + offset - (spans[span]?.start ?? 0)
    return bytes.subarray(from, from + size)
  }
}

type DataOf = (part: Part, sample: number) => Uint8Array

function pictureSamples(part: Part, line: TimeLine, toS: number | null, dataOf: DataOf): Sample[] {
  const { cut, first, end } = part
  const { track, ticks, sync } = cut
  const delay = delayTicks(line)
  let key = firstNotBefore(sync.length, (at) => (sync[at] ?? 0) >= first)
  const frames = Array.from({ length: end - first }, (_, at) => {
    const sample = first + at
    const isSync = sync[key] === sample
    if (isSync) key += 1
    return {
      data: dataOf(part, sample),
      ticks: ticksOf((ticks[sample] ?? 0) / track.timescale, line) + delay,
      // Only the end of the file asks how long its last frame lasts.
      durationTicks:
        toS === null ? Math.round((durationTicks(track, sample) / track.timescale) * line.timescale) : 0,
      isSync,
    }
  })
  return decodeOrder(frames, delay, toS === null ? null : ticksOf(toS, line))
}

function soundSamples(part: Part, line: TimeLine, dataOf: DataOf): Sample[] {
  const { cut, first, end } = part
  const { track, ticks } = cut
  const decodeTicks = (sample: number): number =>
    ticksOf((ticks[sample] ?? 0) / track.timescale, line) + delayTicks(line)
  const lasts = (sample: number): number =>
    sample + 1 < ticks.length
      ? Math.max(1, decodeTicks(sample + 1) - decodeTicks(sample))
      : Math.round((durationTicks(track, sample) / track.timescale) * line.timescale)
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => ({
    data: dataOf(part, first + at),
    decodeTicks: decodeTicks(first + at),
    offsetTicks: 0,
    durationTicks: lasts(first + at),
    isSync: true,
  }))
}
