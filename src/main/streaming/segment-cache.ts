import { createLru, type Lru } from '../base/lru.ts'

/** Bytes of finished segments kept in memory: some half a minute of film for every viewer of a small audience. */
const CACHE_BYTES = 64 * 1024 * 1024

/** Makes the memory cache of finished segments; one that is larger than all of it is simply not kept. */
export function createSegmentCache(): Lru<Uint8Array> {
  return createLru({ max: CACHE_BYTES, sizeOf: (bytes) => bytes.byteLength })
}
