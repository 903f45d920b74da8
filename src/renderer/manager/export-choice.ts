import type { CreateExport } from '../../shared/api/export.ts'
import { LONGEST_ANIMATION_S } from '../../shared/api/export.ts'
import type { File } from '../../shared/api/file.ts'
import { bytesText } from '../../shared/media-text.ts'
import type { Stretch } from './clip/marks.ts'

/** What can be made: `fit` is an MP4 that is no larger than asked for. */
export type ExportChoice = 'mp4' | 'fit' | 'm4a' | 'mp3' | 'gif' | 'webp'

/** Each choice by its name, and what it is good for. */
export const EXPORT_CHOICES: readonly { id: ExportChoice; label: string; text: string }[] = [
  { id: 'mp4', label: 'MP4', text: 'As it is, exact to the frame' },
  { id: 'fit', label: 'MP4 to fit', text: 'No larger than you say' },
  { id: 'm4a', label: 'M4A', text: 'The sound alone' },
  { id: 'mp3', label: 'MP3', text: 'The sound alone, for old devices' },
  { id: 'gif', label: 'GIF', text: 'Moves everywhere, no sound' },
  { id: 'webp', label: 'WebP', text: 'Moves, smaller than GIF' },
]

/** Sizes that chats and mail take, in MB. */
export const FIT_SIZES_MB: readonly number[] = [8, 10, 25, 50]

/** Why a choice is none for this; null when it is one. */
export function whyNot(choice: ExportChoice, file: File, lengthS: number | null): string | null {
  const hasPicture = file.media_type === 'video'
  const hasSound = file.media_type === 'audio' || file.media_info.has_audio === true
  switch (choice) {
    case 'mp4':
    case 'fit':
      return hasPicture ? null : 'There is no picture in it'
    case 'm4a':
    case 'mp3':
      return hasSound ? null : 'There is no sound in it'
    case 'gif':
    case 'webp':
      if (!hasPicture) return 'There is no picture in it'
      return lengthS !== null && lengthS <= LONGEST_ANIMATION_S + 0.001
        ? null
        : `Up to ${LONGEST_ANIMATION_S} s: mark a shorter clip`
  }
}

/** The body of the call that makes it. `sizeMb` counts for `fit`. */
export function exportBody(choice: ExportChoice, part: Stretch | null, sizeMb: number): CreateExport {
  return {
    format: choice === 'fit' ? 'mp4' : choice,
    ...(part ? { start_time: part.startS, end_time: part.endS } : {}),
    ...(choice === 'fit' ? { max_bytes: Math.floor(sizeMb * 1_000_000) } : {}),
  }
}

/** Bits per second of sound that is encoded; copied sound is of that order. */
const SOUND_BITS_PER_S = 160_000

/** How large the result will be, in words; empty where nobody can tell before. */
export function sizeText(choice: ExportChoice, file: File, lengthS: number | null, sizeMb: number): string {
  const wholeS = file.media_info.duration_seconds
  switch (choice) {
    case 'mp4':
      return lengthS === null || wholeS === null || wholeS <= 0
        ? ''
        : `About ${bytesText((file.bytes * Math.min(lengthS, wholeS)) / wholeS)}`
    case 'fit':
      return `At most ${bytesText(sizeMb * 1_000_000)}`
    case 'm4a':
    case 'mp3':
      return lengthS === null ? '' : `About ${bytesText((lengthS * SOUND_BITS_PER_S) / 8)}`
    case 'gif':
    case 'webp':
      return ''
  }
}

/** A size in MB that somebody typed; null when it is none. */
export function sizeIn(text: string): number | null {
  const found = /^\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:mb)?\s*$/i.exec(text)?.[1]
  const size = found === undefined ? NaN : Number(found.replace(',', '.'))
  return size > 0 ? size : null
}
