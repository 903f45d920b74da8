import type { FileHandle } from 'node:fs/promises'
import { endianness } from 'node:os'

/** Largest `moov` that is read: sample tables of a day of film stay far below. */
const MAX_MOOV_BYTES = 256 * 1024 * 1024

/** Boxes at the top of a file that are passed over in search of `moov`: a fragmented file has it at the front. */
const MAX_TOP_BOXES = 64

/** A box inside bytes that are in memory: `start` is behind its size and type, `end` behind its last byte. */
export type Box = { type: string; start: number; end: number }

/** The boxes that stand one behind another (ISO 14496-12 section 4.2); stops at what does not fit. */
export function* boxes(bytes: Buffer, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > to) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + 8, end: at + size }
    at += size
  }
}

/** Goes down by box types, each time into the first of its type; a full box has version and flags at `start`. */
export function find(bytes: Buffer, parent: Box, ...path: string[]): Box | null {
  let inside = parent
  for (const type of path) {
    const next = [...boxes(bytes, inside.start, inside.end)].find((box) => box.type === type)
    if (!next) return null
    inside = next
  }
  return inside
}

/** Big-endian 32 bit numbers, made the machine's own all at once. Throws RangeError when they reach beyond the bytes. */
export function numbersAt(bytes: Buffer, start: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  const copy = Buffer.from(numbers.buffer)
  if (bytes.copy(copy, 0, start, start + count * 4) < count * 4) throw new RangeError('a table ends early')
  if (endianness() === 'LE') copy.swap32()
  return numbers
}

/** The track_ID in a `trak`'s header (ISO 14496-12 section 8.3.2). */
export function trackIdOf(bytes: Buffer, trak: Box): number | null {
  const header = find(bytes, trak, 'tkhd')
  if (!header) return null
  const isLong = bytes[header.start] === 1
  return bytes.readUInt32BE(header.start + (isLong ? 20 : 12))
}

/** Reads what is in the `moov` of a file (ISO 14496-12 section 8.2.1); null when there is none that is whole. */
export async function readMoov(file: FileHandle): Promise<Buffer | null> {
  const fileBytes = (await file.stat()).size
  const head = Buffer.alloc(16)
  let at = 0
  for (let count = 0; count < MAX_TOP_BOXES && at + 8 <= fileBytes; count++) {
    const { bytesRead } = await file.read(head, 0, 16, at)
    if (bytesRead < 8) return null
    const short = head.readUInt32BE(0)
    const isLong = short === 1
    if (isLong && bytesRead < 16) return null
    const size = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? fileBytes - at : short
    const headerBytes = isLong ? 16 : 8
    if (size < headerBytes) return null
    if (head.toString('latin1', 4, 8) === 'moov') {
      if (size > MAX_MOOV_BYTES || at + size > fileBytes) return null
      const moov = Buffer.allocUnsafe(size - headerBytes)
      const read = await file.read(moov, 0, moov.length, at + headerBytes)
      return read.bytesRead === moov.length ? moov : null
    }
    at += size
  }
  return null
}
