/** Slots made ahead of the last that was asked for. */
export const AHEAD = 5

/** A playhead so far before the film that nothing is made for it. */
export const UNASKED = -AHEAD - 1

/** An encoder waits so long for somebody to come nearer, in ms. */
const IDLE_MS = 30_000

/** How much an encoder is needed. */
export const URGENCY = { paused: 0, background: 1, ahead: 2, awaited: 3 }

/** An encoder at work. */
export type Run = {
  first: number
  next: number
  /** The last slot that was asked for; Infinity to go to the end. */
  playhead: number
  /** By the clock of all tracks, for the least recently asked of all is the one to go. */
  askedAt: number
  isAlive: boolean
  isEncoding: boolean
  waiting: Map<number, PromiseWithResolvers<Buffer>>
  configuration: PromiseWithResolvers<Buffer>
  /** How many wait for something of it. */
  callers: number
  poke: () => void
  abort: AbortController
  ended: Promise<void>
}

/** Ends an encoder that nobody needs any more: no failure of the file's. */
export class Superseded extends Error {}

/** A run of an encoder that begins at a slot, and makes ahead of `playhead`. */
export function newRun(first: number, playhead: number): Run {
  const run: Run = {
    ...{ first, next: first, playhead, askedAt: performance.now(), isAlive: false, isEncoding: false },
    ...{ waiting: new Map(), configuration: Promise.withResolvers(), callers: 0 },
    poke: () => undefined,
    ...{ abort: new AbortController(), ended: Promise.resolve() },
  }
  run.configuration.promise.catch(() => undefined)
  return run
}

/** How much a run is needed now: more is more. */
export function urgencyOf(run: Run): number {
  if (run.callers > 0) return URGENCY.awaited
  if (!Number.isFinite(run.playhead)) return URGENCY.background
  return isNear(run) ? URGENCY.ahead : URGENCY.paused
}

/** It was begun for the encoder's configuration, which nobody waits for any more, and no slot of it was asked for. */
export const isUnasked = (run: Run): boolean => run.playhead === UNASKED && run.callers === 0

/** Somebody is at its next slot soon. */
export const isNear = (run: Run): boolean => run.next <= run.playhead + AHEAD

/** Waits until somebody comes near. Throws Superseded when nobody does. */
export async function untilNear(run: Run, signal: AbortSignal): Promise<void> {
  if (isNear(run)) return
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const idle = setTimeout(() => reject(new Superseded('nobody watches any more')), IDLE_MS)
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  run.poke = () => {
    if (isNear(run)) resolve(undefined)
  }
  try {
    signal.throwIfAborted()
    await promise
  } finally {
    clearTimeout(idle)
    signal.removeEventListener('abort', onAbort)
  }
}

/** What a promise comes to, for as long as the caller stays. Throws the signal's reason when they leave. */
export async function orLeave<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([promise, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
