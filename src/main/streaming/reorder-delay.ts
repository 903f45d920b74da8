/** Packets at the start of a file that tell its reorder delay. */
export const REORDER_SAMPLE_PACKETS = 300

/** Most frames that H.264 holds back for reordering (section A.3.1, MaxDpbFrames). */
const MAX_REORDER_FRAMES = 16

/**
 * How far decoding must run ahead so that no frame is presented before it is decoded, in seconds: with the sorted
 * presentation times as decode times, the most that one of them is late. `timesS` are in decode order; when they are
 * as many as a sample has, more packets follow and might sort between the last ones, which then do not count.
 */
export function reorderDelayS(timesS: readonly number[]): number {
  const sorted = [...timesS].sort((a, b) => a - b)
  const sure = timesS.length < REORDER_SAMPLE_PACKETS ? timesS.length : timesS.length - MAX_REORDER_FRAMES
  return timesS
    .slice(0, sure)
    .reduce((delay, timeS, position) => Math.max(delay, (sorted[position] ?? timeS) - timeS), 0)
}
