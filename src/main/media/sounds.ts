import type { AudioTrackInfo, MediaInfo } from '../../shared/media.ts'
import { audioTrackNames, languageTag } from '../../shared/audio-tracks.ts'
import type { CanDecode } from './decoding.ts'

/** A track of sound of a file, as people choose it. */
export type Sound = {
  /** Its place among the tracks of sound in the file, from 0. */
  at: number
  track: AudioTrackInfo
  /** No other track of the file is called so. */
  name: string
  /** BCP 47; null when unknown. */
  language: string | null
  /** True when a stream has it; the others are left out. */
  isStreamed: boolean
  /** The one that plays when nobody chose; of a file with sound it is exactly one. */
  isDefault: boolean
}

/** Codecs that browsers play from fMP4 beside a picture. */
const COPYABLE = new Set(['aac', 'opus'])

/** What decides about a sound beside its codec. */
type Surroundings = Pick<MediaInfo, 'video' | 'demuxer'>

/** True when browsers play a sound as it is: FLAC alone in fMP4 too, MP3 as the frames of a file that is nothing else. */
export function isCopyableSound(codec: string, { video, demuxer }: Surroundings): boolean {
  if (COPYABLE.has(codec)) return true
  return video === null && (codec === 'flac' || (codec === 'mp3' && demuxer === 'mp3'))
}

/**
 * The tracks of sound of a file, in its order. The default is the first streamed one that the container marks so, else
 * the first that is streamed; where none is, the same of all. `canStream`: what a stream may have; absent, what browsers
 * play as it is.
 */
export function soundsOf(
  media: Surroundings & Pick<MediaInfo, 'audio'>,
  canStream = (codec: string): boolean => isCopyableSound(codec, media),
): Sound[] {
  const { audio } = media
  const streamed = audio.filter((it) => canStream(it.codec))
  const choice = streamed.length > 0 ? streamed : audio
  const first = choice.find((it) => it.isDefault === true) ?? choice[0]
  const names = audioTrackNames(audio)
  return audio.map((track, at) => ({
    at,
    track,
    name: names[at] ?? '',
    language: languageTag(track.language),
    isStreamed: canStream(track.codec),
    isDefault: track === first,
  }))
}

/** The tracks of sound that a stream has which copies them. */
export const streamedSounds = (media: Surroundings & Pick<MediaInfo, 'audio'>): Sound[] =>
  soundsOf(media).filter((it) => it.isStreamed)

/** The tracks of sound of a file, `isStreamed` as its packager does it: what is converted is only to be decoded. */
export function soundsOfFile(
  media: Surroundings & Pick<MediaInfo, 'audio'>,
  packager: string | null,
  canDecode: CanDecode,
): Sound[] {
  if (packager === 'transcode') return soundsOf(media, canDecode)
  const sounds = soundsOf(media)
  // What ffmpeg packages has one track of sound.
  if (packager !== 'packaged') return sounds
  return sounds.map((it) => ({ ...it, isStreamed: it.isStreamed && it.isDefault }))
}
