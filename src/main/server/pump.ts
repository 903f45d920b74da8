import { read } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { Piece } from './multipart.ts'
import type { ByteRange } from './ranges.ts'

/**
 * Measured: the size from which reading and writing cost the least. Larger ones leave the processor's cache before they
 * are written; reading the next while one is written gains nothing where the client needs a core too.
 */
const CHUNK_BYTES = 512 * 1024
/**
 * Buffers of that size in use at once: for more clients than keep a machine busy. Those beyond, who may be stalling us,
 * get small ones, with which the same bytes cost twice the work.
 */
const MAX_LARGE = 64
const SMALL_CHUNK_BYTES = 64 * 1024
/** Small buffers kept for the next client. */
const MAX_FREE_SMALL = 64
/** When nothing was sent for so long, free buffers are given up. */
const IDLE_MS = 5_000

/** Writes pieces of an open file into a response whose head is written. `gone` tells that its client has left. */
export type Pump = (
  fd: number,
  pieces: readonly Piece[],
  response: ServerResponse,
  gone: AbortSignal,
) => Promise<void>

/**
 * Makes the pump of one listener. It reads and writes in turn, a chunk at a time: the next is read when the last has
 * left, so nothing piles up behind a slow client. Resolves when all is out or the client has left; rejects when the
 * file cannot be read to its end.
 */
export function createPump(): Pump {
  const buffers = createBuffers()

  return async (fd, pieces, response, gone) => {
    let wake = (): void => undefined
    const hasLeft = (): boolean => gone.aborted || response.destroyed
    response.once('close', () => wake())
    for (const piece of pieces) {
      // Writing to a response that is gone throws in places where nobody can catch it.
      if (hasLeft()) return
      if (typeof piece === 'string') response.write(piece, 'latin1')
      else await copy(piece)
    }
    if (!hasLeft()) response.end()

    async function copy({ first, last }: ByteRange): Promise<void> {
      for (let at = first; at <= last && !hasLeft();) {
        const left = last - at + 1
        const buffer = buffers.take(left)
        try {
          const count = await readAt(fd, buffer, Math.min(buffer.byteLength, left), at)
          if (hasLeft()) return
          if (count === 0) throw new Error('the file became shorter')
          at += count
          await new Promise<void>((resolve) => {
            wake = resolve
            response.write(buffer.subarray(0, count), () => resolve())
          })
        } finally {
          // A buffer that the kernel may still be reading is left to the garbage collector.
          buffers.giveBack(buffer, { reusable: !hasLeft() })
        }
      }
    }
  }
}

function readAt(fd: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, position, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}

/** Keeps buffers for reuse: a new one for every chunk costs more than reading into it. */
function createBuffers() {
  const large: Buffer[] = []
  const small: Buffer[] = []
  let largeInUse = 0
  const idle = setTimeout(() => {
    large.length = 0
    small.length = 0
  }, IDLE_MS).unref()
  return {
    take(wanted: number): Buffer {
      if (wanted <= SMALL_CHUNK_BYTES || largeInUse >= MAX_LARGE) {
        return small.pop() ?? Buffer.allocUnsafeSlow(SMALL_CHUNK_BYTES)
      }
      largeInUse += 1
      return large.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
    },
    giveBack(buffer: Buffer, { reusable }: { reusable: boolean }): void {
      const isLarge = buffer.byteLength === CHUNK_BYTES
      if (isLarge) largeInUse -= 1
      if (!reusable) return
      if (isLarge) large.push(buffer)
      else if (small.length < MAX_FREE_SMALL) small.push(buffer)
      idle.refresh()
    },
  }
}
