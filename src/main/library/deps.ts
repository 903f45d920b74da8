import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { EngineEvent } from '../../shared/events.ts'
import type { Log } from '../base/log.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Look } from '../media/look.ts'
import type { PackagerName } from '../media/playable.ts'
import type { Stills } from '../media/stills.ts'
import type { Subtitle } from '../media/subtitles.ts'
import type { Thumbnails } from '../media/thumbnails.ts'
import type { Tools } from '../media/tools.ts'
import type { Store } from '../store/store.ts'

/** How a file reaches a browser; `packager` null means that it does not. */
export type PackagerChoice = {
  packager: PackagerName | null
  delivery: 'remux' | 'audio' | 'transcode'
  reason: string | null
}

/** Where the reading of a whole file goes on that was interrupted, and who hears of this one. */
export type IndexProgress = {
  saved: string | null
  save: (state: string) => void
  /** Hears a fraction 0..1. */
  report: (fraction: number) => void
}

/** What the library is made of. */
export type LibraryDeps = {
  store: Pick<Store, 'files' | 'folders' | 'mediaIndexes' | 'transaction' | 'transactionUnsynced'> & {
    shares: Pick<Store['shares'], 'ofFile'>
    segments: Pick<Store['segments'], 'list'>
  }
  jobs: Pick<JobQueue, 'add'>
  tools: Tools
  thumbnails: Thumbnails
  stills: Stills
  around: {
    /** All subtitles in a film and beside it. */
    subtitles(film: { path: string; media: MediaInfo }): Promise<Subtitle[]>
    /** Drops what was made of a content. */
    remove(fingerprint: string): Promise<void>
  }
  /** What was repacked once of a content. */
  packaged: { remove: (fingerprint: string) => Promise<void> }
  emit: (event: EngineEvent) => void
  /** Hears each file that was read to its end, or failed. */
  onSettled: (fileId: string) => void
  log: Log
  /** Base URL of the private listener. */
  privateUrl: () => string
  /** Matinee's own data folder: what lies in it is no part of a library around it. */
  dataDir: string
  /** Most bytes of an upload; without it, what the disk has room for. */
  maxUploadBytes?: number | undefined
  /** What a file is, as `lookInto` tells; its size says how long that may take. */
  look: (file: { path: string; bytes: number }, signal: AbortSignal) => Promise<Look>
  /** Key table of a file; streaming knows how. */
  buildMediaIndex: (
    request: { path: string; media: MediaInfo; tools: Tools; progress: IndexProgress },
    signal: AbortSignal,
  ) => Promise<MediaIndex>
  choosePackager: (media: MediaInfo, index: MediaIndex) => PackagerChoice
  canDecode: CanDecode
}
