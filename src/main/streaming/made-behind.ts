import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import type { Log } from '../base/log.ts'
import { createLru } from '../base/lru.ts'

/** Things that are made behind the scenes when they are first asked for. */
export interface MadeBehind {
  /**
   * The bytes of a thing; when there are none, `make` begins and the answer is undefined: whoever asks again later gets
   * them. Null from `make` means that there is no such thing: AppError `not_found` from then on.
   */
  find(key: string, make: (signal: AbortSignal) => Promise<Uint8Array | null>): Promise<Buffer | undefined>
  /** Aborts what runs; resolves when it has ended. */
  close(): Promise<void>
}

/** Made at once, and waited for: each is some hundred runs of ffmpeg at most. */
const AT_ONCE = 1
const MAX_WAITING = 50
/** Things that cannot be made are not tried again at each question. */
const KEPT_FAILURES = 1_000

/** Makes the workshop; `cache` keeps what is made. */
export function createMadeBehind({
  cache,
  log,
}: {
  cache: Pick<DiskCache, 'get' | 'put'>
  log: Log
}): MadeBehind {
  const closing = new AbortController()
  const limit = createLimit(AT_ONCE)
  const making = new Map<string, Promise<void>>()
  const failed = createLru<true>({ max: KEPT_FAILURES })

  const begin = (key: string, make: (signal: AbortSignal) => Promise<Uint8Array | null>): void => {
    if (making.has(key) || making.size >= MAX_WAITING || closing.signal.aborted) return
    const run = limit(async () => {
      closing.signal.throwIfAborted()
      const bytes = await make(closing.signal)
      if (bytes) await cache.put(key, bytes)
      else failed.set(key, true)
    })
      .catch((error: unknown) => {
        if (closing.signal.aborted) return
        failed.set(key, true)
        log.info({ err: error, key }, 'something around a picture could not be made')
      })
      .finally(() => making.delete(key))
    making.set(key, run)
  }

  return {
    async find(key, make) {
      const known = await cache.get(key)
      if (known) return known
      if (failed.get(key)) throw new AppError('not_found', 'There is none of this file.')
      begin(key, make)
      return undefined
    },
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.all(making.values())
    },
  }
}
