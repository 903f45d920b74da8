import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Playable } from '../media/playable.ts'
import type { MediaSegment } from './packager.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'
import type { SoundFormat } from './track-formats.ts'

/** Ticks per second of encoded pictures: whole for every usual frame rate. */
export const PICTURE_TIMESCALE = 90_000

/** Of encoded sound: its samples per second. */
export const SOUND_RATE = 48_000

/**
 * Encoded times are so much later than those of the stream, in seconds: decode times precede presentation and must not be
 * below 0 in MP4.
 */
export const LEAD_S = 8

/** The same for pictures, in ticks: half a picture later still, so that early ones come after their slot begins. */
export const leadTicksOf = ({ earlyTicks }: PicturePlan): number => LEAD_S * PICTURE_TIMESCALE + earlyTicks

/** What comes past the end that the container told is still taken, so many seconds of it. */
export const LONGER_S = 10

/** Samples of an AAC frame. */
export const AAC_FRAME = 1024

/** What is made of one playable: when, how large, how fast. Times of the source count from its presentation's start. */
export type TranscodePlan = {
  /** Where the stream begins, in seconds of the presentation, and how long it is. */
  fromS: number
  lengthS: number
  /** True when it ends before its file does. */
  isCutOff: boolean
  /** Slots of 4 s, the first one 2, the last one up to 5; an encoder fills them one after the other. */
  slots: readonly MediaSegment[]
  picture: PicturePlan | null
}

/** How a picture is encoded. */
export type PicturePlan = {
  width: number
  height: number
  /** Pictures per second, as far as is known: nothing is made to fit it. */
  frameRate: number
  /** Tenths: 42 is level 4.2 (H.264 table A-1). */
  level: number
  /** How far decoding runs ahead of presentation, in seconds. */
  reorderS: number
  /** Pictures so early still belong to a slot, in ticks: half of one, as with the windows of clips. */
  earlyTicks: number
  /** Most bits per second, in any second. */
  maxBps: number
}

const DEFAULT_FRAME_RATE = 30
const LARGEST = { long: 1920, short: 1080 }

/** x264 reorders by two pictures. */
const REORDERED_PICTURES = 3

/** With fewer pictures a second decoding must not run ahead: three pictures would be seconds. */
export const LEAST_REORDERED_RATE = 5

/** Plans the conversion of a playable, or of its window. */
export function planTranscode({ media, index, window }: Playable): TranscodePlan {
  const wholeS = Math.max(index.endS - index.startS, 0.1)
  const fromS = Math.min(window?.startS ?? 0, wholeS)
  const toS = Math.min(window?.endS ?? wholeS, wholeS)
  const lengthS = Math.max(toS - fromS, 0.04)
  const cutsS = slotCuts(lengthS)
  return {
    ...{ fromS, lengthS, isCutOff: window !== undefined && toS < wholeS },
    slots: cutsS.map((startS, at) => ({ index: at, startS, endS: cutsS[at + 1] ?? lengthS })),
    picture: media.video && planPicture(media.video),
  }
}

/** The first slot is shorter, for a quick start. */
const FIRST_SLOT_S = 2

/** A remainder shorter than this joins the slot before it. */
const SHORTEST_TAIL_S = 1

/** Where a slot begins, in seconds of the stream. */
export const slotStartS = (slot: number): number =>
  slot === 0 ? 0 : FIRST_SLOT_S + (slot - 1) * TARGET_SEGMENT_S

function slotCuts(lengthS: number): number[] {
  const cutsS = [0]
  while (slotStartS(cutsS.length) <= lengthS - SHORTEST_TAIL_S) cutsS.push(slotStartS(cutsS.length))
  return cutsS
}

/** The slot of a picture or a sound at `ticks` of the stream, clamped to those that there are. */
export function slotAt(ticks: number, timescale: number, count: number): number {
  // The first one is the rest of a whole one.
  const wholeTicks = ticks + (TARGET_SEGMENT_S - FIRST_SLOT_S) * timescale
  const slot = Math.floor(wholeTicks / (TARGET_SEGMENT_S * timescale))
  return Math.min(Math.max(0, slot), count - 1)
}

function planPicture(video: VideoTrackInfo, largest = LARGEST): PicturePlan {
  const frameRate = video.frameRate ?? DEFAULT_FRAME_RATE
  const size = fitted(video, largest)
  const reordered = frameRate < LEAST_REORDERED_RATE ? 0 : REORDERED_PICTURES
  return {
    ...size,
    frameRate,
    level: levelOf(size, frameRate),
    reorderS: Math.round((reordered * PICTURE_TIMESCALE) / frameRate) / PICTURE_TIMESCALE,
    earlyTicks: Math.floor((0.5 * PICTURE_TIMESCALE) / frameRate),
    maxBps: maxBpsOf(size, frameRate),
  }
}

