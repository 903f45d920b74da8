import type { FileHandle } from 'node:fs/promises'
import { headerOf } from './ebml.ts'
import { MATROSKA_ID as ID } from './matroska-ids.ts'

/** The EBML header and that of the Segment: some dozens of bytes. */
const HEAD_BYTES = 4096

/** Bytes at the end of a file in which the cluster is looked for that was broken off: some seconds of a film. */
const TAIL_BYTES = 8 * 1024 * 1024

const CLUSTER_ID = Buffer.from([0x1f, 0x43, 0xb6, 0x75])

/**
 * Tells where the last whole cluster of a Matroska file ends whose Segment says that it is longer than the file (RFC 9559
 * section 5.1): of a cluster that is not all there mediabunny reads nothing, and players would wait for what its index
 * names. All of the file where that is whole, says nothing, or is no Matroska.
 */
export async function endOfWholeClusters(file: FileHandle, size: number): Promise<number> {
  if (!(await isCutOff(file, size))) return size
  const tail = Buffer.alloc(Math.min(TAIL_BYTES, size))
  const tailAt = size - tail.length
  await file.read(tail, 0, tail.length, tailAt)
  // The word may stand in a picture too; a cluster begins with its time, or with a checksum before that.
  for (let at = tail.lastIndexOf(CLUSTER_ID); at >= 0; at = tail.lastIndexOf(CLUSTER_ID, at - 1)) {
    const cluster = headerOf(tail, at)
    const first = cluster ? headerOf(tail, cluster.start) : null
    if (cluster && (first?.id === ID.timestamp || first?.id === ID.checksum)) {
      return tailAt + cluster.start + cluster.size > size ? tailAt + at : size
    }
    if (at === 0) break
  }
  return size
}

async function isCutOff(file: FileHandle, size: number): Promise<boolean> {
  const head = Buffer.alloc(HEAD_BYTES)
  await file.read(head, 0, HEAD_BYTES, 0)
  const ebml = headerOf(head, 0)
  if (ebml?.id !== ID.ebml) return false
  const segment = headerOf(head, ebml.start + ebml.size)
  if (segment?.id !== ID.segment || segment.size === Infinity) return false
  return segment.start + segment.size > size
}
