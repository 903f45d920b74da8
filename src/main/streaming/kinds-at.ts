import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { createLimit } from '../base/limit.ts'
import {
  HEAD_BYTES,
  readKindAt,
  type KindReader,
  type PictureKind,
  type SamplePlace,
} from './picture-kind.ts'

/** Time that reading without yielding may take, so that viewers do not notice. */
const TURN_MS = 4

/** A read that takes longer than this waited for a disk: from then on others go on meanwhile. */
const WAITED_MS = 1

/** Reads in flight: the disk may order them, the thread pool is not filled. */
const READS_AT_ONCE = 8

/**
 * Tells the kinds of frames by reading no more of each than it takes. Small reads from the system's cache take 2 µs,
 * by way of the thread pool 40: so they are made directly, in short turns, as long as none has to wait for the disk.
 */
export async function readKindsAt(
  file: FileHandle,
  places: readonly SamplePlace[],
  kindOf: KindReader,
  signal: AbortSignal,
): Promise<PictureKind[]> {
  const kinds: PictureKind[] = []
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  let turnStart = performance.now()
  let hasWaited = false
  while (kinds.length < places.length && !hasWaited) {
    const place = places[kinds.length]
    if (!place) break
    const before = performance.now()
    const bytes = readSync(file.fd, head, 0, Math.min(HEAD_BYTES, place.bytes), place.offset)
    const kind = kindOf(head.subarray(0, bytes))
    const now = performance.now()
    hasWaited = now - before > WAITED_MS
    kinds.push(typeof kind === 'string' ? kind : await readKindAt(file, place, kindOf))
    if (now - turnStart > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      turnStart = performance.now()
    }
  }

  const limit = createLimit(READS_AT_ONCE)
  const rest = places.slice(kinds.length).map((place) =>
    limit(() => {
      signal.throwIfAborted()
      return readKindAt(file, place, kindOf)
    }),
  )
  return [...kinds, ...(await Promise.all(rest))]
}
