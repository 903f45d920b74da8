/** An EBML element: its id with the length marker, where its data begins, and its size (Infinity when unknown). */
export type Element = { id: number; start: number; size: number }

/** The element header at an offset (RFC 8794 section 6); null when it is not whole or no header. */
export function headerOf(bytes: Buffer, at: number): Element | null {
  const id = vint(bytes, at, false)
  const size = id ? vint(bytes, id.end, true) : null
  return id && size ? { id: id.value, start: size.end, size: size.value } : null
}

/** A variable-length integer (RFC 8794 section 4); all ones means an unknown size, told as Infinity. */
export function vint(
  bytes: Buffer,
  at: number,
  withoutMarker: boolean,
): { value: number; end: number } | null {
  const first = bytes[at]
  if (first === undefined || first === 0) return null
  const length = Math.clz32(first) - 23
  if (at + length > bytes.length) return null
  let value = withoutMarker ? first & (0xff >> length) : first
  let isUnknown = withoutMarker && value === 0xff >> length
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0
    if (byte !== 0xff) isUnknown = false
    value = value * 256 + byte
  }
  return { value: isUnknown ? Infinity : value, end: at + length }
}

/** The data of every child with this id; stops at what does not fit. */
export function childrenOf(bytes: Buffer, id: number): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const child = headerOf(bytes, at)
    if (!child || child.start + child.size > bytes.length) break
    if (child.id === id) found.push(bytes.subarray(child.start, child.start + child.size))
    at = child.start + child.size
  }
  return found
}

/** The unsigned integer in the first child with this id. */
export function numberIn(bytes: Buffer, id: number): number | undefined {
  const child = childrenOf(bytes, id)[0]
  return child ? unsigned(child, 0, child.length) : undefined
}

/** An unsigned integer of `size` bytes, big endian (RFC 8794 section 7.2). */
export function unsigned(bytes: Buffer, at: number, size: number): number {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
