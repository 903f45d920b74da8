import type { Playback } from '../../shared/api/share.ts'
import type { Moment } from '../../shared/link-times.ts'

const EVERY_MS = 1_000
/** The owner's computer may be away for a while; it is asked less and less often. */
const MAX_PAUSE_MS = 10_000

/** What may come of waiting. */
export type Waiting = {
  /** The newest facts, also when they are the last. */
  onChange: (playback: Playback) => void
  /** The server no longer shows this share at all. */
  onGone: () => void
  /** Ends the asking. */
  signal?: AbortSignal
  everyMs?: number
}

/** Asks for the facts of a share, or of a clip of it, until it is completed or failed. */
export async function waitUntilReady(
  { id, clip }: { id: string; clip?: Moment },
  { onChange, onGone, signal, everyMs = EVERY_MS }: Waiting,
): Promise<void> {
  const query = clip ? `?clip_start=${clip.startS}&clip_end=${clip.endS}` : ''
  let failures = 0
  while (signal?.aborted !== true) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(everyMs * 2 ** failures, MAX_PAUSE_MS)))
    try {
      const answer = await fetch(`/share/${id}/playback${query}`)
      if (answer.status === 401 || answer.status === 404 || answer.status === 410) {
        onGone()
        return
      }
      if (!answer.ok) throw new Error(`playback answered ${answer.status}`)
      const playback = (await answer.json()) as Playback
      failures = 0
      onChange(playback)
      if (playback.status === 'completed' || playback.status === 'failed') return
    } catch {
      failures += 1
    }
  }
}
