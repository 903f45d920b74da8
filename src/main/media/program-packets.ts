import { ScanFault } from './scan-fault.ts'
import { timeStampAt } from './transport-pes.ts'

/** A PES packet of a program stream: its stream_id, its time in ticks of 90 kHz as written, and its payload, lent. */
export type ProgramPacket = { streamId: number; ptsTicks: number | null; payload: Buffer }

const START_CODE = Buffer.from([0, 0, 1])
const PACK_START = Buffer.from([0, 0, 1, 0xba])
const PROGRAM_END = 0xb9
const PACK = 0xba
const PACK_BYTES = { mpeg1: 12, mpeg2: 14 }
/** system_header, program_stream_map, padding_stream and private_stream_2 have no time and nothing to play. */
const PASSED_OVER = new Set([0xbb, 0xbc, 0xbe, 0xbf])
const HEADER_BYTES = 6
/** stuffing bytes before the time of an MPEG-1 packet (ISO 11172-1 section 2.4.3.3). */
const MOST_STUFFING = 16
/** A time of presentation alone, and one with the time of decoding. */
const TIMES_BY_KIND: Readonly<Record<number, number>> = { 2: 1, 3: 2 }
const TIME_BYTES = 5
const NO_HEADER = 'a packet has no header'

/** Where the first pack begins; -1 when none does. */
export const findPack = (bytes: Buffer): number => bytes.indexOf(PACK_START)

/**
 * The PES packets that lie whole in `bytes`, from a pack on (ISO 13818-1 section 2.5.3, ISO 11172-1 section 2.4.3).
 * Throws `ScanFault` where anything else stands: what is damaged is not gone over.
 */
export function* programPackets(bytes: Buffer, from: number): Generator<ProgramPacket> {
  for (let at = from; at + HEADER_BYTES <= bytes.length;) {
    if (!bytes.subarray(at, at + START_CODE.length).equals(START_CODE)) throw new ScanFault('no start code')
    const streamId = bytes[at + 3] ?? 0
    if (streamId === PROGRAM_END) {
      at += 4
      continue
    }
    if (streamId === PACK) {
      const length = packBytes(bytes, at)
      if (length === null) return
      at += length
      continue
    }
    const end = at + HEADER_BYTES + bytes.readUInt16BE(at + 4)
    if (streamId < PROGRAM_END || end === at + HEADER_BYTES) throw new ScanFault('a packet has no length')
    if (end > bytes.length) return
    if (!PASSED_OVER.has(streamId)) yield packetIn(bytes.subarray(at + HEADER_BYTES, end), streamId)
    at = end
  }
}

/** Null when the pack header is cut off. */
function packBytes(bytes: Buffer, at: number): number | null {
  const kind = bytes[at + 4] ?? 0
  if (kind >> 4 === 2) return PACK_BYTES.mpeg1
  if (kind >> 6 !== 1) throw new ScanFault('a pack is of no version')
  const stuffing = bytes[at + PACK_BYTES.mpeg2 - 1]
  return stuffing === undefined ? null : PACK_BYTES.mpeg2 + (stuffing & 7)
}

function packetIn(body: Buffer, streamId: number): ProgramPacket {
  const [first = 0, flags = 0, headerBytes = 0] = body
  if (first >> 6 !== 2) return oldPacketIn(body, streamId)
  const payloadAt = 3 + headerBytes
  const hasTime = (flags & 0x80) !== 0
  if (payloadAt > body.length || (hasTime && headerBytes < TIME_BYTES)) throw new ScanFault(NO_HEADER)
  return { streamId, ptsTicks: hasTime ? timeStampAt(body, 3) : null, payload: body.subarray(payloadAt) }
}

function oldPacketIn(body: Buffer, streamId: number): ProgramPacket {
  let at = 0
  while (body[at] === 0xff && at < MOST_STUFFING) at += 1
  // The size of a decoder's buffer.
  if ((body[at] ?? 0) >> 6 === 1) at += 2
  const kind = body[at] ?? 0
  if (kind === 0x0f) return { streamId, ptsTicks: null, payload: body.subarray(at + 1) }
  const payloadAt = at + (TIMES_BY_KIND[kind >> 4] ?? Infinity) * TIME_BYTES
  if (payloadAt > body.length) throw new ScanFault(NO_HEADER)
  return { streamId, ptsTicks: timeStampAt(body, at), payload: body.subarray(payloadAt) }
}
