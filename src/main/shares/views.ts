import { createLru } from '../base/lru.ts'

/** One viewer counts once in this time. */
const WINDOW_MS = 30 * 60_000
/** Viewers remembered at once; a flood of made-up ones costs their memory, nothing else. */
const MAX_VIEWERS = 10_000

/** Makes the memory of who was counted: true for a viewer of a share that is new within 30 minutes. Never stored. */
export function createViews(now: () => number): (shareId: string, session: string) => boolean {
  const seen = createLru<number>({ max: MAX_VIEWERS })
  return (shareId, session) => {
    const key = `${shareId}/${session}`
    const at = seen.get(key)
    if (at !== undefined && now() - at < WINDOW_MS) return false
    seen.set(key, now())
    return true
  }
}