/** Smaller pictures for slow links, and most bits per second of them at 30 pictures a second. */
const LOWER = [
  { long: 1280, short: 720, bps: 2_800_000 },
  { long: 854, short: 480, bps: 1_300_000 },
]

/** Plans the smaller pictures of a source: 720p and 480p, those that are smaller than what is made of it. */
export function planLowerPictures({ video }: MediaInfo, main: PicturePlan): PicturePlan[] {
  if (!video) return []
  return LOWER.filter(({ short }) => short < Math.min(main.width, main.height)).map(
    ({ bps, ...largest }) => ({
      ...planPicture(video, largest),
      maxBps: Math.round(bps * rateShare(main.frameRate)),
    }),
  )
}

type Size = { width: number; height: number }

/** At most 1080p, upright too, never larger than the source, and even: 4:2:0 has no half pixels. */
function fitted({ width, height }: Size, largest: typeof LARGEST): Size {
  const long = Math.max(width, height)
  const short = Math.min(width, height)
  const scale = Math.min(1, largest.long / long, largest.short / short)
  const even = (pixels: number): number => Math.max(2, 2 * Math.floor((pixels * scale) / 2 + 0.25))
  return { width: even(width), height: even(height) }
}

/** Macroblocks of a picture and of a second that a level allows (H.264 table A-1). */
const LEVELS = [
  { level: 31, picture: 3600, second: 108_000 },
  { level: 40, picture: 8192, second: 245_760 },
  { level: 42, picture: 8704, second: 522_240 },
  { level: 52, picture: 36_864, second: 2_073_600 },
]

function levelOf({ width, height }: Size, frameRate: number): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16)
  return LEVELS.find((it) => blocks <= it.picture && blocks * frameRate <= it.second)?.level ?? 52
}

/** Of 1080p at 30 pictures a second: what noise takes at our quality. Smaller pictures take more than their share. */
const LARGEST_BPS = 12_000_000
const USUAL_RATE = 30

function maxBpsOf({ width, height }: Size, frameRate: number): number {
  const area = Math.sqrt((width * height) / (LARGEST.long * LARGEST.short))
  return Math.round(LARGEST_BPS * area * rateShare(frameRate))
}

/** Pictures that follow sooner differ less: twice as many take half as much again. */
const rateShare = (frameRate: number): number =>
  1 + Math.max(0, Math.min(frameRate, 4 * USUAL_RATE) - USUAL_RATE) / (2 * USUAL_RATE)

/** RFC 6381 string of the pictures made: High profile. */
export const pictureCodec = ({ level }: PicturePlan): string => `avc1.6400${level.toString(16)}`

/** RFC 6381 string and format of the sound made: AAC-LC in stereo. */
const SOUND_CODEC = 'mp4a.40.2'
export const SOUND_FORMAT: SoundFormat = {
  codec: 'aac',
  decoderConfig: {
    ...{ codec: SOUND_CODEC, sampleRate: SOUND_RATE, numberOfChannels: 2 },
    // AudioSpecificConfig: object type 2, rate index 3, two channels (ISO 14496-3 section 1.6.2.1).
    description: Buffer.from('1190', 'hex'),
  },
}
export const SOUND_BPS = 160_000

/** A sound as it is after encoding. */
const encodedTrack = (track: AudioTrackInfo): AudioTrackInfo => ({
  ...track,
  ...{ codec: 'aac', codecString: SOUND_CODEC, sampleRate: SOUND_RATE, channels: 2 },
})

/**
 * The playable as it is after encoding, for what is told of its renditions. `picture` null: the picture is copied. Sound
 * that cannot be decoded stays what it is, and so is left out.
 */
export function asEncoded(playable: Playable, picture: PicturePlan | null, canDecode: CanDecode): Playable {
  const { media } = playable
  const audio = media.audio.map((track) => (canDecode(track.codec) ? encodedTrack(track) : track))
  if (!media.video || !picture) return { ...playable, media: { ...media, audio } }
  const { width, height } = picture
  const video: VideoTrackInfo = {
    ...media.video,
    ...{ codec: 'avc', codecString: pictureCodec(picture), width, height, rotationDeg: 0 },
    ...{ bitDepth: 8, chroma: '4:2:0' },
  }
  return { ...playable, media: { ...media, audio, video } }
}

/** What an init segment says of the pictures made; `configuration` is the encoder's `avcC`. */
export const encodedPictureFormat = (picture: PicturePlan, configuration: Buffer) => ({
  codec: 'avc' as const,
  rotationDeg: 0 as const,
  decoderConfig: {
    ...{ codec: pictureCodec(picture), codedWidth: picture.width, codedHeight: picture.height },
    description: configuration,
  },
})
