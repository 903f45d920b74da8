import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'

/** Bytes read from the disk at once: a segment of 2 MB takes eight. */
const BLOCK_BYTES = 256 * 1024

/** Blocks kept per file, 8 MiB: two readers of neighbouring segments do not drive each other out. */
const MAX_BLOCKS = 32

/** Longer reads (an index, a Matroska cluster) go past the blocks, into memory of their own. */
const LONGEST_CACHED_READ = 1024 * 1024

/** Reads bytes [start, end) of a file; at once when they are in memory. The bytes are the reader's only until its next turn. */
export type ReadBytes = (start: number, end: number) => Uint8Array | Promise<Uint8Array>

type Block = { bytes: Buffer; filled: Promise<undefined> | null }

/**
 * Makes a reader of one open file over blocks whose memory is used again and again. mediabunny's own cache joins
 * neighbouring reads by copying all of them each time: for a 2 MB segment that moved 30 MB and had the garbage
 * collector run through the whole heap every eighth segment. A block is only overwritten when 32 others were used
 * since, and mediabunny has two reads in flight and copies what it is given. Throws AppError `file_missing` when the
 * file has become shorter.
 */
export function createBlockReader(file: FileHandle, fileBytes: number): ReadBytes {
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
    block.filled = fill(file, block.bytes.subarray(0, end - start), start).then(
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

  const takeMemory = (): Buffer => {
    for (const [index, block] of blocks) {
      if (blocks.size < MAX_BLOCKS) break
      if (block.filled) continue
      blocks.delete(index)
      return block.bytes
    }
    return Buffer.allocUnsafeSlow(BLOCK_BYTES)
  }

  const readAcross = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafeSlow(end - start)
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

  return (start, end) => {
    if (end - start > LONGEST_CACHED_READ) return readWhole(file, start, end)
    const index = Math.floor(start / BLOCK_BYTES)
    if (Math.floor((end - 1) / BLOCK_BYTES) !== index) return readAcross(start, end)
    const block = blockAt(index)
    const view = block.bytes.subarray(start - index * BLOCK_BYTES, end - index * BLOCK_BYTES)
    return block.filled ? block.filled.then(() => view) : view
  }
}

async function readWhole(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(end - start)
  await fill(file, bytes, start)
  return bytes
}

async function fill(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at)
    // mediabunny would take what is missing for zeros.
    if (bytesRead === 0) throw new AppError('file_missing', 'The source became shorter while it was read.')
    at += bytesRead
  }
}
