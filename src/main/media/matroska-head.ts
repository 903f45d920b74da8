import type { FileHandle } from 'node:fs/promises'
import type { ClustersIndex } from '../../shared/media.ts'
import { readFully } from './block-reader.ts'
import { headerOf } from './ebml.ts'
import { MATROSKA_ID as ID } from './matroska-ids.ts'
import type { FileHead } from './headed-reader.ts'

/** Bytes of an element id and a size in front of Cues, and of one of its points with numbers of eight bytes each. */
const CUES_HEADER_BYTES = 12
const CUE_POINT_BYTES = 34

/**
 * Gives a Matroska file the Cues that it lacks (RFC 9559 section 5.1.5), in front of its first cluster: mediabunny,
 * which would read the file up to each place that it is asked for, then goes there at once. The segment's size becomes
 * unknown, since it is another one; Cues that were there are voided, since they no longer say the right places.
 */
export async function readCuedHead(file: FileHandle, places: ClustersIndex): Promise<FileHead> {
  const { segmentAt, firstAt } = places
  const head = Buffer.alloc(firstAt)
  await readFully(file, head, 0)
  forgetSegmentSize(head, segmentAt)
  for (let at = segmentAt; at < firstAt;) {
    const element = headerOf(head, at)
    if (!element || element.size === Infinity) break
    const end = element.start + element.size
    if (element.id === ID.cues) voidElement(head, at, Math.min(end, firstAt))
    at = end
  }
  return { bytes: Buffer.concat([head, writeCues(places)]), replaces: firstAt }
}

/** A size of nothing but ones is unknown (RFC 8794 section 6.2). */
function forgetSegmentSize(head: Buffer, segmentAt: number): void {
  const ebml = headerOf(head, 0)
  if (!ebml) return
  // Behind the id of the segment, which has four bytes.
  const sizeAt = ebml.start + ebml.size + 4
  head.fill(0xff, sizeAt, segmentAt)
  head[sizeAt] = (0x200 >> (segmentAt - sizeAt)) - 1
}

/** An element of the same length that says nothing; shorter ones do not occur. */
function voidElement(head: Buffer, at: number, end: number): void {
  if (end - at < 9) return
  head[at] = ID.void
  writeSize(head, at + 1, end - at - 9)
}

function writeCues({ segmentAt, track, times, at: places }: ClustersIndex): Buffer {
  const cues = Buffer.alloc(CUES_HEADER_BYTES + times.length * CUE_POINT_BYTES)
  cues.writeUInt32BE(ID.cues, 0)
  writeSize(cues, 4, cues.length - CUES_HEADER_BYTES)
  let at = CUES_HEADER_BYTES
  const element = (id: number, size: number): void => {
    cues[at] = id
    cues[at + 1] = 0x80 | size
    at += 2
  }
  const number = (id: number, value: number): void => {
    element(id, 8)
    at = cues.writeBigUInt64BE(BigInt(value), at)
  }
  for (const [point, time] of times.entries()) {
    element(ID.cuePoint, CUE_POINT_BYTES - 2)
    number(ID.cueTime, time)
    element(ID.cueTrackPositions, 20)
    number(ID.cueTrack, track)
    // Everything behind the Cues lies later by their length.
    number(ID.cueClusterPosition, (places[point] ?? 0) + cues.length - segmentAt)
  }
  return cues
}

/** A size in eight bytes. */
function writeSize(bytes: Buffer, at: number, size: number): void {
  bytes.writeBigUInt64BE(BigInt(size) | (1n << 56n), at)
}
