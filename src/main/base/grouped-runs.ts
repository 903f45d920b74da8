/**
 * Calls `work` so that runs with one key never overlap. Whoever asks while one is under way shares the next with all
 * who ask in the meantime: what each of them hears was found out after it asked, and a crowd costs little more than
 * one.
 */
export function groupedRuns<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  const waiting = new Map<string, Promise<T>>()

  const run = (key: string): Promise<T> => {
    const promise = work(key).finally(() => running.delete(key))
    running.set(key, promise)
    return promise
  }
  const next = (key: string, current: Promise<T>): Promise<T> => {
    const runNext = (): Promise<T> => {
      waiting.delete(key)
      return run(key)
    }
    const promise = current.then(runNext, runNext)
    waiting.set(key, promise)
    return promise
  }
  return (key) => {
    const shared = waiting.get(key)
    if (shared) return shared
    const current = running.get(key)
    return current ? next(key, current) : run(key)
  }
}
