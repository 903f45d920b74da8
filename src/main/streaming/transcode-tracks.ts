import type { DiskCache } from '../base/disk-cache.ts'
import { createLru, type Lru } from '../base/lru.ts'
import { ffprobe } from '../media/ffmpeg.ts'
import type { Playable } from '../media/playable.ts'
import type { Tools } from '../media/tools.ts'
import { writeFragment, type Sample } from './fragment-writer.ts'
import { decodeOrder, type Frame } from './remux-samples.ts'
import { LEAD_S, pictureArguments, soundArguments } from './transcode-arguments.ts'
import {
  PICTURE_TIMESCALE,
  slotAt,
  SOUND_RATE,
  type PicturePlan,
  type TranscodePlan,
} from './transcode-plan.ts'
import { runTranscode } from './transcode-run.ts'
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
  turns: Turns
  closing: AbortSignal
  stallMs: number
}

/** Goes up when the same source comes out otherwise. */
const FORMAT = 1

const MAX_TRACKS = 64

/** What was made last, for a disk that keeps nothing and for what is asked for next. */
const MEMORY_BYTES = 32 * 1024 * 1024

/** SMPTE ST 2084 and ARIB STD-B67, as ffmpeg calls them. */
const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67'])

/** Makes the memory of conversions. */
export function createTranscodeTracks(deps: TracksDeps): TranscodeTracks {
  const { tools } = deps
  const tracks = createLru<TranscodeTrack>({ max: MAX_TRACKS })
  const memory: Lru<Buffer> = createLru({ max: MEMORY_BYTES, sizeOf: (bytes) => bytes.length })
  const shared = { ...deps, memory }

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

  return {
    picture: (playable, plan, picture) =>
      once(keyOf(playable, plan, 'picture'), () =>
        createTranscodeTrack({
          ...shared,
          key: contentKeyOf(playable, plan, 'picture'),
          count: plan.slots.length,
          comesInSlots: true,
          slotOf: (sample) =>
            slotAt(pictureTicks(sample) + picture.earlyTicks, PICTURE_TIMESCALE, plan.slots.length),
          write: (index, samples) => writePictures(index, samples, picture, plan),
          async encode(first, listener, signal) {
            const look = { isHdr: await isHdr(tools, playable, signal) }
            const args = pictureArguments(tools, playable, { plan, picture, look }, first)
            await runTranscode(tools, args, listener, signal)
          },
        }),
      ),
    sound: (playable, plan, track) =>
      once(keyOf(playable, plan, 'sound', track), () =>
        createTranscodeTrack({
          ...shared,
          key: contentKeyOf(playable, plan, 'sound', track),
          count: plan.slots.length,
          comesInSlots: false,
          slotOf: (sample) => slotAt(soundTicks(sample), SOUND_RATE, plan.slots.length),
          write: (_, samples) => writeSounds(samples),
          encode: (first, listener, signal) =>
            runTranscode(tools, soundArguments(tools, playable, { plan, track }, first), listener, signal),
        }),
      ),
  }
}

/** Ticks of the stream; an encoder's times are later. */
const pictureTicks = ({ decodeTicks, offsetTicks }: Sample): number =>
  decodeTicks + offsetTicks - LEAD_S * PICTURE_TIMESCALE
const soundTicks = ({ decodeTicks }: Sample): number => decodeTicks - LEAD_S * SOUND_RATE

/** Decode times are made anew, for they must be the same whichever run a picture is of. */
function writePictures(
  index: number,
  samples: readonly Sample[],
  picture: PicturePlan,
  { slots }: TranscodePlan,
): Buffer {
  const delay = Math.round(picture.reorderS * PICTURE_TIMESCALE)
  const frameTicks = Math.round(PICTURE_TIMESCALE / picture.frameRate)
  const frames: Frame[] = samples.map((sample) => ({
    ...{ data: sample.data, isSync: sample.isSync },
    ticks: Math.max(0, pictureTicks(sample)) + delay,
    durationTicks: frameTicks,
  }))
  const next = slots[index + 1]
  const decoded = decodeOrder(frames, delay, next ? Math.round(next.startS * PICTURE_TIMESCALE) : null)
  return Buffer.from(writeFragment(index + 1, [{ id: 1, kind: 'video', samples: decoded }]))
}

/** What precedes the stream's start is what an AAC encoder begins with, not sound. */
function writeSounds(samples: readonly Sample[]): Buffer {
  const kept = samples
    .map((sample) => ({ ...sample, decodeTicks: soundTicks(sample), isSync: true }))
    .filter(({ decodeTicks }) => decodeTicks >= 0)
  return Buffer.from(writeFragment(1, [{ id: 1, kind: 'audio', samples: kept }]))
}

/** True when a picture is made for screens that are brighter than those of browsers in general. */
export async function isHdr(
  tools: Pick<Tools, 'ffprobe'>,
  { path, media }: Playable,
  signal: AbortSignal,
): Promise<boolean> {
  if ((media.video?.bitDepth ?? 10) < 10) return false
  const { streams } = await ffprobe(tools, { path, demuxer: media.demuxer }, signal)
  return streams?.some(({ color_transfer: transfer }) => HDR_TRANSFERS.has(transfer ?? '')) ?? false
}
