import { EncodedPacketSink, type Input } from 'mediabunny'
import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { keyTable, type KeyPacket } from './key-packets.ts'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'
import { exactTimescale } from './timescale.ts'

/**
 * Makes the key table of a file that mediabunny reads, when its key packets are known. Throws AppError
 * `unsupported_media` when there is no track.
 */
export async function readTrackTable(input: Input, keys: readonly KeyPacket[]): Promise<MediaIndex> {
  const video = await input.getPrimaryVideoTrack()
  const tracks = [...(video ? [video] : []), ...(await input.getAudioTracks())]
  if (tracks.length === 0) {
    throw new AppError('unsupported_media', 'There is neither picture nor sound in this file.')
  }
  return {
    ...keyTable(keys),
    startS: Math.max(0, await input.getFirstTimestamp(tracks)),
    endS: await input.computeDuration(tracks),
    reorderS: video ? await readReorderDelayS(new EncodedPacketSink(video)) : 0,
    videoTimescale: video ? exactTimescale(await video.getTimeResolution()) : 0,
  }
}

async function readReorderDelayS(sink: EncodedPacketSink): Promise<number> {
  const timesS: number[] = []
  for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (timesS.push(packet.timestamp) >= REORDER_SAMPLE_PACKETS) break
  }
  return reorderDelayS(timesS)
}
