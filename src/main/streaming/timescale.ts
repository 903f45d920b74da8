/** Coarser clocks are multiplied, so that a player's rounding stays below 0.1 ms. */
const COARSEST_TIMESCALE = 10_000

/** Finer clocks, and those that are no whole number, are taken as microseconds: durations must fit 32 bits. */
const FINEST_TIMESCALE = 10_000_000
const MICROSECONDS = 1_000_000

/** A whole number of ticks per second that is a multiple of the source's clock. */
export function exactTimescale(resolution: number): number {
  const whole = Math.round(resolution)
  if (Math.abs(whole - resolution) > 1e-6 || whole > FINEST_TIMESCALE || whole < 1) return MICROSECONDS
  return whole >= COARSEST_TIMESCALE ? whole : whole * Math.ceil(COARSEST_TIMESCALE / whole)
}
