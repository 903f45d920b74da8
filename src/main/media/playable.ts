import type { MediaIndex, MediaInfo } from '../../shared/media.ts'

/** What a source file was when it was read; a difference now means other content. */
export type SourceIdentity = { bytes: number; mtimeMs: number; inode: string }

/** The packagers there are; stored with a file, chosen once when it is read. */
export type PackagerName = 'remux' | 'packaged' | 'transcode'

/** A stretch of a file in seconds from its presentation's start; `endS` is not in it. */
export type ClipWindow = { startS: number; endS: number }

/** All that `streaming` needs of a file to stream it. It never looks one up. */
export type Playable = {
  /** Size and sampled hash of the content: the start of every cache key. */
  fingerprint: string
  /** Absolute real path of the source. */
  path: string
  identity: SourceIdentity
  media: MediaInfo
  index: MediaIndex
  packager: PackagerName
  /** The part of it that is streamed, and no frame more; absent: the whole file. */
  window?: ClipWindow
}
