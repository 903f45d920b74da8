/** Tries of something that is made while we wait, and the pause before each, in ms. */
const PAUSES_MS: readonly number[] = [0, 1_500, 3_000, 5_000, 10_000, 20_000, 30_000]

/**
 * Fetches what the server may still be making: 202 means not yet, and is asked again less and less often. Null when it
 * has not come, when there is none, or when `signal` says that nobody waits any more.
 */
export async function fetchMade(url: string, signal: AbortSignal): Promise<Response | null> {
  for (const pauseMs of PAUSES_MS) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (signal.aborted) return null
    const answer = await fetch(url, { signal }).catch(() => null)
    if (answer?.status === 200) return answer
    if (answer && answer.status !== 202 && answer.status < 500) return null
  }
  return null
}
