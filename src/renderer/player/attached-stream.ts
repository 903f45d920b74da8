import type { StreamFailure } from './recovery.ts'

/** An HLS stream on a media element. */
export interface AttachedStream {
  /** Playing begins: from now on load well ahead. Until then only the first Media Segment is fetched. */
  loadAhead(): void
  /** Goes on with another track of sound, at the same place. One that the stream does not have changes nothing. */
  chooseSound(name: string): void
  /** Stays with one of the qualities that were told; null goes by what the line can carry. */
  chooseQuality(name: string | null): void
  /** Goes on with the same stream under another address; what plays is not interrupted. */
  renew(url: string): void
  /** Starts over after a failure. */
  retry(): void
  destroy(): void
}

/** What attaching a stream needs and tells. */
export type StreamOptions = {
  url: string
  /** Second to start at. */
  startS: number
  /** The stream has several tracks of sound to choose from. */
  hasSounds: boolean
  /** Told which qualities there are, the best first, and of which one the pictures are that are loaded now. */
  onQualities?: (names: readonly string[], current: string | undefined) => void
  onFailure: (failure: StreamFailure) => void
}
