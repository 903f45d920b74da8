import type { AudioTrackInfo, MediaInfo } from '../../shared/media.ts'
import { audioTrackNames, languageTag } from '../../shared/audio-tracks.ts'

/** A track of sound of a file, as people choose it. */
export type Sound = {
  /** Its place among the tracks of sound in the file, from 0. */
  at: number
  track: AudioTrackInfo
  /** No other track of the file is called so. */
  name: string
  /** BCP 47; null when unknown. */
  language: string | null
  /** True when it can be copied into a stream; the others are left out as long as there is one. */
  isStreamed: boolean
  /** The one that plays when nobody chose; of a file with sound it is exactly one. */
  isDefault: boolean
}

/** Codecs that browsers play from fMP4. */
const COPYABLE = new Set(['aac', 'opus'])

/** True when browsers play this codec as it is. */
export const isCopyableSound = (codec: string): boolean => COPYABLE.has(codec)

/**
 * The tracks of sound of a file, in its order. The default is the first streamed one that the container marks so, else
 * the first that is streamed; where none is, the same of all.
 */
export function soundsOf({ audio }: Pick<MediaInfo, 'audio'>): Sound[] {
  const streamed = audio.filter((it) => isCopyableSound(it.codec))
  const choice = streamed.length > 0 ? streamed : audio
  const first = choice.find((it) => it.isDefault === true) ?? choice[0]
  const names = audioTrackNames(audio)
  return audio.map((track, at) => ({
    at,
    track,
    name: names[at] ?? '',
    language: languageTag(track.language),
    isStreamed: isCopyableSound(track.codec),
    isDefault: track === first,
  }))
}

/** The tracks of sound that a stream has. */
export const streamedSounds = (media: Pick<MediaInfo, 'audio'>): Sound[] =>
  soundsOf(media).filter((it) => it.isStreamed)
