import type { EngineEvent } from '../../../shared/events.ts'

/** Asks, and writes the answer; what the engine told while it was on its way is written once more after it. */
export type Read = <T>(request: () => Promise<T>, write: (answer: T) => void) => Promise<void>

/** Events on their way into the stores. */
export interface Inbox {
  put(event: EngineEvent): void
  read: Read
  stop(): void
}

/** Events of this time are written together, in ms. */
const BATCH_MS = 50

/**
 * Makes the inbox. An answer may be older than events that came while it was on its way; each event carries the whole
 * new state of its object, so that applying it a second time sets that right and does no harm.
 */
export function createInbox(apply: (events: readonly EngineEvent[]) => void): Inbox {
  let waiting: EngineEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Events since the oldest request that is on its way. */
  let recent: EngineEvent[] = []
  let requests = 0

  return {
    put(event) {
      if (requests > 0) recent.push(event)
      waiting.push(event)
      timer ??= setTimeout(() => {
        timer = undefined
        const events = waiting
        waiting = []
        apply(events)
      }, BATCH_MS)
    },
    async read(request, write) {
      const from = recent.length
      requests += 1
      try {
        write(await request())
        const since = recent.slice(from)
        if (since.length > 0) apply(since)
      } finally {
        requests -= 1
        if (requests === 0) recent = []
      }
    },
    stop: () => clearTimeout(timer),
  }
}
