import { randomUUID } from 'node:crypto'
import type { ByteRange } from './ranges.ts'

/** What a body is made of, in order: text as it stands, and stretches of what is sent. */
export type Piece = string | ByteRange

/** A body of several parts (RFC 9110 section 14.6) and the headers that go with it. */
export type Multipart = { type: string; bytes: number; pieces: readonly Piece[] }

/**
 * Puts ranges of something of `size` bytes and the given type into one body. Its boundary is random, so that nobody
 * can have put it into a file.
 */
export function multipartOf(ranges: readonly ByteRange[], type: string, size: number): Multipart {
  const boundary = randomUUID()
  const pieces = ranges.flatMap((range): Piece[] => [
    `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${contentRange(range, size)}\r\n\r\n`,
    range,
  ])
  pieces.push(`\r\n--${boundary}--\r\n`)
  return {
    type: `multipart/byteranges; boundary=${boundary}`,
    bytes: pieces.reduce((sum, it) => sum + lengthOf(it), 0),
    pieces,
  }
}

/** The value of `Content-Range` for one range (RFC 9110 section 14.4). */
export const contentRange = ({ first, last }: ByteRange, size: number): string =>
  `bytes ${first}-${last}/${size}`

// Types are ASCII: a character is a byte.
const lengthOf = (piece: Piece): number =>
  typeof piece === 'string' ? piece.length : piece.last - piece.first + 1
