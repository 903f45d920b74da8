type Run = { promise: Promise<unknown>; abort: AbortController; callers: number }

/** Work that overlapping callers share; see `sharedRuns`. */
export type SharedRun<T> = (
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>

/**
 * Calls with one key that overlap in time share one run of `work`. The run is aborted when the last of its
 * callers has left, never because one of them did: hls.js aborts and retries as a matter of course.
 */
export function sharedRuns<T>(): SharedRun<T> {
  const runs = new Map<string, Run>()

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Run => {
    const abort = new AbortController()
    const run: Run = { abort, callers: 0, promise: Promise.resolve() }
    run.promise = work(abort.signal).finally(() => {
      if (runs.get(key) === run) runs.delete(key)
    })
    // Callers that left no longer listen; their run's failure is nobody's surprise.
    run.promise.catch(() => undefined)
    runs.set(key, run)
    return run
  }

  return async (key, signal, work) => {
    signal.throwIfAborted()
    const run = runs.get(key) ?? start(key, work)
    run.callers += 1
    let leave = (): void => undefined
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason as Error)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return (await Promise.race([run.promise, left])) as T
    } finally {
      signal.removeEventListener('abort', leave)
      run.callers -= 1
      if (run.callers === 0) {
        run.abort.abort(signal.reason)
        if (runs.get(key) === run) runs.delete(key)
      }
    }
  }
}
