import { headerOf, unsigned, vint } from './ebml.ts'
import { MATROSKA_ID as ID } from './matroska-ids.ts'
import { openFile } from './source.ts'

/** Bytes at the end of a file that hold its last cluster: some seconds of a film. */
const TAIL_BYTES = 8 * 1024 * 1024

const CLUSTER_ID = Buffer.from([0x1f, 0x43, 0xb6, 0x75])

/**
 * Tells from its last cluster how long a Matroska file lasts that does not say so: one that was broken off, or made by a
 * browser. `unitsPerS` is its clock. In seconds, without the length of the last frame; null when there is no cluster
 * near the end.
 */
export async function lastTimeS(path: string, unitsPerS: number): Promise<number | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size))
    await file.read(tail, 0, tail.length, size - tail.length)
    // The word may stand in a picture too: then the one before it is tried.
    for (let at = tail.lastIndexOf(CLUSTER_ID); at >= 0; at = tail.lastIndexOf(CLUSTER_ID, at - 1)) {
      const units = lastTimeIn(tail, at)
      if (units !== null && units > 0) return units / unitsPerS
      if (at === 0) break
    }
    return null
  } finally {
    await file.close()
  }
}

/** The latest time of a block in the cluster at a place; null when there is no cluster. */
function lastTimeIn(bytes: Buffer, clusterAt: number): number | null {
  const cluster = headerOf(bytes, clusterAt)
  if (!cluster) return null
  let clusterTime: number | null = null
  let latest: number | null = null
  for (let at = cluster.start; at < bytes.length;) {
    const element = headerOf(bytes, at)
    if (!element) break
    const { id, start, size } = element
    if (id === ID.timestamp) clusterTime = unsigned(bytes, start, size)
    const track = id === ID.simpleBlock || id === ID.block ? vint(bytes, start, true) : null
    if (track && clusterTime !== null && track.end + 2 <= bytes.length) {
      latest = Math.max(latest ?? 0, clusterTime + bytes.readInt16BE(track.end))
    }
    at = id === ID.blockGroup ? start : start + size
  }
  return latest
}
