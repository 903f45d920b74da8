import { MAX_SEGMENTS, type ManualConfig, type UniformConfig } from '../../shared/api/segment.ts'
import type { Chapter } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import type { ClipWindow } from '../media/playable.ts'

/** Times are kept to the microsecond: finer is float noise, and a frame is never so short. */
const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

/**
 * The window from `startS` to `endS` of a file of `durationS`; an end behind the file's is the file's. Throws AppError
 * `bad_request` when nothing lies in it; `names` says how the fields are called where they came from.
 */
export function windowIn(
  { startS, endS }: ClipWindow,
  durationS: number,
  names: { start: string; end: string } = { start: 'start_time', end: 'end_time' },
): ClipWindow {
  const window = { startS: toMicroseconds(startS), endS: toMicroseconds(Math.min(endS, durationS)) }
  // Also for what is no number: no comparison with it holds.
  if (!(startS >= 0)) throw new AppError('bad_request', `"${names.start}" must be at least 0.`)
  if (!(startS < durationS)) {
    throw new AppError('bad_request', `"${names.start}" lies behind the end, which is at ${durationS} s.`)
  }
  if (!(window.endS > window.startS)) {
    throw new AppError('bad_request', `"${names.end}" must be greater than "${names.start}".`)
  }
  return window
}

/** The marked windows. All must begin inside `range`; they end with it at the latest. Throws AppError `bad_request`. */
export function manualWindows({ segments }: ManualConfig, range: ClipWindow): ClipWindow[] {
  return segments.map(({ start_time: startS, end_time: endS }, at) => {
    const [start, end] = [`manual_config.segments.${at}.start_time`, `manual_config.segments.${at}.end_time`]
    if (startS < range.startS)
      throw new AppError('bad_request', `"${start}" lies before "start_time_seconds".`)
    return windowIn({ startS, endS }, range.endS, { start, end })
  })
}

/** A window, and the name that it came with. */
export type NamedWindow = { window: ClipWindow; name: string | null }

/** Chapters as windows, as far as they lie in `range`; what a broken file says of others is left out. */
export function chapterWindows(chapters: readonly Chapter[], range: ClipWindow): NamedWindow[] {
  const found = chapters.map(({ startS, endS, title }) => ({
    window: {
      startS: toMicroseconds(Math.max(startS, range.startS)),
      endS: toMicroseconds(Math.min(endS, range.endS)),
    },
    name: title?.trim() ? title.trim().slice(0, 500) : null,
  }))
  return found.filter(({ window }) => window.endS > window.startS).slice(0, MAX_SEGMENTS)
}

/**
 * Windows of one length over `range`; the last one ends with it, and none lies inside of that one. Throws AppError
 * `bad_request` when there would be too many.
 */
export function uniformWindows(
  { window_seconds: lengthS, hop_seconds: hopS = lengthS }: UniformConfig,
  { startS, endS }: ClipWindow,
): ClipWindow[] {
  const windows: ClipWindow[] = []
  for (let at = 0; ; at += 1) {
    const fromS = toMicroseconds(startS + at * hopS)
    // What float noise leaves behind the last whole window is no window.
    if (fromS >= endS - 1e-3) return windows
    if (windows.length === MAX_SEGMENTS) {
      throw new AppError('bad_request', `This would make more than ${MAX_SEGMENTS} segments.`)
    }
    windows.push({ startS: fromS, endS: toMicroseconds(Math.min(fromS + lengthS, endS)) })
    if (fromS + lengthS >= endS) return windows
  }
}

/** What shots are made of: seconds, and whether all of `range` is to be covered. */
export type ShotRules = { range: ClipWindow; minS: number; maxS: number; fillGaps: boolean }

/**
 * Turns the times of cuts, rising, into shots. One shorter than `minS` is joined to the one before it (the first to the
 * one behind), or left out when gaps may stay; one longer than `maxS` is cut into equal parts, which may then be
 * shorter than `minS`.
 */
export function shotWindows(
  cutsS: readonly number[],
  { range, minS, maxS, fillGaps }: ShotRules,
): ClipWindow[] {
  const inside = cutsS.filter((timeS) => timeS > range.startS && timeS < range.endS)
  const bounds = [range.startS, ...inside, range.endS]
  const shots = bounds.slice(1).map((endS, at) => ({ startS: bounds[at] ?? range.startS, endS }))
  const long = fillGaps ? joined(shots, minS) : shots.filter((it) => lengthOf(it) >= minS)
  return long.flatMap((it) => parts(it, maxS)).slice(0, MAX_SEGMENTS)
}

function joined(shots: readonly ClipWindow[], minS: number): ClipWindow[] {
  const result: ClipWindow[] = []
  for (const shot of shots) {
    const before = result.at(-1)
    // A first shot that is too short takes in what follows it.
    if (before && (lengthOf(shot) < minS || lengthOf(before) < minS)) before.endS = shot.endS
    else result.push({ ...shot })
  }
  return result
}

function parts({ startS, endS }: ClipWindow, maxS: number): ClipWindow[] {
  const count = Math.max(1, Math.ceil((endS - startS) / maxS - 1e-6))
  const boundS = (at: number): number =>
    toMicroseconds(at === count ? endS : startS + ((endS - startS) * at) / count)
  return Array.from({ length: count }, (_, at) => ({ startS: boundS(at), endS: boundS(at + 1) }))
}

const lengthOf = ({ startS, endS }: ClipWindow): number => endS - startS
