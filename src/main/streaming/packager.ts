import type { Playable, PackagerName } from '../media/playable.ts'

/** One HLS Media Segment of a plan (RFC 8216 section 3): presentation times in seconds of the source. */
export type MediaSegment = { index: number; startS: number; endS: number }

/** Bytes of a resource: in memory, or a finished file that may be sent by ranges. */
export type StreamBody = Uint8Array | { path: string; bytes: number }

/** Turns one playable into HLS, a Media Segment at a time. One file per implementation, one contract test for all. */
export interface Packager {
  readonly name: PackagerName
  /** True when segments can be served at once; false when `prepare` must have run first. */
  isReady(playable: Playable): Promise<boolean>
  /** Does what must be done before the first segment. Idempotent; `progress` hears a fraction 0..1. */
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
  /** Throws AppError `busy` when it is not ready, `file_missing` when the source is gone or has other content. */
  open(playable: Playable): Promise<PackagedStream>
}

/** A playable opened by a packager: one rendition, picture and sound in it. */
export interface PackagedStream {
  readonly segments: readonly MediaSegment[]
  /** Facts for EXT-X-STREAM-INF (RFC 8216 section 4.3.4.2). Bandwidth in bits per second. */
  readonly variant: {
    codecs: string
    bandwidth: number
    width: number | null
    height: number | null
    frameRate: number | null
  }
  /** The EXT-X-MAP bytes. */
  init(): Promise<StreamBody>
  /** Self-contained: any index may be asked for first, twice, or at once. */
  segment(index: number, signal: AbortSignal): Promise<StreamBody>
  /** True when a made segment is to be kept in the memory cache; false when it is a file already. */
  readonly cacheable: boolean
}
