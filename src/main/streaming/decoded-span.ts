import { LONGER_S, type TranscodePlan } from './transcode-plan.ts'

/** ffmpeg begins to decode so long before, for pictures that need earlier ones, and where seeking is rough. */
const PREROLL_S = 1
const ROUGH_PREROLL_S = 12
const EXACT_DEMUXERS = new Set(['mov', 'matroska'])

/** Seconds from the start of a plan that are taken of its source. */
export const takenS = ({ lengthS, isCutOff }: TranscodePlan): number =>
  isCutOff ? lengthS : lengthS + LONGER_S

/** The options before a source that is decoded from `fromS` on. */
export function seekOptions(demuxer: string, fromS: number): string[] {
  const seekS = fromS - (EXACT_DEMUXERS.has(demuxer) ? PREROLL_S : ROUGH_PREROLL_S)
  return seekS > 0 ? ['-ss', seekS.toFixed(3)] : []
}
