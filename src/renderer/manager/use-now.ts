import { useSyncExternalStore } from 'react'

/** Texts such as "Just now" are looked at again after this time, in ms. */
const TICK_MS = 30_000

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const it of listeners) it()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, Unix ms, exact to half a minute. One clock for the whole window. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)
