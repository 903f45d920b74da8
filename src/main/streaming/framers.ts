import type { FramesIndex } from '../../shared/media.ts'
import { AAC_FRAME_SAMPLES, readAdtsHeader, sameAdts, type AdtsHeader } from '../media/adts.ts'
import { isWholeFlacFrame, MAX_FLAC_HEADER_BYTES, readFlacHeader } from '../media/flac-frames.ts'
import { readMp3Header, sameMp3, type Mp3Header } from '../media/mp3-frames.ts'

/** A frame of sound: its bytes, those of them that MP4 leaves out, and how many samples it is. */
export type SoundFrame = { bytes: number; headerBytes: number; samples: number }

/**
 * Finds the frame that begins at a place. `more` when the bytes end before it can be told where the frame ends; null
 * when no frame of the stream begins there. With `isLast` nothing follows the bytes.
 */
export type Framer = (bytes: Buffer, at: number, isLast: boolean) => SoundFrame | 'more' | null

/** Makes the framer of a stream; frames of other streams, and what only looks like a frame, are none of its frames. */
export function createFramer(format: FramesIndex['format']): Framer {
  if (format === 'flac') return flacFramer()
  return format === 'adts' ? adtsFramer() : mp3Framer()
}

function adtsFramer(): Framer {
  let first: AdtsHeader | undefined
  return sizedFramer(readAdtsHeader, (header) => {
    first ??= header
    return sameAdts(first, header) && { headerBytes: header.headerBytes, samples: AAC_FRAME_SAMPLES }
  })
}

function mp3Framer(): Framer {
  let first: Mp3Header | undefined
  return sizedFramer(readMp3Header, (header) => {
    first ??= header
    return sameMp3(first, header) && { headerBytes: 0, samples: header.samples }
  })
}

/** Headers that say how long their frames are. */
function sizedFramer<Header extends { frameBytes: number }>(
  headerAt: (bytes: Buffer, at: number) => Header | null,
  take: (header: Header) => Pick<SoundFrame, 'headerBytes' | 'samples'> | false,
): Framer {
  const longestHeader = 7
  return (bytes, at, isLast) => {
    const header = headerAt(bytes, at)
    if (!header) return !isLast && at + longestHeader > bytes.length ? 'more' : null
    if (at + header.frameBytes > bytes.length) return isLast ? null : 'more'
    const taken = take(header)
    return taken ? { bytes: header.frameBytes, ...taken } : null
  }
}

/**
 * FLAC frames do not say how long they are: the next one is found by its sync word, checksum and number, and the
 * frame's own checksum must agree then (RFC 9639 section 9).
 */
function flacFramer(): Framer {
  return (bytes, at, isLast) => {
    const header = readFlacHeader(bytes, at)
    if (!header) return !isLast && at + MAX_FLAC_HEADER_BYTES > bytes.length ? 'more' : null
    const { headerBytes, samples, isVariable, coded } = header
    const nextCoded = isVariable ? coded + samples : coded + 1
    for (let end = at + headerBytes; ;) {
      end = bytes.indexOf(0xff, end)
      if (end < 0) break
      const next = readFlacHeader(bytes, end)
      const follows = next?.coded === nextCoded && next.isVariable === isVariable
      if (follows && isWholeFlacFrame(bytes, at, end)) return { bytes: end - at, headerBytes: 0, samples }
      end += 1
    }
    if (!isLast) return 'more'
    const end = lastEnd(bytes, at)
    return end === null ? null : { bytes: end - at, headerBytes: 0, samples }
  }
}

/** Bytes of an ID3v1 tag, which some programs put behind everything. */
const OLD_TAG_BYTES = 128

/** Where the last frame ends: at the end of the file, or before a tag. Null when it was cut off. */
function lastEnd(bytes: Buffer, at: number): number | null {
  for (const end of [bytes.length, bytes.length - OLD_TAG_BYTES]) {
    if (end > at && isWholeFlacFrame(bytes, at, end)) return end
  }
  return null
}
