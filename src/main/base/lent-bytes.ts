/** Most buffers of each size that wait for their next use. */
const MAX_SPARE = 4

const spare = new Map<number, Buffer[]>()

/**
 * Lends a buffer for the time of `work`, which must not keep it; what is in it before is of no meaning. Buffers made for
 * each file of a folder would be left to the collector, which looks through the whole heap for so much of them.
 */
export async function lendBytes<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T> {
  const kept = spare.get(bytes) ?? []
  spare.set(bytes, kept)
  const buffer = kept.pop() ?? Buffer.allocUnsafeSlow(bytes)
  try {
    return await work(buffer)
  } finally {
    if (kept.length < MAX_SPARE) kept.push(buffer)
  }
}
