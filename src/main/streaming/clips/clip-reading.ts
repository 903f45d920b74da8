import type { MediaIndex, MediaInfo } from '../../../shared/media.ts'
import { AppError } from '../../base/errors.ts'
import type { ClipWindow } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { writeFragment, type Sample } from '../fragment-writer.ts'
import type { InitTrack } from '../remux-init.ts'
import type { Reading } from '../remux-reading.ts'
import { delayTicks, ticksOf, type TimeLine } from '../remux-samples.ts'
import { createClipEncoder, type ClipEncoder } from './clip-encoder.ts'
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
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  facts: ClipFacts,
  reading: Reading,
  signal: AbortSignal,
): Promise<Clip> {
  const { window, index } = facts
  const frameRate = facts.media.video?.frameRate ?? DEFAULT_FRAME_RATE
  const file = { window, startS: index.startS, endS: index.endS, frameS: 1 / frameRate }
  if (!reading.init.video) return { plan: planned(planSoundClip(file)), encoder: null }

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
  const isCopied = plan.segments.every(({ head, tail }) => !head && !tail)
  if (isCopied) return { plan, encoder: null }
  const { init } = reading
  const encoder = await createClipEncoder({ tools, init, gop: firstGop.pictures, frameRate }, signal)
  return { plan, encoder }
}

/** A window ends before its end. */
const END_S = 1e-5

function planned(plan: ClipPlan | null): ClipPlan {
  if (!plan) throw new AppError('bad_request', 'Nothing of this file lies between these times.')
  return plan
}

/** Reads one Media Segment of a clip in one of its renditions: pictures, where it has them, and the sound of the same time. */
export async function readClipSegment(
  { plan, encoder }: Clip,
  { init: sourceInit, reader }: Reading,
  index: MediaIndex,
  segment: ClipSegment,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const init = encoder?.init ?? sourceInit
  const lineOf = (track: InitTrack | null): TimeLine | null =>
    track && { timescale: track.timescale, baseS: plan.baseS, reorderS: index.reorderS }
  const video = lineOf(init.video)
  const isLast = segment === plan.segments.at(-1)
  const range = {
    keyS: segment.startS,
    fromS: segment.startS,
    toS: isLast && plan.isToEnd ? null : segment.endS,
  }
  const sound = await reader.read(range, { video: null, audio: lineOf(init.audio) }, signal)
  try {
    const reading = { init: sourceInit, reader }
    const pictures = video ? await readPictures({ reading, encoder, line: video }, segment, signal) : []
    return writeFragment(segment.index + 1, [
      ...(init.video ? [{ id: init.video.id, kind: 'video' as const, samples: pictures }] : []),
      ...(init.audio ? [{ id: init.audio.id, kind: 'audio' as const, samples: sound.sounds }] : []),
    ])
  } finally {
    sound.release()
  }
}

type PictureSource = { reading: Reading; encoder: ClipEncoder | null; line: TimeLine }

async function readPictures(
  source: PictureSource,
  segment: ClipSegment,
  signal: AbortSignal,
): Promise<Sample[]> {
  const { head, copied, tail } = segment
  const samples = [
    ...(head ? await encodePictures(source, head, signal) : []),
    ...(copied ? await copyPictures(source, copied, signal) : []),
    ...(tail ? await encodePictures(source, tail, signal) : []),
  ]
  // Decode times are presentation times D earlier, in order; what comes next decides how long a sample lasts.
  const endTicks = ticksOf(segment.endS, source.line)
  return samples.map((sample, at) => {
    const nextTicks = samples[at + 1]?.decodeTicks ?? endTicks
    return { ...sample, durationTicks: Math.max(1, nextTicks - sample.decodeTicks) }
  })
}

async function encodePictures(
  { reading, encoder, line }: PictureSource,
  { gop, first, count }: EncodedRun,
  signal: AbortSignal,
): Promise<Sample[]> {
  if (!encoder) throw new Error('a clip that is copied whole encodes nothing')
  const { pictures } = await readGop(reading, gop, line.reorderS, signal)
  const units = await encoder.encode(pictures, { first, count }, signal)
  const shownS = gop.timesS.toSorted((a, b) => a - b)
  return units.map(({ data, isIdr }, at) => ({
    data,
    decodeTicks: ticksOf(shownS[first + at] ?? 0, line),
    offsetTicks: delayTicks(line),
    durationTicks: 0,
    isSync: isIdr,
  }))
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
async function readGop(
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
