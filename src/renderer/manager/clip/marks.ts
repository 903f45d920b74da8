/** Where a part of a file begins and ends, in seconds, as far as it has been marked. */
export type Marks = { startS: number | null; endS: number | null }

/** A part of a file, in seconds. */
export type Stretch = { startS: number; endS: number }

/** Nothing is marked. */
export const NO_MARKS: Marks = { startS: null, endS: null }

/** A new start; an end that does not lie behind it is gone. */
export const withStart = ({ endS }: Marks, startS: number): Marks => ({
  startS,
  endS: endS !== null && endS <= startS ? null : endS,
})

/** A new end; a start that does not lie before it is gone. */
export const withEnd = ({ startS }: Marks, endS: number): Marks => ({
  startS: startS !== null && startS >= endS ? null : startS,
  endS,
})

/** The part that is marked: with one mark from there to the file's end or start, without any none. */
export function stretchOf({ startS, endS }: Marks, durationS: number | null): Stretch | null {
  if (startS === null && endS === null) return null
  const end = endS ?? durationS
  return end === null || end <= (startS ?? 0) ? null : { startS: startS ?? 0, endS: end }
}

/** To the millisecond, which is what the fields show. */
export const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** What is wrong with a typed time, in a sentence; null when it may stand. */
export function faultOf(
  which: 'start' | 'end',
  seconds: number | null,
  { startS, endS }: Marks,
  durationS: number | null,
): 'unreadable' | 'behind_end' | 'not_behind_start' | 'beyond_file' | null {
  if (seconds === null) return 'unreadable'
  // What the fields show is rounded: a typed end may be the file's to the millisecond.
  if (durationS !== null && seconds > durationS + 0.0005) return 'beyond_file'
  if (which === 'start' && (seconds >= (endS ?? Infinity) || seconds === durationS)) return 'behind_end'
  if (which === 'end' && seconds <= (startS ?? 0)) return 'not_behind_start'
  return null
}
