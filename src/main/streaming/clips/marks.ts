import type { MediaIndex } from '../../../shared/media.ts'
import { evenCuts } from '../segment-plan.ts'

/** Times of a source, in seconds; `toS` is not among them, null: to the end. */
export type TimeRange = { fromS: number; toS: number | null }

/**
 * The times that sound can be read from, in seconds: those for which a scan has found the place. Null where any time
 * will do.
 */
export function soundMarks(index: MediaIndex): readonly number[] | null {
  const { scan, keyTimesS, startS, endS } = index
  if (scan?.kind !== 'transport' && scan?.kind !== 'frames') return null
  return keyTimesS.length > 0 ? keyTimesS : evenCuts(startS, endS)
}

/** The smallest range between marks that holds another. What lies before the first mark belongs to it. */
export function toMarks(marksS: readonly number[], { fromS, toS }: TimeRange): TimeRange & { keyS: number } {
  const first = marksS[0] ?? 0
  const keyS = marksS.findLast((markS) => markS <= fromS) ?? first
  const endS = toS === null ? undefined : marksS.find((markS) => markS >= toS && markS > keyS)
  return { keyS, fromS: Math.min(fromS, first) < first ? fromS : keyS, toS: endS ?? null }
}
