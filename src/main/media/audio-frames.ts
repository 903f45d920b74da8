/**
 * Bytes of the ID3v2 tags at the start of a file (ID3v2.4 3.1: a size of four times seven bits); 0 when there is none.
 * Some programs put theirs in front of one that is there.
 */
export function id3Length(head: Uint8Array): number {
  let at = 0
  while (head[at] === 0x49 && head[at + 1] === 0x44 && head[at + 2] === 0x33) {
    const [a = 0, b = 0, c = 0, d = 0] = head.subarray(at + 6, at + 10)
    at += 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127)
  }
  return at
}

/**
 * True when at least two frames lie end to end from `start`, three where the head is long enough. `lengthAt` tells
 * the bytes of the frame at a place, 0 when there is none.
 */
export function framesFollow(
  head: Uint8Array,
  start: number,
  lengthAt: (head: Uint8Array, at: number) => number,
): boolean {
  let at = start
  for (let frames = 0; frames < 3; frames++) {
    const length = lengthAt(head, at)
    if (length === 0) return false
    at += length
    if (at >= head.length) return frames > 0
  }
  return true
}

const MP3_KBITS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
const MP3_KBITS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
const MP3_RATES = [44_100, 48_000, 32_000, 0]

/** Bytes of the MPEG audio layer III frame at `at` (ISO 11172-3 2.4.1.3); 0 when there is none. */
export function mp3FrameLength(head: Uint8Array, at: number): number {
  const [sync, kind = 0, rates = 0] = head.subarray(at, at + 3)
  if (sync !== 0xff || (kind & 0xe0) !== 0xe0) return 0
  const version = (kind >> 3) & 3
  if (version === 1 || ((kind >> 1) & 3) !== 1) return 0
  const isV1 = version === 3
  const kbits = (isV1 ? MP3_KBITS_V1 : MP3_KBITS_V2)[rates >> 4] ?? 0
  const rate = (MP3_RATES[(rates >> 2) & 3] ?? 0) / (isV1 ? 1 : version === 2 ? 2 : 4)
  if (kbits === 0 || rate === 0) return 0
  return Math.floor(((isV1 ? 144 : 72) * kbits * 1000) / rate) + ((rates >> 1) & 1)
}

/** Bytes of the ADTS frame at `at` (ISO 13818-7 6.2); 0 when there is none. */
export function adtsFrameLength(head: Uint8Array, at: number): number {
  const [sync, kind = 0, , b = 0, c = 0, d = 0] = head.subarray(at, at + 6)
  if (sync !== 0xff || (kind & 0xf6) !== 0xf0) return 0
  const length = ((b & 3) << 11) | (c << 3) | (d >> 5)
  return length >= 7 ? length : 0
}
