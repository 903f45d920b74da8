import { extname } from 'node:path'
import { AppError } from '../base/errors.ts'
import { partName } from '../base/part-name.ts'
import type { Window } from './token.ts'

/** The part of a share that a call asks for, in seconds from the share's start. */
export type ClipQuery = { clip_start?: number; clip_end?: number }

/**
 * The stretch of the file that a query asks for; null when it asks for none. Times count from the start of `own`, the
 * share's own stretch; an end behind it is its end. `durationS` null: not known yet. Throws AppError `bad_request`.
 */
export function clipOf(
  { clip_start: start, clip_end: end }: ClipQuery,
  own: Window | null,
  durationS: number | null,
): Window | null {
  if (start === undefined && end === undefined) return null
  if (start === undefined || end === undefined) {
    throw bad(`"${start === undefined ? 'clip_start' : 'clip_end'}" is missing: a clip has both.`)
  }
  // Also for what is no number: no comparison with it holds.
  if (!(start >= 0)) throw bad('"clip_start" must be at least 0.')
  if (!(end > start)) throw bad('"clip_end" must be greater than "clip_start".')
  const { startS, endS } = own ?? { startS: 0, endS: durationS ?? Infinity }
  if (!(startS + start < endS)) throw bad('"clip_start" lies behind the end.')
  const clip = { startS: toMicroseconds(startS + start), endS: toMicroseconds(Math.min(startS + end, endS)) }
  if (!(clip.endS > clip.startS)) throw bad('The clip is too short.')
  return clip
}

/** The name that a part of a file is downloaded under. MP3 stays what it is, all else becomes MP4. */
export function clipFilename(filename: string, { startS, endS }: Window, kind?: 'mp4' | 'mp3'): string {
  const type = kind ?? (extname(filename).toLowerCase() === '.mp3' ? 'mp3' : 'mp4')
  return partName(filename, startS, endS, type)
}

/** Times in a token are written out: without this, float noise would be. */
const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

const bad = (message: string): AppError => new AppError('bad_request', message)
