/** The parts of an AVCDecoderConfigurationRecord (ISO 14496-15 section 5.3.3.1); sets are NAL units without length. */
export type AvcConfiguration = {
  /** Version, profile, compatibility, level, NAL length size: the five bytes before the sets. */
  head: Uint8Array
  sequence: Uint8Array[]
  picture: Uint8Array[]
  /** What profiles above Extended have behind the sets: chroma format, bit depths. */
  tail: Uint8Array
}

const HEAD_BYTES = 5
/** seq_parameter_set_id is at most 31 (H.264 section 7.4.2.1.1). */
const MAX_SEQUENCE_ID = 31
/** Reads an `avcC` record. Throws RangeError when it is cut short. */
export function readAvcConfiguration(record: Uint8Array): AvcConfiguration {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  let at = HEAD_BYTES
  const sets = (count: number): Uint8Array[] =>
    Array.from({ length: count }, () => {
      const length = bytes.readUInt16BE(at)
      const from = at + 2
      if (from + length > bytes.length) throw new RangeError('a parameter set is cut short')
      at = from + length
      return bytes.subarray(from, at)
    })
  const sequence = sets(bytes.readUInt8(at++) & 0x1f)
  const picture = sets(bytes.readUInt8(at++))
  return { head: bytes.subarray(0, HEAD_BYTES), sequence, picture, tail: bytes.subarray(at) }
}

/** Writes an `avcC` record; the inverse of `readAvcConfiguration`. */
export function writeAvcConfiguration({ head, sequence, picture, tail }: AvcConfiguration): Uint8Array {
  const prefixed = (set: Uint8Array): Uint8Array[] => [Uint8Array.of(set.length >> 8, set.length & 0xff), set]
  return Buffer.concat([
    head,
    // Three reserved bits before the count are 1.
    Uint8Array.of(0xe0 | sequence.length),
    ...sequence.flatMap(prefixed),
    Uint8Array.of(picture.length),
    ...picture.flatMap(prefixed),
    tail,
  ])
}

/** The smallest id that no sequence parameter set has taken; null when all 32 are. */
export function freeSequenceId(taken: readonly number[]): number | null {
  for (let id = 0; id <= MAX_SEQUENCE_ID; id++) if (!taken.includes(id)) return id
  return null
}
