import { EncodedPacketSink } from 'mediabunny'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { openFile, openInput } from '../media/source.ts'
import type { Tools } from '../media/tools.ts'
import { indexWithFfmpeg } from './ffmpeg-index.ts'
import { readKeyPackets, type KeyPacket } from './key-packets.ts'
import { reorderDelayS } from './reorder-delay.ts'

/** A file to index: absolute real path, what probing said of it, and the programs for what mediabunny cannot read. */
export type IndexRequest = { path: string; media: MediaInfo; tools: Tools }

/** Codecs whose key packets are looked at; others cannot be copied into a stream, so no table is needed. */
const INDEXED_CODECS = new Set(['avc', 'vp9'])

/** Packets at the start of a file that tell its reorder delay. */
const REORDER_SAMPLE_PACKETS = 300

/** Most frames that H.264 holds back for reordering (section A.3.1, MaxDpbFrames). */
const MAX_REORDER_FRAMES = 16

/** Coarser clocks are multiplied, so that a player's rounding stays below 0.1 ms. */
const COARSEST_TIMESCALE = 10_000

/** Finer clocks, and those that are no whole number, are taken as microseconds: durations must fit 32 bits. */
const FINEST_TIMESCALE = 10_000_000
const MICROSECONDS = 1_000_000

/**
 * Reads the key table of a file: presentation times of every IDR, reorder delay, start and end, all in seconds.
 * A file whose codec cannot be copied gets a table without key times. Throws AppError `unsupported_media` when the
 * packets cannot be read, the signal's reason on abort.
 */
export async function buildMediaIndex(request: IndexRequest, signal: AbortSignal): Promise<MediaIndex> {
  signal.throwIfAborted()
  const { path, media } = request
  if (media.video && !INDEXED_CODECS.has(media.video.codec)) return bareIndex(media)
  if (media.reader === 'ffprobe') {
    return media.video?.codec === 'avc' ? await indexWithFfmpeg(request, signal) : bareIndex(media)
  }
  try {
    return await indexWithMediabunny(path, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError) throw error
    throw new AppError('unsupported_media', 'The packets of this file cannot be read; it may be damaged.', {
      cause: error,
    })
  }
}

/** The table of a file that is not cut anywhere. */
function bareIndex(media: MediaInfo): MediaIndex {
  return { keyTimesS: [], openGop: false, startS: 0, endS: media.durationS, reorderS: 0, videoTimescale: 0 }
}

async function indexWithMediabunny(path: string, signal: AbortSignal): Promise<MediaIndex> {
  const file = await openFile(path)
  const input = openInput(path)
  try {
    const video = await input.getPrimaryVideoTrack()
    const audio = (await input.getAudioTracks())[0]
    const tracks = [...(video ? [video] : []), ...(audio ? [audio] : [])]
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
    await file.close()
  }
}

/** What is kept of the key packets. */
export function keyTable(keys: readonly KeyPacket[]): Pick<MediaIndex, 'keyTimesS' | 'openGop'> {
  return {
    keyTimesS: keys.filter((key) => key.kind === 'idr').map((key) => key.timeS),
    openGop: keys.some((key) => key.kind === 'other'),
  }
}

async function readReorderDelayS(sink: EncodedPacketSink): Promise<number> {
  const timesS: number[] = []
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (timesS.push(packet.timestamp) >= REORDER_SAMPLE_PACKETS) {
      return reorderDelayS(timesS, timesS.length - MAX_REORDER_FRAMES)
    }
  }
  return reorderDelayS(timesS, timesS.length)
}

/** A whole number of ticks per second that is a multiple of the source's clock. */
export function exactTimescale(resolution: number): number {
  const whole = Math.round(resolution)
  if (Math.abs(whole - resolution) > 1e-6 || whole > FINEST_TIMESCALE || whole < 1) return MICROSECONDS
  return whole >= COARSEST_TIMESCALE ? whole : whole * Math.ceil(COARSEST_TIMESCALE / whole)
}
