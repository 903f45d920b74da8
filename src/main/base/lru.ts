/** A bounded map that forgets what was not used for longest. */
export interface Lru<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
  clear(): void
  readonly size: number
}

/**
 * Makes an LRU that holds values up to `max` in sum of `sizeOf` (1 each when absent). `onEvict` hears each value
 * that leaves, by age, replacement, delete or clear. A value larger than `max` is not kept, and is evicted at once.
 */
export function createLru<Value>(options: {
  max: number
  sizeOf?: (value: Value) => number
  onEvict?: (value: Value) => void
}): Lru<Value> {
  const { max, sizeOf = () => 1, onEvict } = options
  // A Map iterates in insertion order: re-inserting on use keeps the oldest first.
  const entries = new Map<string, Value>()
  let total = 0

  const drop = (key: string): void => {
    const value = entries.get(key)
    if (value === undefined) return
    entries.delete(key)
    total -= sizeOf(value)
    onEvict?.(value)
  }

  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      drop(key)
      entries.set(key, value)
      total += sizeOf(value)
      for (const oldest of entries.keys()) {
        if (total <= max) break
        drop(oldest)
      }
    },
    delete: drop,
    clear() {
      for (const key of [...entries.keys()]) drop(key)
    },
    get size() {
      return entries.size
    },
  }
}
