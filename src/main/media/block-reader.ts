import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'

/** Bytes read from the disk at once: a segment of 2 MB takes eight. */
const BLOCK_BYTES = 256 * 1024

/** Most blocks of a file in memory, 8 MiB, and how many of them stay when nobody reads. */
const MAX_BLOCKS = 32
const KEPT_BLOCKS = 12

/**
 * Memory of blocks whose file was closed, 4 MiB: the next file's. A folder of small files would else leave a block of
 * each to the collector, which looks through the whole heap for so much of it.
 */
const MAX_SPARE_BLOCKS = 16
const spare: Buffer[] = []

/** Longer reads (a Matroska cluster, an index) go past the blocks, into memory of their own. */
const LONGEST_BLOCK_READ = 512 * 1024

/** Long reads remembered: picture and sound of a segment each ask for the same few clusters. */
const REMEMBERED_READS = { count: 4, longestBytes: 8 * 1024 * 1024 }

/** Reads a file by blocks. */
export type BlockReader = {
  /** Bytes [start, end); at once when they are in memory. They are views: the caller's until `release`. */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array>
  /** Says that nobody looks at any bytes any more: their memory may serve again. */
  release(): void
  /** Says that nothing will be read any more, and as `release`. */
  end(): void
}

type Block = { bytes: Buffer; filled: Promise<undefined> | null }

/**
 * Makes a reader of one open file. mediabunny's own cache joins neighbouring reads by copying all of them each time: for
 * a 2 MB segment that moved 30 MB, and had the garbage collector run through the whole heap every eighth segment.
 * Here nothing is copied, and memory that was released is used again instead of being left to the collector. Throws
 * AppError `file_missing` when the file has become shorter.
 */
export function createBlockReader(file: FileHandle, fileBytes: number): BlockReader {
  // In order of use, the oldest first.
  const blocks = new Map<number, Block>()

  const blockAt = (index: number): Block => {
    const known = blocks.get(index)
    if (known) {
      blocks.delete(index)
      blocks.set(index, known)
      return known
    }
    const block: Block = { bytes: takeMemory(), filled: null }
    const start = index * BLOCK_BYTES
    const end = Math.min(start + BLOCK_BYTES, fileBytes)
    block.filled = readFully(file, block.bytes.subarray(0, end - start), start).then(
      () => {
        block.filled = null
        return undefined
      },
      (error: unknown) => {
        if (blocks.get(index) === block) blocks.delete(index)
        throw error
      },
    )
    blocks.set(index, block)
    return block
  }

  // Memory of blocks that were dropped: still looked at, and free.
  const dropped: Buffer[] = []
  const free: Buffer[] = []
  const drop = (most: number): void => {
    for (const [index, block] of blocks) {
      if (blocks.size <= most) break
      if (block.filled) continue
      blocks.delete(index)
      if (dropped.length < MAX_BLOCKS) dropped.push(block.bytes)
    }
  }
  const takeMemory = (): Buffer => {
    drop(MAX_BLOCKS - 1)
    return free.pop() ?? spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  }

  const readAcross = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = pieceOf(end - start)
    for (let at = start; at < end;) {
      const index = Math.floor(at / BLOCK_BYTES)
      const block = blockAt(index)
      if (block.filled) await block.filled
      const from = at - index * BLOCK_BYTES
      const copied = block.bytes.copy(bytes, at - start, from, Math.min(from + (end - at), BLOCK_BYTES))
      at += copied
    }
    return bytes
  }

  const long: { start: number; end: number; bytes: Promise<Uint8Array> }[] = []
  const readLong = (start: number, end: number): Promise<Uint8Array> => {
    const known = long.find((it) => it.start === start && it.end === end)
    if (known) return known.bytes
    const bytes = readWhole(file, start, end)
    if (end - start > REMEMBERED_READS.longestBytes) return bytes
    const read = { start, end, bytes }
    long.push(read)
    if (long.length > REMEMBERED_READS.count) long.shift()
    bytes.catch(() => {
      if (long.includes(read)) long.splice(long.indexOf(read), 1)
    })
    return bytes
  }

  const read = (start: number, end: number): Uint8Array | Promise<Uint8Array> => {
    if (end - start > LONGEST_BLOCK_READ) return readLong(start, end)
    const index = Math.floor(start / BLOCK_BYTES)
    if (Math.floor((end - 1) / BLOCK_BYTES) !== index) return readAcross(start, end)
    const block = blockAt(index)
    const view = block.bytes.subarray(start - index * BLOCK_BYTES, end - index * BLOCK_BYTES)
    return block.filled ? block.filled.then(() => view) : view
  }

  return {
    read,
    release() {
      drop(KEPT_BLOCKS)
      free.push(...dropped.splice(0, MAX_BLOCKS - free.length))
    },
    end() {
      drop(0)
      const left = [...dropped.splice(0), ...free.splice(0)]
      spare.push(...left.slice(0, MAX_SPARE_BLOCKS - spare.length))
    },
  }
}

async function readWhole(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = pieceOf(end - start)
  await readFully(file, bytes, start)
  return bytes
}

/** The longest piece that is read of a file at once: 12 s of 300 Mbit/s, the most that H.264 allows (table A-1). */
const LARGEST_PIECE_BYTES = 512 * 1024 * 1024

/**
 * Makes room for a piece of a file. Throws AppError `unsupported_media` for a length that only a damaged table can name:
 * Node ends the whole process when it is to read 2 GiB (node_file.cc, `args[3]->IsInt32()`).
 */
export function pieceOf(bytes: number): Buffer {
  if (bytes >= 0 && bytes <= LARGEST_PIECE_BYTES) return Buffer.allocUnsafeSlow(bytes)
  throw new AppError('unsupported_media', 'This file is damaged: it names a piece that no film has.')
}

/** Fills `bytes` from a place in a file. Throws AppError `file_missing` when the file ends before. */
export async function readFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at)
    // mediabunny would take what is missing for zeros.
    if (bytesRead === 0) throw new AppError('file_missing', 'The source became shorter while it was read.')
    at += bytesRead
  }
}
