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

/** The track_ID in a `trak`'s header (ISO 14496-12 section 8.3.2). */
export function trackIdOf(bytes: Buffer, trak: Box): number | null {
  const header = find(bytes, trak, 'tkhd')
  if (!header) return null
  const isLong = bytes[header.start] === 1
  return bytes.readUInt32BE(header.start + (isLong ? 20 : 12))
}
