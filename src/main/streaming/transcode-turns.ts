import { availableParallelism } from 'node:os'

/** A place among those that may encode; gives it back. */
export type Turn = () => void

/** Somebody who encodes or waits for it. `urgency` is asked again whenever somebody gives a turn back. */
export type Encoding = {
  urgency: () => number
  /** It takes so little that it is done beside others; only those who need it more come first. */
  isLight?: boolean
}

/** Decides who encodes: at most so many at a time, and of those that wait the one that is needed most. */
export interface Turns {
  /** Throws the signal's reason on abort. */
  take(encoding: Encoding, signal: AbortSignal): Promise<Turn>
  /** Whether somebody who needs it more waits for one who has a turn. */
  isWanted(encoding: Encoding): boolean
}

/** An encoder makes use of two cores. */
export const ENCODERS_AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))

/** Makes the order of encoders: `max` of them at a time, and as many light ones. */
export function createTurns(max = ENCODERS_AT_ONCE): Turns {
  type Waiting = { encoding: Encoding; begin: () => void }
  const running = new Set<Encoding>()
  const waiting: Waiting[] = []

  const alike = (one: Encoding, other: Encoding): boolean =>
    (one.isLight ?? false) === (other.isLight ?? false)
  const isOutdone = (encoding: Encoding, others: Iterable<Encoding>): boolean =>
    [...others].some((it) => it.urgency() > encoding.urgency())
  const mayBegin = (encoding: Encoding): boolean =>
    [...running].filter((it) => alike(it, encoding)).length < max &&
    !(encoding.isLight && isOutdone(encoding, running))
  const nextInLine = (): Waiting | undefined =>
    waiting
      .filter((it) => mayBegin(it.encoding))
      .reduce<Waiting | undefined>(
        (best, it) => (best && best.encoding.urgency() >= it.encoding.urgency() ? best : it),
        undefined,
      )
  const handOn = (): void => {
    for (let next = nextInLine(); next; next = nextInLine()) {
      waiting.splice(waiting.indexOf(next), 1)
      running.add(next.encoding)
      next.begin()
    }
  }
  return {
    isWanted: (encoding) =>
      isOutdone(
        encoding,
        waiting.map((it) => it.encoding).filter((it) => alike(it, encoding)),
      ) ||
      (encoding.isLight === true && isOutdone(encoding, running)),
    async take({ urgency, isLight = false }, signal) {
      signal.throwIfAborted()
      // Who takes two turns has two.
      const encoding = { urgency, isLight }
      await new Promise<void>((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason as Error)
        }
        const entry: Waiting = {
          encoding,
          begin() {
            signal.removeEventListener('abort', leave)
            resolve()
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(entry)
        handOn()
      })
      return () => {
        if (running.delete(encoding)) handOn()
      }
    },
  }
}
