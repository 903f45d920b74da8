import { readAdtsHeader, sameAdts } from './adts.ts'
import { readMp3Header, sameMp3 } from './mp3-frames.ts'

/** Frames in a row that make a sound file; of a shorter file, as many as it has, but never one alone. */
const SURE_FRAMES = 6

/**
 * Bytes of the ID3v2 tags at the start of a file (ID3v2.4 3.1: a size of four times seven bits); 0 when there is none.
 * Some programs put theirs in front of one that is there.
 */
export function id3Length(head: Uint8Array): number {
  let at = 0
  while (head[at] === 0x49 && head[at + 1] === 0x44 && head[at + 2] === 0x33) {
    const [a = 0, b = 0, c = 0, d = 0] = head.subarray(at + 6, at + 10)
    const isFooted = ((head[at + 5] ?? 0) & 0x10) !== 0
    at += 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127) + (isFooted ? 10 : 0)
  }
  return at
}

/** True when MP3 frames of one kind lie end to end from `start`. */
export const isMp3 = (head: Uint8Array, start: number): boolean =>
  framesFollow(head, start, readMp3Header, sameMp3)

/** True when ADTS frames of one kind lie end to end from `start`. */
export const isAdts = (head: Uint8Array, start: number): boolean =>
  framesFollow(head, start, readAdtsHeader, sameAdts)

/** A sync word alone stands in any noise; that another one stands where its length says is hardly ever chance. */
function framesFollow<Header extends { frameBytes: number }>(
  head: Uint8Array,
  start: number,
  headerAt: (head: Uint8Array, at: number) => Header | null,
  isSame: (a: Header, b: Header) => boolean,
): boolean {
  const first = headerAt(head, start)
  let at = start
  for (let frames = 0; frames < SURE_FRAMES; frames++) {
    const header = headerAt(head, at)
    if (!first || !header || !isSame(first, header)) return false
    at += header.frameBytes
    if (at >= head.length) return frames > 0
  }
  return true
}
