import type { MediaIndex } from '../../shared/media.ts'
import type { MediaSegment } from './packager.ts'

/** Seconds that a Media Segment should last: quick to start, and a seek fetches little. */
export const TARGET_SEGMENT_S = 4

/** Key times are rationals in floats; a key this much early still counts as 4 s after the last cut. */
const TOLERANCE_S = 1e-3

/** A remainder of audio shorter than this joins the segment before it: alone it might hold no packet at all. */
const SHORTEST_TAIL_S = 1

/**
 * Plans the Media Segments of a whole file: with video, each begins at the first IDR that is at least 4 s after the
 * last cut; without, every 4 s. They adjoin, so every time of the file lies in exactly one of them.
 */
export function planSegments(index: MediaIndex): MediaSegment[] {
  const startS = presentationStartS(index)
  const cutsS = index.keyTimesS.length > 0 ? keyCuts(index.keyTimesS, startS) : evenCuts(startS, index.endS)
  return cutsS.map((cutS, position) => ({
    index: position,
    startS: cutS,
    endS: cutsS[position + 1] ?? Math.max(index.endS, cutS + TOLERANCE_S),
  }))
}

/**
 * Where the stream begins in the source's time, in seconds. Before 0 only when video packets precede it (a cut made
 * with an edit list): a browser cannot decode those without showing them, and without them it could not decode on.
 */
export function presentationStartS(index: MediaIndex): number {
  return Math.min(index.startS, index.keyTimesS[0] ?? index.startS)
}

/** The longest time between two IDRs, or the last IDR and the end, in seconds; 0 without video. */
export function longestGopS(index: MediaIndex): number {
  return index.keyTimesS.reduce(
    (longest, keyS, position) => Math.max(longest, (index.keyTimesS[position + 1] ?? index.endS) - keyS),
    0,
  )
}

function keyCuts(keyTimesS: readonly number[], startS: number): number[] {
  const cuts = [startS]
  let lastS = startS
  for (const keyS of keyTimesS.slice(1)) {
    if (keyS - lastS < TARGET_SEGMENT_S - TOLERANCE_S) continue
    cuts.push(keyS)
    lastS = keyS
  }
  return cuts
}

/** Where sound is cut: every 4 s, without a remainder that might hold no packet. */
export function evenCuts(startS: number, endS: number): number[] {
  const count = Math.max(1, Math.floor((endS - startS - SHORTEST_TAIL_S) / TARGET_SEGMENT_S) + 1)
  return Array.from({ length: count }, (_, position) => startS + position * TARGET_SEGMENT_S)
}
