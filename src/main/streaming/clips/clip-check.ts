import { createHash } from 'node:crypto'
import { createDiskCache, type DiskCache } from '../../base/disk-cache.ts'
import type { Tools } from '../../media/tools.ts'
import type { MadeSegment } from './clip-reading.ts'
import { pictureDistance, smallPictures } from './small-pictures.ts'

/**
 * Looks whether a made segment shows what was asked for, decoded behind its init segment; null when it does, else what
 * is wrong.
 */
export type ClipCheck = (init: Uint8Array, made: MadeSegment, signal: AbortSignal) => Promise<string | null>

/** Encoding changes small pictures by less than 2; the next picture of a film that moves is further off. */
const LARGEST_DISTANCE = 4

/** Each answer takes a block of the disk, whatever its length. */
const DISK_BYTES = 64 * 1024
const RIGHT = Buffer.from('right')

/**
 * Makes the check of clips' ends: decodes a segment, counts its pictures, and compares the first of a head and the last
 * of a tail with those that the source shows. That a segment is right is remembered in `dir` by its content.
 */
export function createClipCheck(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  { dir }: { dir: string },
): ClipCheck {
  const known: DiskCache = createDiskCache({ dir, maxBytes: DISK_BYTES })

  return async (init, { bytes, pictures, ends }, signal) => {
    if (!ends.first && !ends.last) return null
    const key = createHash('sha256').update(bytes).digest('base64url')
    if (await known.get(key)) return null
    const shown = await smallPictures(tools, [init, bytes], signal)
    if (shown.length !== pictures) return `a segment shows ${shown.length} pictures instead of ${pictures}`
    if (isFar(shown[0], ends.first)) return 'its first picture is another one than asked for'
    if (isFar(shown.at(-1), ends.last)) return 'its last picture is another one than asked for'
    await known.put(key, RIGHT)
    return null
  }
}

const isFar = (shown: Buffer | undefined, wanted: Buffer | null): boolean =>
  wanted !== null && (!shown || pictureDistance(shown, wanted) > LARGEST_DISTANCE)
