import type { Input } from 'mediabunny'
import type { Playable } from '../media/playable.ts'
import type { OpenSource } from '../media/source.ts'
import { openReadings, type Reading, type Readings } from './remux-reading.ts'
import type { RenditionPlan } from './variant.ts'

/** The renditions of an open source, each opened once. */
export type SourceReadings = (source: OpenSource, playable: Playable, plan: RenditionPlan) => Promise<Reading>

/** An open source, and the renditions of it that were opened, by what they are made of. */
type Opened = { open: Readings; readings: Map<string, Promise<Reading>> }

/** Makes the memory of what open sources have been asked before; it goes with them. */
export function createSourceReadings(): SourceReadings {
  const known = new WeakMap<Input, Opened>()
  return (source, playable, plan) => {
    const opened: Opened = known.get(source.input) ?? {
      open: openReadings(source, playable),
      readings: new Map(),
    }
    known.set(source.input, opened)
    const key = `${plan.picture}/${String(plan.sound)}/${plan.madeSound !== undefined}`
    const reading: Promise<Reading> = opened.readings.get(key) ?? opened.open(plan)
    opened.readings.set(key, reading)
    reading.catch(() => known.delete(source.input))
    return reading
  }
}
