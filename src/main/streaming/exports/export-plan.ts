import { LONGEST_ANIMATION_S, type CreateExport, type ExportFormat } from '../../../shared/api/export.ts'
import type { MediaInfo } from '../../../shared/media.ts'
import { AppError } from '../../base/errors.ts'
import type { ClipWindow } from '../../media/playable.ts'
import { soundsOf, type Sound } from '../../media/sounds.ts'
import type { Tools } from '../../media/tools.ts'
import { decodingOf } from '../../media/decoding.ts'

/** What is to be made of a file, checked: every value that comes from a caller is a number or one of a list by now. */
export type ExportPlan = {
  format: ExportFormat
  /** Seconds of the presentation; null for all of it. */
  window: ClipWindow | null
  lengthS: number
  /** The default track of sound; null where there is none, or none that can be decoded, and it is not needed. */
  sound: Sound | null
  /** The encoder of a format that has several. */
  encoder: string
  /** The most bytes of the result; null for as many as it takes. */
  maxBytes: number | null
  /** False: encoded whatever it is in the file, for players that know nothing but H.264 and AAC. */
  mayCopy: boolean
  /** The most pixels of the picture's shorter side; null for as many as it has. */
  maxSide: number | null
}

/** ffmpeg's names of encoders for each format, the best first; all builds that are looked for have one of each. */
const ENCODERS: Readonly<Record<ExportFormat, readonly string[]>> = {
  mp4: ['libx264'],
  m4a: ['aac'],
  mp3: ['libmp3lame', 'libshine'],
  gif: ['gif'],
  webp: ['libwebp_anim', 'libwebp'],
}

const SOUND_FORMATS: readonly ExportFormat[] = ['m4a', 'mp3']
export const isAnimation = (format: ExportFormat): format is 'gif' | 'webp' =>
  format === 'gif' || format === 'webp'

/**
 * Plans an export. Throws AppError `bad_request` for what cannot be made of this file, `not_available` for what this
 * ffmpeg cannot make.
 */
export function planExport(
  media: MediaInfo,
  body: CreateExport,
  tools: Pick<Tools, 'encoders' | 'decodable'>,
): ExportPlan {
  const { format, max_bytes: maxBytes = null } = body
  const window = windowIn(body, media.durationS)
  const lengthS = window ? window.endS - window.startS : media.durationS
  if (maxBytes !== null && format !== 'mp4') throw bad('"max_bytes" is for the format mp4.')
  const sound = soundsOf(media).find((it) => it.isDefault) ?? null
  const canDecode = decodingOf(tools.decodable)
  const isAudible = sound !== null && canDecode(sound.track.codec)
  if (SOUND_FORMATS.includes(format)) {
    if (!sound) throw bad('There is no sound in this file.')
    if (!isAudible) throw new AppError('not_available', 'This ffmpeg cannot decode the sound of this file.')
  } else if (!media.video) {
    throw bad('There is no picture in this file: export it as m4a or mp3.')
  }
  if (isAnimation(format) && lengthS > LONGEST_ANIMATION_S + TOLERANCE_S) {
    throw bad(`A moving picture is at most ${LONGEST_ANIMATION_S} s long: give "start_time" and "end_time".`)
  }
  const encoder = ENCODERS[format].find((name) => tools.encoders.has(name))
  if (encoder === undefined) throw new AppError('not_available', `This ffmpeg cannot make ${format}.`)
  return {
    ...{ format, window, lengthS, sound: isAudible ? sound : null, encoder, maxBytes },
    ...{ mayCopy: true, maxSide: null },
  }
}

/** Times that people type are as exact as their floats. */
const TOLERANCE_S = 1e-3

function windowIn({ start_time, end_time }: CreateExport, durationS: number): ClipWindow | null {
  const startS = start_time ?? 0
  const endS = Math.min(end_time ?? durationS, durationS)
  if (end_time !== undefined && end_time <= startS) {
    throw bad('"end_time" must be greater than "start_time".')
  }
  if (startS >= durationS) throw bad('"start_time" lies behind the end of the file.')
  return startS === 0 && endS === durationS ? null : { startS, endS }
}

const bad = (message: string): AppError => new AppError('bad_request', message)
