import type { AudioTrackInfo, MediaIndex, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import { isCopyableSound, streamedSounds } from '../media/sounds.ts'
import { longestGopS } from './segment-plan.ts'

/** How a file reaches a browser: `packager` null means that nothing here can make HLS of it yet. */
export type PackagerChoice = {
  packager: PackagerName | null
  delivery: 'remux' | 'audio' | 'transcode'
  /** Why it is not plain remux, in words for people; null when there is nothing to say. */
  reason: string | null
}

/** ffmpeg's names of the containers whose packets remux takes by mediabunny; others it takes by a scan. */
const REMUX_DEMUXERS = new Set(['mov', 'matroska', 'ogg'])

/** Codecs of pictures that browsers play from fMP4. */
const COPYABLE_PICTURES = new Set(['avc', 'vp9', 'av1'])

/** The longest segment that is made on request: it is in memory whole, and a seek waits for all of it. */
const LONGEST_REMUX_GOP_S = 12

/** The longest segment that is packaged: a browser's buffer must hold two of them. */
const LONGEST_PACKAGED_GOP_S = 60

/** H.264 profile_idc of 8 bit 4:2:0: Baseline, Main, Extended, High (section A.2). */
const EIGHT_BIT_PROFILES = new Set(['42', '4d', '58', '64'])

const LATER = 'converting comes in a later version.'

/** Tells whether ffmpeg decodes a codec of our names. */
export type CanDecode = (codec: string) => boolean

/** What ffmpeg calls codecs that we call otherwise. */
const FFMPEG_NAMES: Readonly<Record<string, string>> = { avc: 'h264' }

/** Makes the answer from ffmpeg's list of what it decodes. */
export const decodingOf =
  (decodable: ReadonlySet<string>): CanDecode =>
  (codec) =>
    codec.startsWith('pcm') || decodable.has(FFMPEG_NAMES[codec] ?? codec)

/** Chooses the packager of a file from what is known of it. Touches nothing. */
export function choosePackager(media: MediaInfo, index: MediaIndex): PackagerChoice {
  const [audio] = media.audio
  if (!media.video && !audio) return refused('transcode', 'There is neither picture nor sound in this file.')
  const picture = media.video ? pictureTrouble(media.video, media, index) : null
  if (picture) return refused('transcode', picture)
  // Of several tracks of sound, those that cannot be copied are left out.
  const sound = audio && streamedSounds(media).length === 0 ? soundTrouble(audio, media) : null
  if (sound) return refused('audio', sound)
  if (audio?.codec === 'mp3' && !index.scan) {
    return refused('audio', `The sound of this MP3 changes its kind in the middle; ${LATER}`)
  }

  if (!isReadByRemux(media, index)) {
    return packaged(`${media.container} files are prepared once, then play everywhere.`)
  }
  if (longestGopS(index) > LONGEST_REMUX_GOP_S) {
    return packaged('Key frames are far apart: prepared once, then plays everywhere.')
  }
  return { packager: 'remux', delivery: 'remux', reason: null }
}

/**
 * True when the picture of a file that is converted is copied all the same: only its sound is the trouble. A window is
 * encoded whole, and so is a file whose edit list hides pictures at its beginning.
 */
export function isPictureCopied({
  media,
  index,
  window,
}: Pick<Playable, 'media' | 'index' | 'window'>): boolean {
  if (!media.video || window || pictureTrouble(media.video, media, index)) return false
  const isShownWhole = (index.keyTimesS[0] ?? 0) > index.startS - HIDDEN_S
  return isShownWhole && isCopiedInTime(media, index)
}

/** Key frames this much before the start are hidden by an edit list, in seconds. */
const HIDDEN_S = 1 / 120

const isCopiedInTime = (media: MediaInfo, index: MediaIndex): boolean =>
  isReadByRemux(media, index) && longestGopS(index) <= LONGEST_REMUX_GOP_S

/** True when packets of a file can be read at any time, by its own tables or those of a scan. */
export const isReadByRemux = ({ reader, demuxer }: MediaInfo, { scan }: MediaIndex): boolean =>
  scan !== undefined || (reader === 'mediabunny' && REMUX_DEMUXERS.has(demuxer))

function pictureTrouble(video: VideoTrackInfo, media: MediaInfo, index: MediaIndex): string | null {
  const name = codecName(video.codec)
  if (!COPYABLE_PICTURES.has(video.codec)) {
    return `The picture is ${name}, which ${fewBrowsers(video.codec)}; ${LATER}`
  }
  if (!isEightBit420(video)) {
    const kind = [video.bitDepth ? `${video.bitDepth} bit` : null, video.chroma].filter(Boolean).join(', ')
    return `The picture is ${name}${kind ? ` (${kind})` : ''} in a form that most browsers cannot play; ${LATER}`
  }
  if (media.demuxer === 'avi') {
    // It tells when frames are decoded; when they are shown is ffmpeg's guess, and two frames off (measured).
    return `AVI does not tell when its frames are to be shown; ${LATER}`
  }
  if (index.keyTimesS.length === 0) {
    return `No key frame was found in the picture, so nobody could start to watch; ${LATER}`
  }
  // Also where IDRs are frequent: a browser that seeks begins at any recovery point, whatever the container says of it,
  // and fails at the pictures behind it (Chromium 156, "Failed to send video packet for decoding").
  if (index.openGop) {
    return `The picture has open GOPs (key frames that need what lies before them), so a jump would break it; ${LATER}`
  }
  const longestS = longestGopS(index)
  if (longestS > LONGEST_PACKAGED_GOP_S) {
    return `Key frames are up to ${Math.round(longestS)} s apart, too far to start or jump in a browser; ${LATER}`
  }
  return null
}

function soundTrouble(audio: AudioTrackInfo, media: MediaInfo): string | null {
  if (isCopyableSound(audio.codec, media)) return null
  return `The sound is ${codecName(audio.codec)}, which browsers cannot play in a stream; ${LATER}`
}

function isEightBit420({ codec, codecString, bitDepth, chroma }: VideoTrackInfo): boolean {
  if (bitDepth !== null || chroma !== null) return (bitDepth ?? 8) === 8 && (chroma ?? '4:2:0') === '4:2:0'
  const detail = codecString?.split('.')[1]?.toLowerCase()
  // VP9 profile 0 is the one with 8 bit 4:2:0; a container that does not tell nearly always holds it.
  if (codec === 'vp9') return detail === undefined || detail === '00'
  return detail !== undefined && EIGHT_BIT_PROFILES.has(detail.slice(0, 2))
}

function fewBrowsers(codec: string): string {
  return codec === 'hevc' ? 'most browsers cannot play' : 'cannot be played in a browser as it is'
}

const NAMES: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC',
  mpeg1video: 'MPEG-1',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4 Part 2',
  prores: 'ProRes',
  mjpeg: 'Motion JPEG',
  ac3: 'AC-3',
  eac3: 'E-AC-3',
  vorbis: 'Vorbis',
  dts: 'DTS',
}

function codecName(codec: string): string {
  if (codec.startsWith('pcm')) return 'PCM'
  return NAMES[codec] ?? codec.toUpperCase()
}

const packaged = (reason: string): PackagerChoice => ({ packager: 'packaged', delivery: 'remux', reason })

const refused = (delivery: 'audio' | 'transcode', reason: string): PackagerChoice => ({
  packager: null,
  delivery,
  reason,
})
