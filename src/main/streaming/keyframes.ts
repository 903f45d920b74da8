import type { FileHandle } from 'node:fs/promises'
import { MATROSKA, WEBM } from 'mediabunny'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { openFile, openInput } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { ScanFault } from '../media/scan-fault.ts'
import { isFramesFile, openFrameScan } from './frame-scan.ts'
import { indexWithFfmpeg } from './ffmpeg-index.ts'
import { runScan, savedState, type ScanProgress } from './file-scan.ts'
import { readIsobmffIndex } from './isobmff-index.ts'
import { walkKeyPackets } from './key-packets.ts'
import { readMatroskaIndex } from './matroska-index.ts'
import { readTrackTable } from './track-table.ts'
import { openTransportScan } from './transport-scan.ts'

/** A file to index: absolute real path, what probing said of it, and the programs for what mediabunny cannot read. */
export type IndexRequest = {
  path: string
  media: MediaInfo
  tools: Tools
  /** For files that must be read whole: where an earlier reading goes on, and who hears of this one. */
  progress?: ScanProgress
}

/** Codecs whose key packets are looked at; others cannot be copied into a stream, so no table is needed. */
const INDEXED_CODECS = new Set(['avc', 'vp9', 'av1'])

/**
 * Reads the key table of a file: presentation times of every IDR, reorder delay, start and end, all in seconds.
 * A file whose codec cannot be copied gets a table without key times. Throws AppError `unsupported_media` when the
 * packets cannot be read, the signal's reason on abort.
 */
export async function buildMediaIndex(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex> {
  signal.throwIfAborted()
  const { media } = request
  if (media.video && !INDEXED_CODECS.has(media.video.codec)) return indexUncopied(request)
  if (media.demuxer === 'mpegts' || isFramesFile(media)) {
    const index = await scanWhole(request, signal)
    if (index) return index
  }
  if (media.reader === 'ffprobe') {
    // Sound alone has no keys, and AVI's times would be guesses.
    const isCopied = media.video?.codec === 'avc' && media.demuxer !== 'avi'
    return isCopied ? await scanWithFfmpeg(request, signal) : bareIndex(media)
  }
  if (isFramesFile(media)) return bareIndex(media)
  try {
    return await indexInProcess(request, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError) throw error
    throw new AppError('unsupported_media', 'The packets of this file cannot be read; it may be damaged.', {
      cause: error,
    })
  }
}

/** Null for a file of which no exact copy can be made by its places. */
async function scanWhole(
  { path, media, progress }: IndexRequest,
  signal: AbortSignal,
): Promise<MediaIndex | null> {
  const open = media.demuxer === 'mpegts' ? openTransportScan : openFrameScan
  try {
    return await runScan(path, await open(path, media, savedState(progress)), progress, signal)
  } catch (error) {
    if (error instanceof ScanFault) return null
    throw error
  }
}

/** The table of a file that is not cut anywhere. */
function bareIndex(media: MediaInfo): MediaIndex {
  return { keyTimesS: [], openGop: false, startS: 0, endS: media.durationS, reorderS: 0, videoTimescale: 0 }
}

/**
 * The table of a file whose picture is encoded anew. Matroska says no start, and counts its length from 0: a part of a
 * longer recording would be waited for until it begins.
 */
async function indexUncopied({ path, media }: IndexRequest): Promise<MediaIndex> {
  const bare = bareIndex(media)
  if (media.demuxer !== 'matroska' || media.reader !== 'mediabunny') return bare
  const input = openInput(path)
  try {
    const startS = await input.getFirstTimestamp()
    return startS > 0 ? { ...bare, startS, endS: await input.computeDuration() } : bare
  } catch {
    // ffmpeg has the last word of a file that is damaged.
    return bare
  } finally {
    input.dispose()
  }
}

/** A picture that ffmpeg stumbles over is not copied; the file can still be kept and downloaded. */
async function scanWithFfmpeg(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex> {
  try {
    return await indexWithFfmpeg(request, signal)
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported_media') return bareIndex(request.media)
    throw error
  }
}

async function indexInProcess(
  { path, media, progress }: IndexRequest,
  signal: AbortSignal,
): Promise<MediaIndex> {
  const file = await openFile(path)
  try {
    const plain = media.demuxer === 'mov' ? await readPlainIndex(file, signal) : null
    return plain ?? (await indexWithMediabunny({ path, file, progress }, signal))
  } finally {
    await file.close()
  }
}

async function readPlainIndex(file: FileHandle, signal: AbortSignal): Promise<MediaIndex | null> {
  try {
    return await readIsobmffIndex(file, signal)
  } catch (error) {
    // A damaged table led outside of the index: mediabunny has the last word.
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The key table of any file that mediabunny reads. */
export async function indexWithMediabunny(
  { path, file, progress }: { path: string; file: FileHandle; progress?: ScanProgress | undefined },
  signal: AbortSignal,
): Promise<MediaIndex> {
  const input = openInput(path)
  try {
    const format = await input.getFormat()
    if (format === MATROSKA || format === WEBM) {
      const index = await readMatroskaIndex({ path, file, input, progress }, signal)
      if (index) return index
    }
    const video = await input.getPrimaryVideoTrack()
    const keys = video ? await walkKeyPackets(video, signal) : []
    signal.throwIfAborted()
    return await readTrackTable(input, keys)
  } finally {
    input.dispose()
  }
}
