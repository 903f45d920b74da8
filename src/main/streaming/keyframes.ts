import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import type { Tools } from '../media/tools.ts'

/** A file to index: absolute real path, what probing said of it, and the programs for what mediabunny cannot read. */
export type IndexRequest = { path: string; media: MediaInfo; tools: Tools }

/**
 * Reads the key table of a file: presentation times of every IDR, reorder delay, start and end, all in seconds.
 * Throws AppError `unsupported_media` when the packets cannot be read, the signal's reason on abort.
 */
export async function buildMediaIndex(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex> {
  signal.throwIfAborted()
  throw new Error(`not built yet: ${request.path}`)
}
