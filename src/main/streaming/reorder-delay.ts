/**
 * How far decoding must run ahead so that no frame is presented before it is decoded, in seconds: with the sorted
 * presentation times as decode times, the most that one of them is late. `timesS` are in decode order; only the
 * first `sure` of them count when more packets follow, which might sort between the last ones.
 */
export function reorderDelayS(timesS: readonly number[], sure: number): number {
  const sorted = [...timesS].sort((a, b) => a - b)
  return timesS
    .slice(0, sure)
    .reduce((delay, timeS, position) => Math.max(delay, (sorted[position] ?? timeS) - timeS), 0)
}
