import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders of what is repacked once, by content, as others see them. */
export interface PackagedStore {
  /** Says that somebody watches this content. */
  note(fingerprint: string): void
  /** True when somebody did a moment ago. */
  isWatched(fingerprint: string): boolean
  remove(fingerprint: string): Promise<void>
  /** Removes every finished folder of a content that `isKnown` does not know. */
  removeUnknown(isKnown: (fingerprint: string) => boolean): Promise<void>
}

/** A player asks for a segment about as often as one lasts; a paused one comes back to a stream that is made again. */
const WATCHED_MS = 2 * 60_000

/** Makes the keeper of the folders in `dir`, but for those of names in `others`. */
export function createPackagedStore(dir: string, others: ReadonlySet<string>): PackagedStore {
  const seenMs = new Map<string, number>()
  const remove = async (fingerprint: string): Promise<void> => {
    // It becomes a path.
    if (!/^[\w-]+$/.test(fingerprint) || others.has(fingerprint)) return
    seenMs.delete(fingerprint)
    await rm(join(dir, fingerprint), { recursive: true, force: true })
  }
  return {
    note: (fingerprint) => void seenMs.set(fingerprint, Date.now()),
    isWatched: (fingerprint) => Date.now() - (seenMs.get(fingerprint) ?? 0) < WATCHED_MS,
    remove,
    async removeUnknown(isKnown) {
      const names = await readdir(dir).catch(() => [])
      await Promise.all(names.filter((name) => !isKnown(name)).map(remove))
    },
  }
}
