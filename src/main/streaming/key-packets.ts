import type { FileHandle } from 'node:fs/promises'
import {
  EncodedPacketSink,
  MATROSKA,
  WEBM,
  type EncodedPacket,
  type Input,
  type InputVideoTrack,
} from 'mediabunny'
import { createLimit } from '../base/limit.ts'
import { readSyncSamplePlaces, type SamplePlace } from './isobmff-samples.ts'
import { readCuedBlocks } from './matroska-cues.ts'
import { kindIn, kindReaderOf, readKindAt, type KindReader, type PictureKind } from './picture-kind.ts'

/** A packet that its container calls a key packet: presentation time in seconds, and what it is. */
export type KeyPacket = { timeS: number; kind: PictureKind }

/** Reads in flight: the disk may order them, the thread pool is not filled. */
const READS_AT_ONCE = 8

/** Cues with larger holes than this between key packets may leave some out: then the file is walked. */
const SPARSE_CUES_S = 12

/**
 * Lists the key packets of a track and looks into each one, because containers also mark recovery points of open
 * GOPs as key packets. Reads only the first bytes of a frame where its place is known (sample tables of MP4 and
 * QuickTime, Cues of Matroska and WebM), else whole frames.
 */
export async function readKeyPackets(
  input: Input,
  track: InputVideoTrack,
  file: FileHandle,
  signal: AbortSignal,
): Promise<KeyPacket[]> {
  const kindOf = await kindReaderOf(track)
  const sink = new EncodedPacketSink(track)
  // Annex B in a container that has no configuration: nobody can say what a decoder needs.
  if (!kindOf) return (await keyTimes(sink, signal)).map((timeS) => ({ timeS, kind: 'other' }))
  const format = await input.getFormat()
  const isMatroska = format === MATROSKA || format === WEBM
  const placed = isMatroska
    ? await cuedPackets(sink, track, file)
    : await tabledPackets(sink, track, file, signal)
  if (!placed) return walk(sink, kindOf, signal)

  const limit = createLimit(READS_AT_ONCE)
  return Promise.all(
    placed.map(({ timeS, place }) =>
      limit(async () => {
        signal.throwIfAborted()
        return { timeS, kind: await readKindAt(file, place, kindOf) }
      }),
    ),
  )
}

type PlacedPacket = { timeS: number; place: SamplePlace }

async function tabledPackets(
  sink: EncodedPacketSink,
  track: InputVideoTrack,
  file: FileHandle,
  signal: AbortSignal,
): Promise<PlacedPacket[] | null> {
  const places = await readSyncSamplePlaces(file, track.id)
  if (!places) return null
  const placed: PlacedPacket[] = []
  for await (const packet of keyPackets(sink, signal, { metadataOnly: true })) {
    const place = places.get(packet.sequenceNumber)
    // Two readers of the same tables must agree; where they do not, neither is believed.
    if (place?.bytes !== packet.byteLength) return null
    placed.push({ timeS: packet.timestamp, place })
  }
  return placed
}

async function cuedPackets(
  sink: EncodedPacketSink,
  track: InputVideoTrack,
  file: FileHandle,
): Promise<PlacedPacket[] | null> {
  const blocks = await readCuedBlocks(file, track.id)
  const firstS = (await sink.getFirstKeyPacket({ metadataOnly: true }))?.timestamp
  // The first key packet must be among them, else the beginning would be lost.
  if (!blocks || firstS !== blocks[0]?.timeS) return null
  const endS = (await track.getDurationFromMetadata()) ?? 0
  const isSparse = blocks.some(({ timeS }, at) => (blocks[at + 1]?.timeS ?? endS) - timeS > SPARSE_CUES_S)
  return isSparse ? null : blocks.map(({ timeS, frame }) => ({ timeS, place: frame }))
}

async function walk(sink: EncodedPacketSink, kindOf: KindReader, signal: AbortSignal): Promise<KeyPacket[]> {
  const packets: KeyPacket[] = []
  for await (const packet of keyPackets(sink, signal, {})) {
    packets.push({ timeS: packet.timestamp, kind: kindIn(packet.data, kindOf) })
  }
  return packets
}

async function keyTimes(sink: EncodedPacketSink, signal: AbortSignal): Promise<number[]> {
  const times: number[] = []
  for await (const packet of keyPackets(sink, signal, { metadataOnly: true })) times.push(packet.timestamp)
  return times
}

async function* keyPackets(
  sink: EncodedPacketSink,
  signal: AbortSignal,
  options: { metadataOnly?: boolean },
): AsyncGenerator<EncodedPacket> {
  for (
    let packet = await sink.getFirstKeyPacket(options);
    packet;
    packet = await sink.getNextKeyPacket(packet, options)
  ) {
    signal.throwIfAborted()
    yield packet
  }
}
