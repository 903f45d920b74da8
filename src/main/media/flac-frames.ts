import type { FileHandle } from 'node:fs/promises'

/** What a FLAC file says before its first frame (RFC 9639 section 8). */
export type FlacInfo = {
  /** Bytes from the start of the file to the first frame. */
  headBytes: number
  /** The STREAMINFO block's content. */
  streamInfo: Buffer
  sampleRate: number
  channels: number
}

/** A frame's header (section 9.1): its number, or for streams of changing block sizes the number of its first sample. */
export type FlacHeader = {
  headerBytes: number
  samples: number
  isVariable: boolean
  coded: number
  sampleRate: number | null
}

const STREAM_INFO = 0
const STREAM_INFO_BYTES = 34
const LAST_BLOCK = 0x80
const MAX_BLOCKS = 1000

const SYNC = 0xff

/** Longest header: sync and codes 4, coded number 7, block size 2, sample rate 2, checksum 1. */
export const MAX_FLAC_HEADER_BYTES = 16

/** Rates by their code (section 9.1.2); 12 to 14 stand behind the coded number, 15 is invalid. */
const RATES = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]

/** Reads the metadata blocks, which begin at `start` with `fLaC`. Null when there is no STREAMINFO among them. */
export async function readFlacInfo(file: FileHandle, start: number): Promise<FlacInfo | null> {
  const header = Buffer.alloc(4)
  await file.read(header, 0, 4, start)
  if (header.toString('latin1') !== 'fLaC') return null
  let streamInfo: Buffer | null = null
  let at = start + 4
  for (let blocks = 0; blocks < MAX_BLOCKS; blocks++) {
    const { bytesRead } = await file.read(header, 0, 4, at)
    if (bytesRead < 4) return null
    const length = header.readUIntBE(1, 3)
    if (((header[0] ?? 0) & 0x7f) === STREAM_INFO && length === STREAM_INFO_BYTES) {
      streamInfo = Buffer.alloc(length)
      await file.read(streamInfo, 0, length, at + 4)
    }
    at += 4 + length
    if (((header[0] ?? 0) & LAST_BLOCK) === 0) continue
    if (!streamInfo) return null
    const packed = streamInfo.readUInt32BE(10)
    return { headBytes: at, streamInfo, sampleRate: packed >>> 12, channels: ((packed >>> 9) & 7) + 1 }
  }
  return null
}

/** Reads the header of the frame at `at`; null when there is none whose checksum is right. */
export function readFlacHeader(bytes: Buffer, at: number): FlacHeader | null {
  if (at + 6 > bytes.length) return null
  const second = bytes[at + 1] ?? 0
  if (bytes[at] !== SYNC || (second & 0xfe) !== 0xf8) return null
  const codes = bytes[at + 2] ?? 0
  const rateCode = codes & 15
  const last = bytes[at + 3] ?? 0
  if (codes >> 4 === 0 || rateCode === 15 || (last & 1) !== 0 || last >> 4 > 10) return null
  const number = codedNumber(bytes, at + 4)
  if (!number) return null
  let end = number.end
  const samples = blockSize(bytes, end, codes >> 4)
  if (codes >> 4 === 6) end += 1
  if (codes >> 4 === 7) end += 2
  const sampleRate = rateOf(bytes, end, rateCode)
  if (rateCode === 12) end += 1
  if (rateCode > 12) end += 2
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return null
  return {
    headerBytes: end + 1 - at,
    samples,
    isVariable: (second & 1) === 1,
    coded: number.value,
    sampleRate,
  }
}

/** True when the frame [start, end) is whole: its last two bytes are the checksum of all before (section 9.3). */
export const isWholeFlacFrame = (bytes: Buffer, start: number, end: number): boolean => {
  let crc = 0
  for (let at = start; at < end; at++)
    crc = ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ (bytes[at] ?? 0)] ?? 0)
  return crc === 0
}

/** Numbers are coded as in UTF-8, up to seven bytes (section 9.1.5). */
function codedNumber(bytes: Buffer, at: number): { value: number; end: number } | null {
  const first = bytes[at] ?? 0xff
  if (first < 0x80) return { value: first, end: at + 1 }
  const length = Math.clz32(~(first << 24))
  if (length < 2 || length > 7) return null
  let value = first & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0
    if ((byte & 0xc0) !== 0x80) return null
    value = value * 64 + (byte & 0x3f)
  }
  return { value, end: at + length }
}

/** Section 9.1.1. */
function blockSize(bytes: Buffer, at: number, code: number): number {
  if (code === 1) return 192
  if (code < 6) return 144 * 2 ** code
  if (code === 6) return (bytes[at] ?? 0) + 1
  if (code === 7) return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) + 1
  return 2 ** code
}

/** Null when the frame leaves it to STREAMINFO. */
function rateOf(bytes: Buffer, at: number, code: number): number | null {
  if (code === 0) return null
  if (code === 12) return (bytes[at] ?? 0) * 1000
  const two = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
  return code === 13 ? two : code === 14 ? two * 10 : (RATES[code] ?? null)
}

/** Polynomials x^8 + x^2 + x + 1 and x^16 + x^15 + x^2 + 1. */
const CRC8 = crcTable(8, 0x07)
const CRC16 = crcTable(16, 0x8005)

function crc8(bytes: Buffer, start: number, end: number): number {
  let crc = 0
  for (let at = start; at < end; at++) crc = CRC8[crc ^ (bytes[at] ?? 0)] ?? 0
  return crc
}

function crcTable(bits: number, polynomial: number): Uint16Array {
  const top = 2 ** (bits - 1)
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (bits - 8)
    for (let bit = 0; bit < 8; bit++) crc = crc & top ? (crc << 1) ^ polynomial : crc << 1
    return crc & (2 ** bits - 1)
  })
}
