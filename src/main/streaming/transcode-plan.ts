import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Playable } from '../media/playable.ts'
import type { MediaSegment } from './packager.ts'
import { evenCuts, TARGET_SEGMENT_S } from './segment-plan.ts'
import type { SoundFormat } from './track-formats.ts'

/** Ticks per second of encoded pictures: whole for every usual frame rate. */
export const PICTURE_TIMESCALE = 90_000

/** Of encoded sound: its samples per second. */
export const SOUND_RATE = 48_000

/** Samples of an AAC frame. */
export const AAC_FRAME = 1024

/** What is made of one playable: when, how large, how fast. Times of the source count from its presentation's start. */
export type TranscodePlan = {
  /** Where the stream begins, in seconds of the presentation, and how long it is. */
  fromS: number
  lengthS: number
  /** True when it ends before its file does. */
  isCutOff: boolean
  /** Slots of 4 s, the last one up to 5; an encoder fills them one after the other. */
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
  /** How far decoding runs ahead of presentation, in seconds; x264 reorders by two pictures. */
  reorderS: number
  /** Pictures so early still belong to a slot, in ticks: the source's clock is not as fine as ours. */
  earlyTicks: number
  /** Pictures are repeated where there are so few that whole slots would have none. */
  isSparse: boolean
}

const DEFAULT_FRAME_RATE = 30
const LARGEST = { long: 1920, short: 1080 }
const REORDERED_PICTURES = 3

/** With fewer pictures a second they are repeated, this often. */
const SPARSE_BELOW = 2
export const SPARSE_RATE = 5

/** Plans the conversion of a playable, or of its window. */
export function planTranscode({ media, index, window }: Playable): TranscodePlan {
  const wholeS = Math.max(index.endS - index.startS, 0.1)
  const fromS = Math.min(window?.startS ?? 0, wholeS)
  const toS = Math.min(window?.endS ?? wholeS, wholeS)
  const lengthS = Math.max(toS - fromS, 0.04)
  const cutsS = evenCuts(0, lengthS)
  return {
    ...{ fromS, lengthS, isCutOff: window !== undefined && toS < wholeS },
    slots: cutsS.map((startS, at) => ({ index: at, startS, endS: cutsS[at + 1] ?? lengthS })),
    picture: media.video && planPicture(media.video),
  }
}

function planPicture(video: VideoTrackInfo): PicturePlan {
  const isSparse = video.frameRate !== null && video.frameRate < SPARSE_BELOW
  const frameRate = isSparse ? SPARSE_RATE : (video.frameRate ?? DEFAULT_FRAME_RATE)
  return {
    ...fitted(video),
    frameRate,
    level: frameRate > 64 ? 52 : 42,
    reorderS: Math.round((REORDERED_PICTURES * PICTURE_TIMESCALE) / frameRate) / PICTURE_TIMESCALE,
    earlyTicks: Math.floor((0.5 * PICTURE_TIMESCALE) / frameRate),
    isSparse,
  }
}

/** At most 1080p, never larger than the source, and even: 4:2:0 has no half pixels. */
function fitted({ width, height }: Pick<VideoTrackInfo, 'width' | 'height'>): {
  width: number
  height: number
} {
  const long = Math.max(width, height)
  const short = Math.min(width, height)
  const scale = Math.min(1, LARGEST.long / long, LARGEST.short / short)
  const even = (pixels: number): number => Math.max(2, 2 * Math.floor((pixels * scale) / 2 + 0.25))
  return { width: even(width), height: even(height) }
}

/** The slot of a picture or a sound at `ticks` of the stream, clamped to those that there are. */
export function slotAt(ticks: number, timescale: number, count: number): number {
  return Math.min(Math.max(0, Math.floor(ticks / (TARGET_SEGMENT_S * timescale))), count - 1)
}

/** RFC 6381 string of the pictures made: High profile. */
const pictureCodec = ({ level }: PicturePlan): string => `avc1.6400${level.toString(16)}`

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

/** Bits per pixel and picture that x264 takes at our quality, on the safe side. */
const BITS_PER_PIXEL = 0.15

/**
 * The playable as it is after encoding, for what is told of its renditions. `picture` null: the picture is copied. Sound
 * that cannot be decoded stays what it is, and so is left out.
 */
export function asEncoded(playable: Playable, picture: PicturePlan | null, canDecode: CanDecode): Playable {
  const { media } = playable
  const audio = media.audio.map((track) => (canDecode(track.codec) ? encodedTrack(track) : track))
  if (!media.video || !picture) return { ...playable, media: { ...media, audio } }
  const { width, height, frameRate } = picture
  const video: VideoTrackInfo = {
    ...media.video,
    ...{ codec: 'avc', codecString: pictureCodec(picture), width, height, rotationDeg: 0 },
    ...{ bitDepth: 8, chroma: '4:2:0' },
  }
  const bitrate = Math.round(width * height * frameRate * BITS_PER_PIXEL) + SOUND_BPS
  return { ...playable, media: { ...media, audio, video, bitrate } }
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
