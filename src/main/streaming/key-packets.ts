import type { FileHandle } from 'node:fs/promises'
import { EncodedPacketSink, type EncodedPacket, type InputVideoTrack } from 'mediabunny'
import type { MediaIndex } from '../../shared/media.ts'
import { readKindsAt } from './kinds-at.ts'
import { readCuedBlocks } from './matroska-cues.ts'
import { kindIn, kindReaderOf, type KindReader, type PictureKind, type SamplePlace } from './picture-kind.ts'

/** A packet that its container calls a key packet: presentation time in seconds, and what it is. */
export type KeyPacket = { timeS: number; kind: PictureKind }

/** Cues with larger holes than this between key packets may leave some out: then they do not serve. */
const SPARSE_CUES_S = 12

/**
 * Lists the key packets of a track and looks into each one, because containers also mark recovery points of open
 * GOPs as key packets. Walks all packets, and reads the key ones whole.
 */
export async function walkKeyPackets(track: InputVideoTrack, signal: AbortSignal): Promise<KeyPacket[]> {
  const kindOf = await kindReaderOf(track)
  const sink = new EncodedPacketSink(track)
  if (kindOf) return walk(sink, kindOf, signal)
  // Annex B in a container that has no configuration: nobody can say what a decoder needs.
  return (await keyTimes(sink, signal)).map((timeS) => ({ timeS, kind: 'other' }))
}

/**
 * The same of a Matroska file, by the places in its Cues: reads only the first bytes of each frame. Null when there are
 * no Cues that serve.
 */
export async function readCuedKeyPackets(
  track: InputVideoTrack,
  file: FileHandle,
  signal: AbortSignal,
): Promise<KeyPacket[] | null> {
  const kindOf = await kindReaderOf(track)
  const placed = kindOf && (await cuedPackets(new EncodedPacketSink(track), track, file, signal))
  if (!placed) return null
  const places = placed.map((it) => it.place)
  const kinds = await readKindsAt(file, places, kindOf, signal)
  return placed.map(({ timeS }, at) => ({ timeS, kind: kinds[at] ?? 'other' }))
}

type PlacedPacket = { timeS: number; place: SamplePlace }

async function cuedPackets(
  sink: EncodedPacketSink,
  track: InputVideoTrack,
  file: FileHandle,
  signal: AbortSignal,
): Promise<PlacedPacket[] | null> {
  const blocks = await readCuedBlocks(file, track.id, signal)
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

/** What is kept of the key packets. */
export function keyTable(keys: readonly KeyPacket[]): Pick<MediaIndex, 'keyTimesS' | 'openGop'> {
  return {
    keyTimesS: keys.filter((key) => key.kind === 'idr').map((key) => key.timeS),
    openGop: keys.some((key) => key.kind === 'other'),
  }
}
