import type { Playable } from '../media/playable.ts'
import type { StreamBody } from './packager.ts'

/**
 * HLS of playables. URLs below a stream: `main.m3u8` (multivariant), `<rendition>/media.m3u8`,
 * `<rendition>/init.mp4`, `<rendition>/<n>.m4s`, all relative; the one rendition there is now is `0`.
 * An unknown rendition or index throws AppError `not_found`; a source that is gone or has other content than
 * `playable.identity` throws `file_missing`; a packaged playable that is not prepared throws `busy`.
 */
export interface Streams {
  mainPlaylist(playable: Playable): Promise<string>
  mediaPlaylist(playable: Playable, rendition: string): Promise<string>
  init(playable: Playable, rendition: string): Promise<StreamBody>
  /** Equal requests share one run; finished segments stay in a 64 MiB memory LRU. */
  segment(playable: Playable, rendition: string, index: number, signal: AbortSignal): Promise<StreamBody>
  isReady(playable: Playable): Promise<boolean>
  prepare(playable: Playable, signal: AbortSignal, progress: (fraction: number) => void): Promise<void>
  close(): Promise<void>
}
