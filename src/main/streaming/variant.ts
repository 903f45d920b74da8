import type { Playable } from '../media/playable.ts'
import type { PackagedStream, RenditionFacts } from './packager.ts'

/** Peak over average: the sizes of segments are not known beforehand, and BANDWIDTH is meant as an upper bound. */
const PEAK_FACTOR = 1.5

/** The id of the rendition that the variant names. */
export const MAIN_RENDITION = '0'

/** The facts of a stream's one rendition from what probing said: picture and the first sound. */
export function soleRendition({ media, identity }: Playable): RenditionFacts {
  const { video, audio } = media
  const averageBps = media.bitrate ?? (identity.bytes * 8) / Math.max(media.durationS, 1)
  const codecs = [video?.codecString, audio[0]?.codecString].filter((it) => it !== null && it !== undefined)
  return {
    id: MAIN_RENDITION,
    kind: video ? 'video' : 'audio',
    format: 'fmp4',
    codecs: codecs.join(','),
    bandwidth: Math.ceil(averageBps * PEAK_FACTOR),
    language: audio[0]?.language ?? null,
    name: '',
    isDefault: true,
    channels: audio[0]?.channels ?? null,
  }
}

/** The picture's facts for EXT-X-STREAM-INF. */
export function pictureOf({ media: { video } }: Playable): PackagedStream['picture'] {
  return video && { width: video.width, height: video.height, frameRate: video.frameRate }
}
