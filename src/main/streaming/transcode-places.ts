import { createTurns, ENCODERS_AT_ONCE, type Turn } from './transcode-turns.ts'

/** An encoder that lives, whether it has its turn or waits. */
export type Tenant = {
  /** How much it is needed now. */
  urgency: () => number
  /** When somebody asked it for something last; more is later. */
  askedAt: () => number
  /** It has its turn: what it is at comes out soon. */
  isEncoding: () => boolean
  /** Kills it; its place is free when it gives it back. */
  end: () => void
}

/** Decides how many encoders live: one that waits costs no processor, but as much memory as one that works. */
export interface Places {
  /** Waits for a place, and ends whoever is needed less for it. Throws the signal's reason on abort. */
  take(tenant: Tenant, signal: AbortSignal): Promise<Turn>
  /** Is told when an encoder rests, which somebody may be waiting for. */
  makeRoom(): void
  /** How many wait for a place. */
  waiting(): number
}

/** Sound and picture of two films for each encoder that works, and of four on the smallest machine. */
export const ENCODERS_ALIVE = Math.max(8, 4 * ENCODERS_AT_ONCE)

/** Makes the places of encoders, `max` of them. */
export function createPlaces(max = ENCODERS_ALIVE): Places {
  const turns = createTurns(max)
  const living = new Set<Tenant>()
  const ending = new Set<Tenant>()
  const waiting = new Set<Tenant>()

  const leastNeeded = (): Tenant | undefined =>
    [...living]
      .filter((it) => !ending.has(it) && !it.isEncoding())
      .sort((a, b) => a.urgency() - b.urgency() || a.askedAt() - b.askedAt())[0]
  const makeRoom = (): void => {
    while (living.size >= max) {
      const least = leastNeeded()
      if (!least) return
      const above = [...waiting].filter((it) => it.urgency() > least.urgency())
      // Whoever is being ended makes room for one of them.
      if (above.length <= ending.size) return
      ending.add(least)
      least.end()
    }
  }
  return {
    makeRoom,
    waiting: () => waiting.size,
    async take(tenant, signal) {
      waiting.add(tenant)
      makeRoom()
      let giveBack: Turn
      try {
        giveBack = await turns.take(tenant, signal)
      } finally {
        waiting.delete(tenant)
      }
      living.add(tenant)
      makeRoom()
      return () => {
        living.delete(tenant)
        ending.delete(tenant)
        giveBack()
      }
    },
  }
}
