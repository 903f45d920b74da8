import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { createLimit } from '../base/limit.ts'

/** Reads some bytes at a place; fewer where the file ends. */
export type SmallRead = (at: number, length: number) => Buffer | Promise<Buffer>

/** Time that reading without yielding may take, so that viewers do not notice. */
const TURN_MS = 4

/** A read that takes longer than this waited for a disk. */
const WAITED_MS = 1

/** Reads in flight: the disk may order them, the thread pool is not filled. */
const READS_AT_ONCE = 8

/** Items whose reads wait for the disk together, until a direct one is tried again. */
const WAITING_ITEMS = 64

/**
 * Does `work` for each item, which reads a little here and there. Small reads from the system's cache take 2 µs, by way
 * of the thread pool 40: so they are made directly, in short turns. After one that had to wait for the disk, the next
 * items go by the thread pool, several at a time.
 */
export async function readForEach<Item, Result>(
  file: FileHandle,
  items: readonly Item[],
  work: (item: Item, read: SmallRead) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = []
  const disk = { hasWaited: false }
  const readNow: SmallRead = (at, length) => {
    const bytes = Buffer.allocUnsafe(length)
    const before = performance.now()
    const bytesRead = readSync(file.fd, bytes, 0, length, at)
    if (performance.now() - before > WAITED_MS) disk.hasWaited = true
    return bytes.subarray(0, bytesRead)
  }
  const readLater: SmallRead = async (at, length) => {
    const bytes = Buffer.allocUnsafe(length)
    const { bytesRead } = await file.read(bytes, 0, length, at)
    return bytes.subarray(0, bytesRead)
  }

  const limit = createLimit(READS_AT_ONCE)
  let turnStart = performance.now()
  while (results.length < items.length) {
    if (disk.hasWaited) {
      disk.hasWaited = false
      const next = items.slice(results.length, results.length + WAITING_ITEMS)
      results.push(...(await Promise.all(next.map((it) => limit(() => work(it, readLater))))))
    } else {
      results.push(await work(items[results.length] as Item, readNow))
    }
    if (performance.now() - turnStart <= TURN_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
    turnStart = performance.now()
  }
  return results
}
