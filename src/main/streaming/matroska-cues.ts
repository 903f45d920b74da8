import type { FileHandle } from 'node:fs/promises'
import { MATROSKA_ID as ID } from '../media/matroska-ids.ts'
import { childrenOf, headerOf, numberIn, unsigned, vint, type Element } from '../media/ebml.ts'
import type { SamplePlace } from './picture-kind.ts'
import { readForEach, type SmallRead } from './small-reads.ts'

/** True when a Matroska file has Cues; whether they are good for anything is another question. */
export async function hasCues(file: FileHandle): Promise<boolean> {
  return ((await readHead(file))?.cues.length ?? 0) > 0
}

/** A block that the Cues point to: its time in seconds, and where its frame lies. */
export type CuedBlock = { timeS: number; frame: SamplePlace }

/** Nanoseconds of a timestamp unit when the file does not say (RFC 9559 section 5.1.2.9). */
const DEFAULT_TIMESTAMP_SCALE = 1_000_000

/** Largest Cues, Info, Tracks or SeekHead that is read. */
const MAX_ELEMENT_BYTES = 64 * 1024 * 1024

/** Level 1 elements passed over before the first cluster. */
const MAX_HEAD_ELEMENTS = 64

/** Bytes that hold an element's header, a cluster's timestamp, or a block's header. */
const PEEK_BYTES = 64

type Cue = { track: number; time: number; clusterAt: number; relative: number }

/**
 * Reads the blocks of one track that the Cues of a Matroska file point to (RFC 9559 section 5.1.5), each checked
 * against its cluster. mediabunny keeps its Cues to itself, and walking the clusters of a 2 h film takes 12 s instead
 * of a fraction. Null when there are no Cues, no relative positions, compressed tracks, or anything that does not
 * fit: the caller then walks the file.
 */
export async function readCuedBlocks(
  file: FileHandle,
  trackNumber: number,
  signal: AbortSignal,
): Promise<CuedBlock[] | null> {
  const head = await readHead(file)
  if (!head?.cues.some((cue) => cue.track === trackNumber) || head.encodedTracks.has(trackNumber)) return null
  const cues = head.cues.filter((cue) => cue.track === trackNumber).sort((a, b) => a.time - b.time)
  const blocks = await readForEach(file, cues, (cue, read) => readCuedBlock(read, cue, trackNumber), signal)
  // The same division as mediabunny's, so that times are equal to the last bit.
  const unitsPerS = 1e9 / head.timestampScale
  const found = blocks.flatMap((block) =>
    block ? [{ timeS: block.time / unitsPerS, frame: block.frame }] : [],
  )
  return found.length === blocks.length ? found : null
}

async function readCuedBlock(read: SmallRead, cue: Cue, trackNumber: number) {
  const cluster = await readCluster(read, cue.clusterAt)
  const block = cluster ? await readBlock(read, cluster.start + cue.relative) : null
  if (!cluster || block?.track !== trackNumber || cluster.time + block.time !== cue.time) return null
  return { time: cue.time, frame: block.frame }
}

async function readHead(file: FileHandle) {
  const fileBytes = (await file.stat()).size
  const ebml = await elementAt(file, 0)
  const segment = ebml ? await elementAt(file, ebml.start + ebml.size) : null
  if (segment?.id !== ID.segment) return null

  const encodedTracks = new Set<number>()
  const cues: Cue[] = []
  let timestampScale = DEFAULT_TIMESTAMP_SCALE
  let cuesAt: number | undefined
  let at = segment.start
  const take = async (element: Element): Promise<void> => {
    if (element.size > MAX_ELEMENT_BYTES) return
    const bytes = await read(file, element.start, element.size)
    if (element.id === ID.info) timestampScale = numberIn(bytes, ID.timestampScale) ?? timestampScale
    if (element.id === ID.cues) cues.push(...cuesOf(bytes, segment.start))
    if (element.id === ID.seekHead) {
      for (const seek of childrenOf(bytes, ID.seek)) {
        if (numberIn(seek, ID.seekId) !== ID.cues) continue
        const position = numberIn(seek, ID.seekPosition)
        if (position !== undefined) cuesAt = segment.start + position
      }
    }
    if (element.id === ID.tracks) {
      for (const track of childrenOf(bytes, ID.trackEntry)) {
        const number = numberIn(track, ID.trackNumber)
        if (number !== undefined && childrenOf(track, ID.contentEncodings).length > 0)
          encodedTracks.add(number)
      }
    }
  }

  for (let count = 0; count < MAX_HEAD_ELEMENTS && at < fileBytes; count++) {
    const element = await elementAt(file, at)
    if (!element || element.id === ID.cluster || element.size === Infinity) break
    await take(element)
    at = element.start + element.size
  }
  if (cues.length === 0 && cuesAt !== undefined) {
    const element = await elementAt(file, cuesAt)
    if (element?.id === ID.cues) await take(element)
  }
  return { timestampScale, encodedTracks, cues }
}

function cuesOf(bytes: Buffer, segmentStart: number): Cue[] {
  return childrenOf(bytes, ID.cuePoint).flatMap((point) => {
    const time = numberIn(point, ID.cueTime)
    return childrenOf(point, ID.cueTrackPositions).flatMap((positions) => {
      const track = numberIn(positions, ID.cueTrack)
      const cluster = numberIn(positions, ID.cueClusterPosition)
      const relative = numberIn(positions, ID.cueRelativePosition)
      if (time === undefined || track === undefined || cluster === undefined || relative === undefined)
        return []
      return [{ time, track, clusterAt: segmentStart + cluster, relative }]
    })
  })
}

async function readCluster(read: SmallRead, at: number): Promise<{ start: number; time: number } | null> {
  const bytes = await read(at, PEEK_BYTES)
  const cluster = headerOf(bytes, 0)
  if (cluster?.id !== ID.cluster) return null
  // RFC 9559 section 5.1.3.1: Timestamp should be the first child; a CRC-32 may stand before it.
  for (let inside = cluster.start; inside < bytes.length;) {
    const child = headerOf(bytes, inside)
    if (!child || child.start + child.size > bytes.length) return null
    if (child.id === ID.timestamp) {
      return { start: at + cluster.start, time: unsigned(bytes, child.start, child.size) }
    }
    inside = child.start + child.size
  }
  return null
}

async function readBlock(read: SmallRead, at: number) {
  const bytes = await read(at, PEEK_BYTES)
  let block = headerOf(bytes, 0)
  if (block?.id === ID.blockGroup) block = headerOf(bytes, block.start)
  if (!block || (block.id !== ID.simpleBlock && block.id !== ID.block)) return null
  const track = vint(bytes, block.start, true)
  if (!track || track.end + 3 > bytes.length) return null
  const flags = bytes[track.end + 2] ?? 0
  // Lacing (flags 0x06) puts several frames into a block: never used for video.
  if ((flags & 0x06) !== 0) return null
  const frameStart = track.end + 3
  return {
    track: track.value,
    time: bytes.readInt16BE(track.end),
    frame: { offset: at + frameStart, bytes: block.start + block.size - frameStart },
  }
}

async function elementAt(file: FileHandle, at: number): Promise<Element | null> {
  const bytes = await read(file, at, PEEK_BYTES)
  const element = headerOf(bytes, 0)
  return element ? { ...element, start: at + element.start } : null
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}
