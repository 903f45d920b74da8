/** Ticks after which a time stamp of 33 bits begins again: 26.5 h (ISO 13818-1 section 2.4.3.7). */
const WRAP_TICKS = 2 ** 33

/** The time that a 33 bit time stamp stands for, on a line without ends: the one that is nearest to `nearTicks`. */
export function unwrapTicks(ticks: number, nearTicks: number): number {
  return ticks + Math.round((nearTicks - ticks) / WRAP_TICKS) * WRAP_TICKS
}
