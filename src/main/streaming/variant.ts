import type { Playable } from '../media/playable.ts'
import type { PackagedStream } from './packager.ts'

/** Peak over average: the sizes of segments are not known beforehand, and BANDWIDTH is meant as an upper bound. */
const PEAK_FACTOR = 1.5

/** The facts of EXT-X-STREAM-INF from what probing said; picture and the first sound. */
export function variantOf({ media, identity }: Playable): PackagedStream['variant'] {
  const { video, audio } = media
  const averageBps = media.bitrate ?? (identity.bytes * 8) / Math.max(media.durationS, 1)
  const codecs = [video?.codecString, audio[0]?.codecString].filter((it) => it !== null && it !== undefined)
  return {
    codecs: codecs.join(','),
    bandwidth: Math.ceil(averageBps * PEAK_FACTOR),
    width: video?.width ?? null,
    height: video?.height ?? null,
    frameRate: video?.frameRate ?? null,
  }
}
