import type { Playable, PackagerName } from '../media/playable.ts'

/** One HLS Media Segment of a plan (RFC 8216 section 3): presentation times in seconds of the source. */
export type MediaSegment = { index: number; startS: number; endS: number }

/** Bytes of a resource: in memory, or a finished file that may be sent by ranges. */
export type StreamBody = Uint8Array | { path: string; bytes: number }

/** What segments are: fragmented MP4 (RFC 8216 section 3.3), or Packed Audio of MP3 frames (section 3.4). */
export type SegmentFormat = 'fmp4' | 'mp3'

/** Turns one playable into HLS, a Media Segment at a time. One file per implementation, one contract test for all. */
export interface Packager {
  readonly name: PackagerName
  /** True when it can be opened before `prepare` has run: what is asked for is made then. */
  readonly opensUnprepared: boolean
  /** True when there is nothing left to prepare. */
  isReady(playable: Playable): Promise<boolean>
  /** Does beforehand what can be done. Idempotent; `progress` hears a fraction 0..1. */
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
  /** Throws AppError `busy` when it is not ready, `file_missing` when the source is gone or has other content. */
  open(playable: Playable): Promise<PackagedStream>
}

/** A playable opened by a packager. */
export interface PackagedStream {
  /**
   * First the one that the variant names: the picture, with the sound in it when that is all the sound there is; of
   * sound alone the default track. The rest are the tracks of sound to choose from, all of them.
   */
  readonly renditions: readonly [PackagedRendition, ...PackagedRendition[]]
  /** Facts for EXT-X-STREAM-INF (RFC 8216 section 4.3.4.2); null without a picture. */
  readonly picture: PictureFacts | null
  /** The first rendition with a smaller picture, the largest first; none of it is made before it is asked for. */
  readonly lower?: readonly LowerVariant[]
}

export type PictureFacts = { width: number; height: number; frameRate: number | null }

/** A variant for slow links; it plays with the same tracks of sound. */
export type LowerVariant = { rendition: PackagedRendition; picture: PictureFacts }

/** What a Media Playlist is about. */
export type RenditionFacts = {
  /** Its part of the address: one to three digits. */
  id: string
  /** `video` carries the picture and may carry sound too. */
  kind: 'video' | 'audio'
  format: SegmentFormat
  /** RFC 6381 strings, separated by commas; they match the sample entries of the init segment. */
  codecs: string
  /** Peak, in bits per second. */
  bandwidth: number
  /** Of the sound, for people who choose: BCP 47, null when unknown; a name that no other rendition has. */
  language: string | null
  name: string
  isDefault: boolean
  channels: number | null
}

/** One rendition of a stream: facts, a plan, and the bytes. */
export interface PackagedRendition extends RenditionFacts {
  readonly segments: readonly MediaSegment[]
  /** The EXT-X-MAP bytes; null for Packed Audio, which has none. */
  readonly init: (() => Promise<StreamBody>) | null
  /** Self-contained: any index may be asked for first, twice, or at once. */
  segment(index: number, signal: AbortSignal): Promise<StreamBody>
  /** True when a made segment is to be kept in the memory cache; false when it is a file already. */
  readonly cacheable: boolean
}
