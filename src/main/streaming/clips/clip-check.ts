import { createHash } from 'node:crypto'
import { createDiskCache, type DiskCache } from '../../base/disk-cache.ts'
import type { Tools } from '../../media/tools.ts'
import type { Reading } from '../remux-reading.ts'
import { asFile } from './clip-encoder.ts'
import type { ClipSegment, EncodedRun } from './clip-plan.ts'
import { readGop, type MadeSegment } from './clip-reading.ts'
import { pictureDistance, smallPictures } from './small-pictures.ts'

/** A segment with an encoded end, as it was made, and what it is to be laid beside. */
export type CheckRequest = {
  init: Uint8Array
  made: MadeSegment
  segment: ClipSegment
  /** The source's own rendition. */
  reading: Reading
  reorderS: number
}

/** Looks whether a made segment shows what was asked for; null when it does, else what is wrong. */
export type ClipCheck = (request: CheckRequest, signal: AbortSignal) => Promise<string | null>

/** Encoding changes small pictures by less than 2; the next picture of a film that moves is further off. */
const LARGEST_DISTANCE = 4

/** Each answer takes a block of the disk, whatever its length. */
const DISK_BYTES = 64 * 1024
const RIGHT = Buffer.from('right')

/**
 * Makes the check of clips' ends: decodes a segment, counts its pictures, and compares the first of a head and the last
 * of a tail with those of the source. That a segment is right is remembered in `dir` by its content.
 */
export function createClipCheck(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  { dir }: { dir: string },
): ClipCheck {
  const known: DiskCache = createDiskCache({ dir, maxBytes: DISK_BYTES })

  const sourcePicture = async (
    { reading, reorderS }: CheckRequest,
    { gop }: EncodedRun,
    at: number,
    signal: AbortSignal,
  ): Promise<Buffer | undefined> => {
    const { pictures } = await readGop(reading, gop, reorderS, signal)
    return (await smallPictures(tools, asFile(reading.init, pictures), { first: at, count: 1 }, signal))[0]
  }
  const isFar = (shown: Buffer | undefined, wanted: Buffer | undefined): boolean =>
    !shown || !wanted || pictureDistance(shown, wanted) > LARGEST_DISTANCE

  return async (request, signal) => {
    const { init, made, segment } = request
    const { head, copied, tail } = segment
    const last = tail ?? (copied ? null : head)
    if (!head && !last) return null
    const key = createHash('sha256').update(made.bytes).digest('base64url')
    if (await known.get(key)) return null
    const shown = await smallPictures(tools, [init, made.bytes], null, signal)
    if (shown.length !== made.pictures) {
      return `a segment shows ${shown.length} pictures instead of ${made.pictures}`
    }
    if (head && isFar(shown[0], await sourcePicture(request, head, head.first, signal))) {
      return 'its first picture is another one than asked for'
    }
    if (
      last &&
      isFar(shown.at(-1), await sourcePicture(request, last, last.first + last.count - 1, signal))
    ) {
      return 'its last picture is another one than asked for'
    }
    await known.put(key, RIGHT)
    return null
  }
}
