import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { PackagerName } from '../media/playable.ts'

/** How a file reaches a browser: `packager` null means that nothing here can make HLS of it yet. */
export type PackagerChoice = {
  packager: PackagerName | null
  delivery: 'remux' | 'audio' | 'transcode'
  /** Why it is not plain remux, in words for people; null when there is nothing to say. */
  reason: string | null
}

/** Chooses the packager of a file from what is known of it. Touches nothing. */
export function choosePackager(media: MediaInfo, index: MediaIndex): PackagerChoice {
  throw new Error(`not built yet: ${media.container} ${index.endS}`)
}
