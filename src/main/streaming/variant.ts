import type { Playable } from '../media/playable.ts'
import { soundsOf, streamedSounds, type Sound } from '../media/sounds.ts'
import type { SoundFormat } from './track-formats.ts'
import type { PackagedStream, RenditionFacts } from './packager.ts'

/** What a rendition is made of: the picture or not, and the track of sound at a place of the file or none. */
export type RenditionPlan = {
  facts: RenditionFacts
  picture: boolean
  sound: number | null
  /** The format of sound that is encoded, not read from the file; `sound` is null then. */
  madeSound?: SoundFormat
}

/** Peak over average: the sizes of segments are not known beforehand, and BANDWIDTH is meant as an upper bound. */
const PEAK_FACTOR = 1.5

/** A good deal for one channel, in bits per second; containers seldom say what a track takes. */
const CHANNEL_BPS = 96_000

/** The id of the rendition that the variant names. */
const MAIN_RENDITION = '0'

/**
 * Plans the renditions of a file. One track of sound stays with its picture, which halves the requests; of several,
 * each is a rendition of its own and the picture is alone. Of sound alone the variant is the default track, which is
 * among the choices once more: hls.js keeps what it has buffered of a variant when a viewer chooses another track, and
 * what it has of a choice not (1.7.0, `flushAudioIfNeeded`). Ids count in the order of the list.
 */
export function planRenditions(playable: Playable): [RenditionPlan, ...RenditionPlan[]] {
  const { video } = playable.media
  const sounds = streamedSounds(playable.media)
  const [first, second] = sounds
  if (!first || !second) {
    return [{ facts: soleRendition(playable), picture: video !== null, sound: first?.at ?? null }]
  }
  const planOf = (sound: Sound, at: number): RenditionPlan => ({
    facts: {
      ...{ id: String(at), kind: 'audio', format: 'fmp4', ...factsOf(sound) },
      codecs: soundCodec(sound) ?? '',
      bandwidth: sound.track.channels * CHANNEL_BPS,
    },
    picture: false,
    sound: sound.at,
  })
  const choices = sounds.map((it, at) => planOf(it, at + 1))
  if (!video) return [planOf(sounds.find((it) => it.isDefault) ?? first, 0), ...choices]
  const main: RenditionFacts = { ...soleRendition(playable), ...NO_SOUND, codecs: video.codecString ?? '' }
  return [{ facts: main, picture: true, sound: null }, ...choices]
}

/** All of a file in one rendition: the picture and the default track of sound. */
export function wholeRendition(playable: Playable): RenditionPlan {
  const sounds = streamedSounds(playable.media)
  const sound = sounds.find((it) => it.isDefault) ?? sounds[0]
  return { facts: soleRendition(playable), picture: playable.media.video !== null, sound: sound?.at ?? null }
}

/** The facts of a stream's one rendition from what probing said: the picture and the default track of sound. */
export function soleRendition({ media, identity }: Playable): RenditionFacts {
  const { video } = media
  const sound = soundsOf(media).find((it) => it.isDefault && it.isStreamed)
  const averageBps = media.bitrate ?? (identity.bytes * 8) / Math.max(media.durationS, 1)
  const codecs = [video?.codecString, sound && soundCodec(sound)]
  return {
    id: MAIN_RENDITION,
    kind: video ? 'video' : 'audio',
    format: sound?.track.codec === 'mp3' ? 'mp3' : 'fmp4',
    codecs: codecs.filter((it) => it !== null && it !== undefined).join(','),
    bandwidth: Math.ceil(averageBps * PEAK_FACTOR),
    ...(sound ? { ...factsOf(sound), isDefault: true } : NO_SOUND),
  }
}

/** As the sample entry says it, which is written otherwise for WebCodecs; MP3 by its object type (RFC 6381). */
function soundCodec({ track: { codec, codecString } }: Sound): string | null {
  if (codec === 'mp3') return 'mp4a.40.34'
  return codec === 'flac' ? 'fLaC' : codecString
}

const NO_SOUND = { language: null, name: '', isDefault: true, channels: null }

const factsOf = ({ language, name, isDefault, track }: Sound) => ({
  ...{ language, name, isDefault },
  channels: track.channels,
})

/** The picture's facts for EXT-X-STREAM-INF. */
export function pictureOf({ media: { video } }: Playable): PackagedStream['picture'] {
  return video && { width: video.width, height: video.height, frameRate: video.frameRate }
}
