import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Playable } from '../media/playable.ts'
import { checkSource, type Sources } from '../media/source.ts'
import { readSegmentSamples } from './fragment-reader.ts'
import { writeFragment, type Sample } from './fragment-writer.ts'
import type { LowerVariant, MediaSegment, PackagedRendition, Packager } from './packager.ts'
import { isPictureCopied } from './packagers.ts'
import { writeInit, type InitSegment } from './remux-init.ts'
import { planSegments, presentationStartS, TARGET_SEGMENT_S } from './segment-plan.ts'
import { fillWithSilence, silentFrame } from './silence.ts'
import type { SourceReadings } from './source-readings.ts'
import {
  asEncoded,
  encodedPictureFormat,
  PICTURE_TIMESCALE,
  pictureCodec,
  planLowerPictures,
  planTranscode,
  slotAt,
  SOUND_BPS,
  SOUND_FORMAT,
  SOUND_RATE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'
import type { TranscodeTracks } from './transcode-tracks.ts'
import { pictureOf, planRenditions, wholeRendition, type RenditionPlan } from './variant.ts'

type TranscodeDeps = {
  sources: Pick<Sources, 'use'>
  readings: SourceReadings
  tracks: TranscodeTracks
  disk: DiskCache
  canDecode: CanDecode
}

/** Converts what browsers cannot play. */
export interface TranscodePackager extends Packager {
  /** Picture and default track of sound in one rendition, for a file. */
  openWhole(playable: Playable): Promise<PackagedRendition>
}

/**
 * Makes the packager that encodes what browsers cannot play, while it is watched: H.264 and AAC in slots of 4 s, each
 * kept once it is made. Where only the sound is the trouble, the picture is copied as remux does it. `isReady` is true
 * once all of it was made; `open` does not wait for that.
 */
export function createTranscodePackager(deps: TranscodeDeps): TranscodePackager {
  const { tracks, disk } = deps
  return {
    name: 'transcode',
    opensUnprepared: true,
    isReady: (playable) => disk.has(wholeKey(playable)),
    async prepare(playable, signal, progress) {
      signal.throwIfAborted()
      if (!(await disk.has(wholeKey(playable)))) {
        const { plan, picture, renditions } = conversionOf(deps, playable)
        const parts = renditions
          .flatMap(({ sound }) => (sound === null ? [] : [sound]))
          .map((sound) => ({ track: tracks.sound(playable, plan, sound), weight: SOUND_WEIGHT }))
        if (picture) {
          const weight = picture.width * picture.height * picture.frameRate
          parts.push({ track: tracks.picture(playable, plan, picture), weight })
        }
        const total = parts.reduce((sum, { weight }) => sum + weight, 0)
        let done = 0
        for (const { track, weight } of parts) {
          await track.finish(signal, (made) =>
            progress(Math.min(0.99, (done + (weight * made) / plan.slots.length) / total)),
          )
          done += weight
        }
        await disk.put(wholeKey(playable), Buffer.from('whole'))
      }
      progress(1)
    },
    async open(playable) {
      await checkSource(playable)
      const conversion = conversionOf(deps, playable)
      const [main, ...others] = conversion.renditions
      const openOne = (plan: RenditionPlan): PackagedRendition =>
        openRendition(deps, playable, conversion, plan)
      return {
        renditions: [openOne(main), ...others.map(openOne)],
        picture: pictureOf(conversion.encoded),
        lower: openLower(deps, playable, conversion),
      }
    },
    async openWhole(playable) {
      await checkSource(playable)
      const conversion = conversionOf(deps, playable)
      return openRendition(deps, playable, conversion, wholeRendition(conversion.encoded))
    },
  }
}

/** Encoding a second of sound takes as long as so many pixels of a picture (measured: 20 times real time). */
const SOUND_WEIGHT = 4e6

const wholeKey = ({ fingerprint, window }: Playable): string =>
  JSON.stringify(['whole', fingerprint, window ?? null])

/** What is encoded of a playable: `picture` null when there is none, or it is copied. */
type Conversion = {
  plan: TranscodePlan
  picture: PicturePlan | null
  encoded: Playable
  segments: readonly MediaSegment[]
  renditions: readonly [RenditionPlan, ...RenditionPlan[]]
}

function conversionOf({ canDecode }: Pick<TranscodeDeps, 'canDecode'>, playable: Playable): Conversion {
  const plan = planTranscode(playable)
  const isCopied = isPictureCopied(playable)
  const picture = isCopied ? null : plan.picture
  const encoded = asEncoded(playable, picture, canDecode)
  const offsetS = playable.index.startS + plan.fromS
  const segments = isCopied
    ? planSegments(playable.index)
    : plan.slots.map((it) => ({ ...it, startS: it.startS + offsetS, endS: it.endS + offsetS }))
  const [main, ...others] = planRenditions(encoded)
  return { plan, picture, encoded, segments, renditions: [withPeak(main, picture), ...others] }
}

/** The smaller pictures, each called by its lines; the sound is that of the first rendition. */
function openLower(deps: TranscodeDeps, playable: Playable, conversion: Conversion): LowerVariant[] {
  const { picture: main, renditions } = conversion
  if (!main) return []
  return planLowerPictures(playable.media, main).map((picture) => {
    const { facts, ...made } = renditions[0]
    const id = String(Math.min(picture.width, picture.height))
    const codecs = facts.codecs.replace(pictureCodec(main), pictureCodec(picture))
    const rendition = withPeak({ ...made, facts: { ...facts, id, codecs } }, picture)
    return {
      rendition: openRendition(deps, playable, { ...conversion, picture }, rendition),
      picture: {
        width: picture.width,
        height: picture.height,
        frameRate: playable.media.video?.frameRate ?? null,
      },
    }
  })
}

/** In the time of a segment an encoder may give what it may in that time, and what it had saved up to begin with. */
const PEAK_SHARE = (TARGET_SEGMENT_S + 1) / TARGET_SEGMENT_S

/** The rendition with what its encoder is held to. */
function withPeak(rendition: RenditionPlan, picture: PicturePlan | null): RenditionPlan {
  if (!picture) return rendition
  const soundBps = rendition.sound === null ? 0 : SOUND_BPS
  const bandwidth = Math.ceil((picture.maxBps + soundBps) * PEAK_SHARE)
  return { ...rendition, facts: { ...rendition.facts, bandwidth } }
}

/** One rendition's picture: its init segment with the sound's format in it, and its samples. */
type PictureSide = {
  reorderS: number
  /** `segment`: what is wanted next, whose encoder tells the configuration too, so that none is begun for it alone. */
  init: (signal: AbortSignal, segment?: MediaSegment) => Promise<InitSegment>
  /** Hands samples to `work`, which is done with their data when it ends. */
  withSamples: <T>(segment: MediaSegment, signal: AbortSignal, work: (samples: Sample[]) => T) => Promise<T>
}

function openRendition(
  deps: TranscodeDeps,
  playable: Playable,
  conversion: Conversion,
  rendition: RenditionPlan,
): PackagedRendition {
  const { plan, picture, segments } = conversion
  const side = !rendition.picture
    ? noPicture
    : picture
      ? encodedPicture(deps, playable, conversion, picture, rendition)
      : copiedPicture(deps, playable, rendition)
  const sound = rendition.sound === null ? null : deps.tracks.sound(playable, plan, rendition.sound)
  const baseS = segments[0]?.startS ?? 0
  const shiftTicks = Math.round((playable.index.startS + plan.fromS - baseS + side.reorderS) * SOUND_RATE)
  const never = new AbortController().signal

  const soundsOf = async (segment: MediaSegment, signal: AbortSignal): Promise<Sample[]> => {
    if (!sound) return []
    const isLast = segment.index === segments.length - 1
    const ticksAt = (timeS: number): number => Math.round((timeS - baseS + side.reorderS) * SOUND_RATE)
    const range = { fromTicks: ticksAt(segment.startS), toTicks: ticksAt(segment.endS) }
    const slotOf = (ticks: number): number => slotAt(ticks - shiftTicks, SOUND_RATE, plan.slots.length)
    const found: Sample[] = []
    for (let slot = slotOf(range.fromTicks); slot <= slotOf(range.toTicks - 1); slot++) {
      const samples = readSegmentSamples(await sound.slot(slot, signal))
      found.push(...samples.map((it) => ({ ...it, decodeTicks: it.decodeTicks + shiftTicks })))
    }
    const mine = found.filter(
      ({ decodeTicks: at }) => at >= range.fromTicks && (at < range.toTicks || isLast),
    )
    return SILENCE ? fillWithSilence(mine, range, SILENCE, SOUND_RATE) : mine
  }

  return {
    ...rendition.facts,
    segments,
    cacheable: true,
    init: async () => (await side.init(never)).bytes,
    async segment(index, signal) {
      signal.throwIfAborted()
      const segment = segments[index]
      if (!segment) throw new AppError('not_found', 'There is no such segment.')
      await checkSource(playable)
      const [init, sounds] = await Promise.all([side.init(signal, segment), soundsOf(segment, signal)])
      return side.withSamples(segment, signal, (pictures) =>
        writeFragment(index + 1, [
          ...(init.video && pictures.length > 0
            ? [{ id: init.video.id, kind: 'video' as const, samples: pictures }]
            : []),
          ...(init.audio && sounds.length > 0
            ? [{ id: init.audio.id, kind: 'audio' as const, samples: sounds }]
            : []),
        ]),
      )
    },
  }
}

const SILENCE = silentFrame({
  ...{ codec: 'aac', codecString: 'mp4a.40.2', sampleRate: SOUND_RATE, channels: 2 },
  ...{ language: null, name: null },
})

const noPicture: PictureSide = {
  reorderS: 0,
  init: () => writeInit({ video: null, audio: SOUND_FORMAT, videoTimescale: 0, reorderS: 0 }),
  withSamples: async (_segment, _signal, work) => work([]),
}

function encodedPicture(
  { tracks }: TranscodeDeps,
  playable: Playable,
  { plan }: Conversion,
  picture: PicturePlan,
  { sound }: RenditionPlan,
): PictureSide {
  const track = tracks.picture(playable, plan, picture)
  let init: Promise<InitSegment> | null = null
  const { reorderS } = picture
  return {
    reorderS,
    async init(signal, segment) {
      if (segment) await track.slot(segment.index, signal)
      const configuration = await track.configuration(signal)
      init ??= writeInit({
        video: encodedPictureFormat(picture, configuration),
        audio: sound === null ? null : SOUND_FORMAT,
        ...{ videoTimescale: PICTURE_TIMESCALE, reorderS },
      })
      return init
    },
    withSamples: async ({ index }, signal, work) => work(readSegmentSamples(await track.slot(index, signal))),
  }
}

function copiedPicture(
  { sources, readings }: TranscodeDeps,
  playable: Playable,
  rendition: RenditionPlan,
): PictureSide {
  const { index } = playable
  const plan: RenditionPlan = {
    ...rendition,
    sound: null,
    ...(rendition.sound === null ? {} : { madeSound: SOUND_FORMAT }),
  }
  return {
    reorderS: index.reorderS,
    init: () => sources.use(playable, async (source) => (await readings(source, playable, plan)).init),
    withSamples: (segment, signal, work) =>
      sources.use(playable, async (source) => {
        const { init, reader } = await readings(source, playable, plan)
        const baseS = presentationStartS(index)
        const video = init.video && { timescale: init.video.timescale, baseS, reorderS: index.reorderS }
        const range = {
          keyS: segment.index === 0 ? (index.keyTimesS[0] ?? segment.startS) : segment.startS,
          fromS: segment.startS,
          toS: planSegments(index)[segment.index + 1]?.startS ?? null,
        }
        const { pictures, release } = await reader.read(range, { video, audio: null }, signal)
        try {
          return work(pictures)
        } finally {
          release()
        }
      }),
  }
}
