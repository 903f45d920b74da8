import type { AudioTrackInfo, MediaIndex, MediaInfo } from '../../../shared/media.ts'
import { AppError } from '../../base/errors.ts'
import type { ClipWindow } from '../../media/playable.ts'
import { writeFragment, type Sample } from '../fragment-writer.ts'
import type { InitTrack } from '../remux-init.ts'
import type { Reading } from '../remux-reading.ts'
import { delayTicks, ticksOf, type TimeLine } from '../remux-samples.ts'
import { createClipEncoder, type ClipEncoder } from './clip-encoder.ts'
import { readClipSound } from './clip-sound.ts'
import {
  boundsOf,
  gopAt,
  planClip,
  planSoundClip,
  type ClipPlan,
  type ClipSegment,
  type EncodedRun,
  type Gop,
} from './clip-plan.ts'
import type { EncodedRuns } from './encoded-runs.ts'

/** What of a playable a clip is cut by. */
export type ClipFacts = { media: MediaInfo; index: MediaIndex; window: ClipWindow }

/** A clip laid out; `encoder` null when all of it is copied. */
export type Clip = { plan: ClipPlan; encoder: ClipEncoder | null }

/** What is shown where a file does not tell how often its picture changes. */
const DEFAULT_FRAME_RATE = 30

/**
 * Lays out a clip of a source, the picture's rendition being `reading`. Throws AppError `bad_request` when nothing lies
 * in the window, `unsupported_media` when its ends cannot be made exact.
 */
export async function openClip(
  encode: EncodedRuns,
  facts: ClipFacts,
  reading: Reading,
  signal: AbortSignal,
): Promise<Clip> {
  const { plan, gop, frameRate } = await layOutClip(facts, reading, signal)
  if (!gop || plan.segments.every(({ head, tail }) => !head && !tail)) return { plan, encoder: null }
  return { plan, encoder: await createClipEncoder({ encode, init: reading.init, gop, frameRate }, signal) }
}

/**
 * Plans a clip without encoding anything; `gop` is the one that it begins in, null without a picture. Throws AppError
 * `bad_request` when nothing lies in the window.
 */
export async function layOutClip(
  { media, index, window }: ClipFacts,
  reading: Reading,
  signal: AbortSignal,
): Promise<{ plan: ClipPlan; gop: Sample[] | null; frameRate: number }> {
  const frameRate = media.video?.frameRate ?? DEFAULT_FRAME_RATE
  const file = { window, startS: index.startS, endS: index.endS, frameS: 1 / frameRate }
  if (!reading.init.video) return { plan: planned(planSoundClip(file)), gop: null, frameRate }

  const { fromS, toS } = boundsOf(file)
  const { keyTimesS, reorderS } = index
  const firstGop = await readGop(reading, gopAt(keyTimesS, fromS), reorderS, signal)
  const lastGop = await readGop(
    reading,
    gopAt(keyTimesS, Math.min(toS, index.endS) - END_S),
    reorderS,
    signal,
  )
  const plan = planned(planClip({ ...file, keyTimesS, first: firstGop.gop, last: lastGop.gop }))
  return { plan, gop: firstGop.pictures, frameRate }
}

/** A window ends before its end. */
const END_S = 1e-5

function planned(plan: ClipPlan | null): ClipPlan {
  if (!plan) throw new AppError('bad_request', 'Nothing of this file lies between these times.')
  return plan
}

/** A rendition of a source: its reading, and the facts of its sound. */
export type ClipSource = { reading: Reading; index: MediaIndex; track: AudioTrackInfo | undefined }

/** A segment's bytes, of how many pictures they are, and what the source shows at its encoded ends. */
export type MadeSegment = { bytes: Uint8Array; pictures: number; ends: Ends }

/** What a segment must show first and last, as small pictures; null where that is copied. */
export type Ends = { first: Buffer | null; last: Buffer | null }

/** Reads one Media Segment of a clip in one of its renditions: pictures, where it has them, and the sound of the same time. */
export async function readClipSegment(
  { plan, encoder }: Clip,
  { reading, index, track }: ClipSource,
  segment: ClipSegment,
  signal: AbortSignal,
): Promise<MadeSegment> {
  signal.throwIfAborted()
  const { video, audio } = reading.init
  const lineOf = (track: InitTrack): TimeLine => lineIn(plan, index, track)
  const isLast = segment === plan.segments.at(-1)
  const range = { fromS: segment.startS, toS: isLast && plan.isToEnd ? null : segment.endS }
  const sounds =
    audio &&
    (await readClipSound(
      { reader: reading.reader, index, track, line: lineOf(audio) },
      range,
      segment.endS,
      signal,
    ))
  const pictures = video && (await readPictures({ reading, encoder, line: lineOf(video) }, segment, signal))
  const bytes = writeFragment(segment.index + 1, [
    ...(video && pictures ? [{ id: video.id, kind: 'video' as const, samples: pictures.samples }] : []),
    ...(audio && sounds ? [{ id: audio.id, kind: 'audio' as const, samples: sounds }] : []),
  ])
  return {
    bytes,
    pictures: pictures?.samples.length ?? 0,
    ends: pictures?.ends ?? { first: null, last: null },
  }
}

