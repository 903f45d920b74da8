import type { FileHandle } from 'node:fs/promises'

/** Boxes walked through in search of a fragment that was broken off: half a day of film. */
const MAX_BOXES = 20_000

/** What a fragmented MP4 may begin with (ISO 14496-12 section 4.3, 8.16.2). */
const FIRST_BOXES = new Set(['ftyp', 'styp', 'moov'])

/** The box that ends a table of fragments, and with it the file (ISO 14496-12 section 8.8.11). */
const LAST_BOX = Buffer.from('\0\0\0\x10mfro', 'latin1')
const LAST_BOX_BYTES = 16

/**
 * Tells where the last whole fragment of an MP4 ends whose recording stopped inside of one: what its `moof` names is not
 * there, and players would wait for it. All of the file where that ends well, or is no fragmented MP4.
 */
export async function endOfWhole(file: FileHandle, size: number): Promise<number> {
  const header = Buffer.alloc(16)
  let fragmentAt: number | null = null
  let wholeAt = 0
  let at = 0
  for (let count = 0; at + 8 <= size; count++) {
    await file.read(header, 0, 16, at)
    const type = header.toString('latin1', 4, 8)
    const length = boxLength(header, size - at)
    if (count === MAX_BOXES || length < 8 || (at === 0 && !FIRST_BOXES.has(type))) return size
    if (type === 'moof') {
      if (fragmentAt === null && (await endsWithTable(file, size))) return size
      fragmentAt = at
    }
    at += length
    // A plain file has its pictures without any fragment.
    if (type === 'mdat' && fragmentAt === null) return size
    if (type === 'mdat') wholeAt = at
  }
  if (fragmentAt === null) return size
  return at > size || wholeAt < fragmentAt ? fragmentAt : size
}

async function endsWithTable(file: FileHandle, size: number): Promise<boolean> {
  const tail = Buffer.alloc(LAST_BOX_BYTES)
  await file.read(tail, 0, LAST_BOX_BYTES, size - LAST_BOX_BYTES)
  return tail.subarray(0, LAST_BOX.length).equals(LAST_BOX)
}

/** How long a box is, of which `header` is the beginning and that has `left` bytes at most: a size of 1 stands for one of 64 bits behind the type, 0 for all that is left. */
export function boxLength(header: Buffer, left: number): number {
  const length = header.readUInt32BE(0)
  if (length === 0) return left
  return length === 1 ? Number(header.readBigUInt64BE(8)) : length
}
