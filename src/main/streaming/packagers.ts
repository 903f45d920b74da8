import type { MediaIndex, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import { streamedSounds } from '../media/sounds.ts'
import { longestGopS } from './segment-plan.ts'

/** How a file reaches a browser: `packager` null means that nothing here can make HLS of it. */
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

/** Pictures that decoding runs ahead of presentation, at an even pace; a decoder holds no more back (H.264 A.3.1). */
const MOST_REORDERED = 16
const DEFAULT_FRAME_RATE = 30

/** The profile of Dolby Vision that no other decoder shows rightly; of others, what is decoded is HDR10 or HLG. */
const ONLY_DOLBY_VISION = 5

/** H.264 profile_idc of 8 bit 4:2:0: Baseline, Main, Extended, High (section A.2). */
const EIGHT_BIT_PROFILES = new Set(['42', '4d', '58', '64'])

/** Chooses the packager of a file from what is known of it. Touches nothing. */
export function choosePackager(media: MediaInfo, index: MediaIndex, canDecode: CanDecode): PackagerChoice {
  const [audio] = media.audio
  if (!media.video && !audio) return refused('There is neither picture nor sound in this file.')
  const trouble = pictureTrouble(media, index) ?? soundTrouble(media, index)
  if (trouble !== null) return converted(trouble, media, index, canDecode)
  if (!isReadByRemux(media, index)) {
    return packaged(`${media.container} files are prepared once, then play everywhere.`)
  }
  if (longestGopS(index) > LONGEST_REMUX_GOP_S) {
    return packaged('Key frames are far apart: prepared once, then plays everywhere.')
  }
  return { packager: 'remux', delivery: 'remux', reason: null }
}

/** What is encoded must be decoded first; sound that cannot be is left out of a film, and the reason says so. */
function converted(
  trouble: string,
  media: MediaInfo,
  index: MediaIndex,
  canDecode: CanDecode,
): PackagerChoice {
  const isCopied = isPictureCopied({ media, index })
  if (media.video && !isCopied && !canDecode(media.video.codec)) {
    return refused(`The picture is ${codecName(media.video.codec)}, which this ffmpeg cannot read.`)
  }
  const [audio] = media.audio
  const isSilent = audio !== undefined && !media.audio.some((it) => canDecode(it.codec))
  if (!media.video && audio && isSilent) {
    return refused(`The sound is ${codecName(audio.codec)}, which this ffmpeg cannot read.`)
  }
  const leftOut = isSilent ? ` Its sound (${codecName(audio.codec)}) cannot be read and is left out.` : ''
  return {
    packager: 'transcode',
    delivery: isCopied || !media.video ? 'audio' : 'transcode',
    reason: `${trouble}${leftOut}`,
  }
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
  if (!media.video || window || pictureTrouble(media, index)) return false
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

/** Why a picture cannot be copied, for people; null when it can be, or there is none. */
function pictureTrouble({ video, demuxer }: MediaInfo, index: MediaIndex): string | null {
  if (!video) return null
  const name = codecName(video.codec)
  // Its colours are of another kind (IPT), told anew for each picture; ffmpeg decodes them as if they were YUV.
  if (video.dolbyVision === ONLY_DOLBY_VISION) {
    return 'The picture is Dolby Vision without one for other screens (profile 5): its colours will look wrong, green and violet.'
  }
  if (!COPYABLE_PICTURES.has(video.codec)) return `The picture is ${name}, which ${fewBrowsers(video.codec)}.`
  if (!isEightBit420(video)) {
    const kind = [video.bitDepth ? `${video.bitDepth} bit` : null, video.chroma].filter(Boolean).join(', ')
    return `The picture is ${name}${kind ? ` (${kind})` : ''} in a form that most browsers cannot play.`
  }
  if (demuxer === 'avi') {
    // It tells when frames are decoded; when they are shown is ffmpeg's guess, and two frames off (measured).
    return 'AVI does not tell when its frames are to be shown.'
  }
  if (index.keyTimesS.length === 0) {
    return 'No key frame was found in the picture, so nobody could start to watch.'
  }
  // Also where IDRs are frequent: a browser that seeks begins at any recovery point, whatever the container says of it,
  // and fails at the pictures behind it (Chromium 156, "Failed to send video packet for decoding").
  if (index.openGop) {
    return 'The picture has open GOPs (key frames that need what lies before them), so a jump would break it.'
  }
  // Decoding would run ahead by the longest hole (the recording of a screen), and hls.js loses its place (measured).
  if (index.reorderS * (video.frameRate ?? DEFAULT_FRAME_RATE) > MOST_REORDERED) {
    return 'The pictures come at very uneven times and out of order, so browsers would lose their place.'
  }
  const longestS = longestGopS(index)
  if (longestS > LONGEST_PACKAGED_GOP_S) {
    return `Key frames are up to ${Math.round(longestS)} s apart, too far to start or jump in a browser.`
  }
  return null
}

/** Why no sound of a file can be copied, for people; of several tracks, those that cannot be are left out. */
function soundTrouble(media: MediaInfo, { scan }: MediaIndex): string | null {
  const [audio] = media.audio
  if (!audio) return null
  if (streamedSounds(media).length === 0) {
    return `The sound is ${codecName(audio.codec)}, which browsers cannot play in a stream.`
  }
  if (audio.codec === 'mp3' && !scan) return 'The sound of this MP3 changes its kind in the middle.'
  return null
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

const refused = (reason: string): PackagerChoice => ({ packager: null, delivery: 'transcode', reason })