/** Has the ends of a clip encoded before anybody asks for them. */
export async function encodeEnds(
  { plan, encoder }: Clip,
  reading: Reading,
  index: MediaIndex,
  signal: AbortSignal,
): Promise<void> {
  const { video } = reading.init
  if (!video || !encoder) return
  const source = { reading, encoder, line: lineIn(plan, index, video) }
  const runs = plan.segments.flatMap(({ head, tail }) => [head, tail]).filter((it) => it !== null)
  await Promise.all(runs.map((run) => encodePictures(source, run, signal)))
}

const lineIn = (plan: ClipPlan, { reorderS }: MediaIndex, { timescale }: InitTrack): TimeLine => ({
  timescale,
  baseS: plan.baseS,
  reorderS,
})

type PictureSource = { reading: Reading; encoder: ClipEncoder | null; line: TimeLine }

async function readPictures(
  source: PictureSource,
  segment: ClipSegment,
  signal: AbortSignal,
): Promise<{ samples: Sample[]; ends: Ends }> {
  const { copied } = segment
  const encode = (run: EncodedRun | null): Promise<EncodedSamples | null> =>
    run ? encodePictures(source, run, signal) : Promise.resolve(null)
  const [head, tail] = await Promise.all([encode(segment.head), encode(segment.tail)])
  const together = [
    ...(head?.samples ?? []),
    ...(copied ? await copyPictures(source, copied, signal) : []),
    ...(tail?.samples ?? []),
  ]
  // Decode times are presentation times D earlier, in order; what comes next decides how long a sample lasts.
  const endTicks = ticksOf(segment.endS, source.line)
  const samples = together.map((sample, at) => {
    const nextTicks = together[at + 1]?.decodeTicks ?? endTicks
    return { ...sample, durationTicks: Math.max(1, nextTicks - sample.decodeTicks) }
  })
  const end = tail ?? (copied ? null : head)
  return { samples, ends: { first: head?.ends.first ?? null, last: end?.ends.last ?? null } }
}

type EncodedSamples = { samples: Sample[]; ends: { first: Buffer; last: Buffer } }

async function encodePictures(
  { reading, encoder, line }: PictureSource,
  { gop, first, count }: EncodedRun,
  signal: AbortSignal,
): Promise<EncodedSamples> {
  if (!encoder) throw new Error('a clip that is copied whole encodes nothing')
  const { pictures } = await readGop(reading, gop, line.reorderS, signal)
  const encoded = await encoder.encode(pictures, { first, count }, signal)
  const shownS = gop.timesS.toSorted((a, b) => a - b)
  const samples = encoded.units.map(({ data, isIdr }, at) => ({
    data,
    decodeTicks: ticksOf(shownS[first + at] ?? 0, line),
    offsetTicks: delayTicks(line),
    durationTicks: 0,
    isSync: isIdr,
  }))
  return { samples, ends: { first: encoded.first, last: encoded.last } }
}

async function copyPictures(
  { reading, line }: PictureSource,
  { keyS, nextKeyS, lastGop }: NonNullable<ClipSegment['copied']>,
  signal: AbortSignal,
): Promise<Sample[]> {
  const range = { keyS, fromS: keyS, toS: nextKeyS }
  const { pictures, release } = await reading.reader.read(range, { video: line, audio: null }, signal)
  const owned = pictures.map((sample) => ({ ...sample, data: Buffer.from(sample.data) }))
  release()
  if (!lastGop) return owned
  const keyTicks = ticksOf(lastGop.keyS, line) + delayTicks(line)
  const lastKey = owned.findIndex((it) => it.isSync && it.decodeTicks + it.offsetTicks === keyTicks)
  if (lastKey < 0) throw new AppError('file_missing', 'The source is not what it was when it was read.')
  return owned.slice(0, lastKey + lastGop.kept)
}

/** Reads a GOP whole, on a time line of its own that begins at its IDR. */
export async function readGop(
  { init, reader }: Reading,
  { keyS, nextKeyS }: Pick<Gop, 'keyS' | 'nextKeyS'>,
  reorderS: number,
  signal: AbortSignal,
): Promise<{ gop: Gop; pictures: Sample[] }> {
  if (!init.video) throw new Error('this rendition has no picture')
  const { timescale } = init.video
  const line = { timescale, baseS: keyS, reorderS }
  const range = { keyS, fromS: keyS, toS: nextKeyS }
  const { pictures, release } = await reader.read(range, { video: line, audio: null }, signal)
  const owned = pictures.map((sample) => ({ ...sample, data: Buffer.from(sample.data) }))
  release()
  const keyTicks = Math.round(keyS * timescale)
  const timesS = owned.map(
    (it) => (it.decodeTicks + it.offsetTicks - delayTicks(line) + keyTicks) / timescale,
  )
  return { gop: { keyS, nextKeyS, timesS }, pictures: owned }
}
