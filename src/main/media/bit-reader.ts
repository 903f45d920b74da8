/** Reads the bits of some bytes, the first of a byte first. */
export type BitReader = ReturnType<typeof bitReader>

/** Reads bits from a byte on; behind the end there are zeros, and `isPastEnd` says so. */
export function bitReader(bytes: Buffer, firstByte: number) {
  let at = firstByte * 8
  const bits = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i++, at++) value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  const isPastEnd = (): boolean => at > bytes.length * 8
  /** ue(v), H.264 section 9.1. */
  const unsigned = (): number => {
    let zeros = 0
    while (bits(1) === 0) {
      if (++zeros > 31 || isPastEnd()) return 0
    }
    return 2 ** zeros - 1 + bits(zeros)
  }
  const signed = (): number => {
    const code = unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
  return { bits, unsigned, signed, isPastEnd }
}
