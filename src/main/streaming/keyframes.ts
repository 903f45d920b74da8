import type { FileHandle } from 'node:fs/promises'
import { EncodedPacketSink } from 'mediabunny'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { openFile, openInput } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { ScanFault } from '../media/scan-fault.ts'
import { isFramesFile, openFrameScan } from './frame-scan.ts'
import { indexWithFfmpeg } from './ffmpeg-index.ts'
import { runScan, savedState, type ScanProgress } from './file-scan.ts'
import { readIsobmffIndex } from './isobmff-index.ts'
import { keyTable, readKeyPackets } from './key-packets.ts'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'
import { exactTimescale } from './timescale.ts'
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
  const { path, media } = request
  if (media.video && !INDEXED_CODECS.has(media.video.codec)) return bareIndex(media)
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
    return await indexInProcess(path, media, signal)
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

/** A picture that ffmpeg stumbles over is not copied; the file can still be kept and downloaded. */
async function scanWithFfmpeg(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex> {
  try {
    return await indexWithFfmpeg(request, signal)
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported_media') return bareIndex(request.media)
    throw error
  }
}

async function indexInProcess(path: string, media: MediaInfo, signal: AbortSignal): Promise<MediaIndex> {
  const file = await openFile(path)
  try {
    const plain = media.demuxer === 'mov' ? await readPlainIndex(file, signal) : null
    return plain ?? (await indexWithMediabunny(file, path, signal))
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
  file: FileHandle,
  path: string,
  signal: AbortSignal,
): Promise<MediaIndex> {
  const input = openInput(path)
  try {
    const video = await input.getPrimaryVideoTrack()
    const tracks = [...(video ? [video] : []), ...(await input.getAudioTracks())]
    if (tracks.length === 0)
      throw new AppError('unsupported_media', 'There is neither picture nor sound in this file.')
    const keys = video ? await readKeyPackets(input, video, file, signal) : []
    signal.throwIfAborted()
    return {
      ...keyTable(keys),
      startS: Math.max(0, await input.getFirstTimestamp(tracks)),
      endS: await input.computeDuration(tracks),
      reorderS: video ? await readReorderDelayS(new EncodedPacketSink(video)) : 0,
      videoTimescale: video ? exactTimescale(await video.getTimeResolution()) : 0,
    }
  } finally {
    input.dispose()
  }
}

async function readReorderDelayS(sink: EncodedPacketSink): Promise<number> {
  const timesS: number[] = []
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (timesS.push(packet.timestamp) >= REORDER_SAMPLE_PACKETS) break
  }
  return reorderDelayS(timesS)
}
