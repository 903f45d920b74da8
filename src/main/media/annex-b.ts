/** A NAL unit between start codes: its bytes [start, end) and its nal_unit_type (H.264 section 7.4.1). */
export type NalUnit = { start: number; end: number; type: number }

/** nal_unit_type (H.264 table 7-1). */
export const NAL = {
  slice: 1,
  idrSlice: 5,
  supplemental: 6,
  sequenceParameters: 7,
  pictureParameters: 8,
  delimiter: 9,
  filler: 12,
} as const

const START_CODE = Buffer.from([0, 0, 1])

/** The NAL units of a byte stream (H.264 annex B), without the zeros that may stand behind each. */
export function* nalUnits(bytes: Buffer): Generator<NalUnit> {
  let start = bytes.indexOf(START_CODE) + START_CODE.length
  if (start < START_CODE.length) return
  while (start < bytes.length) {
    const next = bytes.indexOf(START_CODE, start)
    let end = next < 0 ? bytes.length : next
    while (end > start && bytes[end - 1] === 0) end -= 1
    if (end > start) yield { start, end, type: (bytes[start] ?? 0) & 0x1f }
    if (next < 0) return
    start = next + START_CODE.length
  }
}

/** True when a slice is the first of its picture: first_mb_in_slice, an Exp-Golomb number, is 0 (section 7.3.3). */
export const beginsPicture = (bytes: Buffer, { start, end }: NalUnit): boolean =>
  end > start + 1 && ((bytes[start + 1] ?? 0) & 0x80) !== 0

/** The NAL units that MP4 does not carry: delimiters, which its sample table makes needless, and padding. */
const isLeftOut = ({ type }: NalUnit): boolean => type === NAL.delimiter || type === NAL.filler

/** A picture of the units as MP4 has it: each NAL unit behind its length in four bytes (ISO 14496-15 section 5.3.3). */
export function lengthPrefixed(bytes: Buffer, all: readonly NalUnit[]): Buffer {
  const units = all.filter((unit) => !isLeftOut(unit))
  const out = Buffer.allocUnsafe(units.reduce((sum, { start, end }) => sum + 4 + end - start, 0))
  let at = 0
  for (const { start, end } of units) {
    at = out.writeUInt32BE(end - start, at)
    at += bytes.copy(out, at, start, end)
  }
  return out
}

/** The bytes of a NAL unit without the emulation prevention bytes (section 7.4.1): 00 00 03 stands for 00 00. */
export function withoutEmulation(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let zeros = 0
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out[length++] = byte
  }
  return out.subarray(0, length)
}
