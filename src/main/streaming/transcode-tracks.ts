import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import { createLru, type Lru } from '../base/lru.ts'
import type { Playable } from '../media/playable.ts'
import type { Tools } from '../media/tools.ts'
import { writeFragment, type Sample } from './fragment-writer.ts'
import type { HardwareSearch } from './hardware-encoders.ts'
import { createHardwareTrack, FALLBACK, type HardwareTrackDeps } from './hardware-track.ts'
import { decodeOrder, type Frame } from './remux-samples.ts'
import { readSourceLook, type SourceLook } from './source-look.ts'
import { keepToneTable } from './tone-tables.ts'
import {
  endOfRun,
  pictureArguments,
  soundArguments,
  stillArguments,
  type PictureWork,
} from './transcode-arguments.ts'
import { LIBX264, type PictureEncoder } from './transcode-encoder.ts'
import {
  AAC_FRAME,
  LEAD_S,
  leadTicksOf,
  LONGER_S,
  PICTURE_TIMESCALE,
  slotAt,
  slotStartS,
  SOUND_BPS,
  SOUND_RATE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'
import type { Places } from './transcode-places.ts'
import { runTranscode, type RunListener } from './transcode-run.ts'
import { createTranscodeTrack, type TranscodeTrack } from './transcode-track.ts'
import type { Turns } from './transcode-turns.ts'

/** The conversions of tracks there are; viewers of one share one. */
export interface TranscodeTracks {
  /** Times of its samples are ticks of 90 kHz from the stream's start, and the reorder delay later. */
  picture(playable: Playable, plan: TranscodePlan, picture: PicturePlan): TranscodeTrack
  /** Times of its samples are ticks of 48 kHz from the stream's start. */
  sound(playable: Playable, plan: TranscodePlan, track: number): TranscodeTrack
}

type TracksDeps = {
  tools: Pick<Tools, 'ffmpeg' | 'ffprobe' | 'hasFpsMode' | 'filters'>
  disk: DiskCache
  /** Where tables of colours are kept for ffmpeg to read. */
  tablesDir: string
  turns: Turns
  /** Of all tracks together. */
  places: Places
  closing: AbortSignal
  stallMs: number
  /** Where pictures are to be encoded by hardware. */
  hardware?: HardwareSearch | undefined
}

/** Goes up when the same source comes out otherwise. */
const FORMAT = 3

const MAX_TRACKS = 64

/** What was made last, for a disk that keeps nothing and for what is asked for next. */
const MEMORY_BYTES = 32 * 1024 * 1024

/** A slot whose first picture is later than this begins with what is seen before; players pass over shorter holes. */
const LONGEST_HOLE_TICKS = 0.1 * PICTURE_TIMESCALE

/** Makes the memory of conversions. */
export function createTranscodeTracks(deps: TracksDeps): TranscodeTracks {
  const { tools, closing } = deps
  const tracks = createLru<TranscodeTrack>({ max: MAX_TRACKS })
  const looks = createLru<Promise<SourceLook>>({ max: MAX_TRACKS })
  const memory: Lru<Buffer> = createLru({ max: MEMORY_BYTES, sizeOf: (bytes) => bytes.length })
  const shared = { ...deps, memory }

  const lookAt = (playable: Playable): Promise<SourceLook> => {
    const key = `${playable.fingerprint}/${playable.path}`
    const known = looks.get(key)
    if (known) return known
    const look = readSourceLook(tools, playable, closing)
    looks.set(key, look)
    look.catch(() => looks.delete(key))
    return look
  }
  const once = (key: string, make: (key: string) => TranscodeTrack): TranscodeTrack => {
    const track = tracks.get(key) ?? make(key)
    tracks.set(key, track)
    return track
  }
  const keyOf = (playable: Playable, plan: TranscodePlan, ...what: unknown[]): string =>
    JSON.stringify([FORMAT, tools.ffmpeg.version, playable.fingerprint, playable.path, plan, ...what])
  /** Cached by content: a file that moved keeps what was made of it. */
  const contentKeyOf = (playable: Playable, plan: TranscodePlan, ...what: unknown[]): string =>
    keyOf({ ...playable, path: '' }, plan, ...what)

  const pictureKey = (picture: PicturePlan): unknown[] => [
    ...['picture', picture],
    ...(deps.hardware ? ['hardware'] : []),
  ]

  const makePicture = (playable: Playable, plan: TranscodePlan, picture: PicturePlan): TranscodeTrack => {
    const { hardware } = deps
    const software = hardware ? FALLBACK : LIBX264
    const run = async (
      encoder: PictureEncoder,
      argumentsOf: (work: PictureWork) => string[],
      listener: RunListener,
      signal: AbortSignal,
    ): Promise<void> => {
      const look = await lookAt(playable)
      if (look.hdr) await keepToneTable(deps.tablesDir, look.hdr)
      const cwd = look.hdr ? { cwd: deps.tablesDir } : {}
      const extent = { lengthS: plan.lengthS + LONGER_S, bps: picture.maxBps }
      await runTranscode(tools, argumentsOf({ plan, picture, look, encoder }), {
        ...{ listener, extent, signal },
        ...cwd,
      })
    }
    /** Parameter sets depend on settings alone: those of one picture are those of all. */
    const fallbackConfiguration = async (signal: AbortSignal): Promise<Buffer> => {
      const found: Buffer[] = []
      const listener: RunListener = {
        configuration: async (bytes) => void found.push(bytes),
        samples: () => Promise.resolve(),
      }
      await run(software, (work) => stillArguments(tools, playable, work, 0), listener, signal)
      if (!found[0]) throw new AppError('unsupported_media', 'ffmpeg could not convert this file.')
      return found[0]
    }
    const still = async (index: number, signal: AbortSignal): Promise<Sample | null> => {
      const found: Sample[] = []
      const listener = { samples: async (samples: Sample[]) => void found.push(...samples) }
      const stillOf = (at: number): Promise<void> =>
        run(software, (work) => stillArguments(tools, playable, work, at), listener, signal)
      // A hole is no reason to fail, nor is tpad of ffmpeg 4.1, which crashes where no picture comes at all.
      const attempt = (at: number): Promise<void> =>
        stillOf(at).catch((error: unknown) => {
          signal.throwIfAborted()
          if (!(error instanceof AppError && error.code === 'unsupported_media')) throw error
        })
      await attempt(index)
      // Nothing precedes: the film begins with its sound.
      if (found.length === 0 && index > 0) await attempt(0)
      return found[0] ?? null
    }
    const count = plan.slots.length
    const slotOf = (sample: Sample): number =>
      slotAt(shownTicks(sample) - LEAD_S * PICTURE_TIMESCALE, PICTURE_TIMESCALE, count)
    const encode: HardwareTrackDeps['encode'] = async (encoder, first, listener, signal) => {
      for (let at = first; at < count; at = endOfRun(plan, at)) {
        await run(encoder, (work) => pictureArguments(tools, playable, work, at), listener, signal)
      }
    }
    return createTranscodeTrack({
      ...shared,
      isLight: false,
      key: contentKeyOf(playable, plan, ...pictureKey(picture)),
      ...{ count, slotOf },
      async write(index, samples, signal) {
        const pictures = samples.map((sample) => ({
          ...sample,
          ticks: Math.max(0, shownTicks(sample) - leadTicksOf(picture)),
        }))
        const startTicks = Math.round(slotStartS(index) * PICTURE_TIMESCALE)
        const isHole = Math.min(...pictures.map(({ ticks }) => ticks)) - startTicks >= LONGEST_HOLE_TICKS
        const before = isHole ? await still(index, signal) : null
        const all = [...(before ? [{ ...before, ticks: startTicks }] : []), ...pictures]
        return writePictures(index, all, picture, plan)
      },
      encode: hardware
        ? createHardwareTrack({ hardware, count, slotOf, encode, fallbackConfiguration })
        : (...wanted) => encode(software, ...wanted),
    })
  }
  const makeSound = (playable: Playable, plan: TranscodePlan, track: number): TranscodeTrack =>
    createTranscodeTrack({
      ...shared,
      // A twentieth of what pictures take: a segment does not wait for its sound when its picture is there.
      isLight: true,
      key: contentKeyOf(playable, plan, 'sound', track),
      count: plan.slots.length,
      slotOf: (sample) => slotAt(soundTicks(sample), SOUND_RATE, plan.slots.length),
      write: (_, samples) => Promise.resolve(writeSounds(samples)),
      async encode(first, listener, signal) {
        const look = await lookAt(playable)
        await runTranscode(tools, soundArguments(playable, { plan, look, track }, first), {
          listener,
          extent: { lengthS: plan.lengthS + LONGER_S, bps: SOUND_BPS },
          signal,
        })
      },
    })

  return {
    picture: (playable, plan, picture) =>
      once(keyOf(playable, plan, ...pictureKey(picture)), () => makePicture(playable, plan, picture)),
    sound: (playable, plan, track) =>
      once(keyOf(playable, plan, 'sound', track), () => makeSound(playable, plan, track)),
  }
}

/** Ticks as an encoder tells them. */
const shownTicks = ({ decodeTicks, offsetTicks }: Sample): number => decodeTicks + offsetTicks
/** Ticks of the stream; an encoder's times are later. */
const soundTicks = ({ decodeTicks }: Sample): number => decodeTicks - LEAD_S * SOUND_RATE

/**
 * Decode times are made anew, for they must be the same whichever run a picture is of. The last picture is seen until the
 * stream ends: where a file is damaged, or its sound goes on, a jump behind it would wait for another.
 */
function writePictures(
  index: number,
  samples: readonly (Sample & { ticks: number })[],
  picture: PicturePlan,
  { slots, lengthS }: TranscodePlan,
): Buffer {
  const delay = Math.round(picture.reorderS * PICTURE_TIMESCALE)
  const frameTicks = Math.round(PICTURE_TIMESCALE / picture.frameRate)
  const frames: Frame[] = samples.map((sample) => ({
    ...{ data: sample.data, isSync: sample.isSync },
    ticks: sample.ticks + delay,
    durationTicks: frameTicks,
  }))
  const next = slots[index + 1]
  const endTicks = Math.round((next?.startS ?? lengthS) * PICTURE_TIMESCALE)
  const lastTicks = Math.max(...samples.map(({ ticks }) => ticks)) + frameTicks
  const goesOn = next !== undefined || endTicks - lastTicks > LONGEST_HOLE_TICKS
  const decoded = decodeOrder(frames, delay, goesOn ? endTicks : null)
  return Buffer.from(writeFragment(index + 1, [{ id: 1, kind: 'video', samples: decoded }]))
}

/** What precedes the stream's start is what an AAC encoder begins with, not sound. */
function writeSounds(samples: readonly Sample[]): Buffer {
  const kept = samples
    .map((sample) => ({
      ...sample,
      ...{ decodeTicks: soundTicks(sample), durationTicks: AAC_FRAME, isSync: true },
    }))
    .filter(({ decodeTicks }) => decodeTicks >= 0)
  return Buffer.from(writeFragment(1, [{ id: 1, kind: 'audio', samples: kept }]))
}
