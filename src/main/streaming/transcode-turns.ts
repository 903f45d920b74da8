import { availableParallelism } from 'node:os'

/** A place among those that may encode; gives it back. */
export type Turn = () => void

/** Decides who encodes: at most so many at a time, and of those that wait the one that is needed most. */
export interface Turns {
  /** `urgency` is asked again whenever a place becomes free. Throws the signal's reason on abort. */
  take(urgency: () => number, signal: AbortSignal): Promise<Turn>
  /** Whether somebody waits who needs a turn more than one of this urgency does. */
  isWanted(urgency: number): boolean
}

/** An encoder makes use of two cores. */
export const ENCODERS_AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/** Makes the order of encoders, `max` of them at a time. */
export function createTurns(max = ENCODERS_AT_ONCE): Turns {
  type Waiting = { urgency: () => number; begin: () => void }
  let running = 0
  const waiting: Waiting[] = []
  const handOn = (): void => {
    if (running >= max) return
    const next = waiting.reduce<Waiting | null>(
      (best, it) => (best && best.urgency() >= it.urgency() ? best : it),
      null,
    )
    if (!next) return
    waiting.splice(waiting.indexOf(next), 1)
    running += 1
    next.begin()
  }
  const turn = (): Turn => {
    let given = false
    return () => {
      if (given) return
      given = true
      running -= 1
      handOn()
    }
  }
  return {
    isWanted: (urgency) => waiting.some((it) => it.urgency() > urgency),
    async take(urgency, signal) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason as Error)
        }
        const entry: Waiting = {
          urgency,
          begin() {
            signal.removeEventListener('abort', leave)
            resolve()
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(entry)
        handOn()
      })
      return turn()
    },
  }
}
