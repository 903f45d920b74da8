import type { File } from '../../shared/api/file.ts'
import { bytesText, durationText } from '../../shared/media-text.ts'

const NUMBER = new Intl.NumberFormat('en')

/** A count with its thousands apart: `1,284`. */
export const countText = (count: number): string => NUMBER.format(count)

/** `1 file`, `3 files`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

const CLASSES: readonly (readonly [width: number, name: string])[] = [
  [7680, '8K'],
  [3840, '4K'],
  [2560, '1440p'],
  [1920, '1080p'],
  [1280, '720p'],
]

/**
 * The size of a picture as people name it: `4K`, `1080p`. The long side counts, so that wide-screen films and upright
 * phone videos get the name of their class; small ones are named by the short side. Null without a picture.
 */
export function resolutionText(width: number | null, height: number | null): string | null {
  if (width === null || height === null) return null
  const long = Math.max(width, height)
  return CLASSES.find(([least]) => long >= least)?.[1] ?? `${Math.min(width, height)}p`
}

/** Frames per second with what decimals it takes: `30`, `29.97`. */
export const frameRateText = (rate: number): string => `${Number(rate.toFixed(2))} fps`

/** Bits per second: `41 Mbit/s`, `128 kbit/s`. */
export function bitrateText(bitsPerSecond: number): string {
  const mega = bitsPerSecond / 1e6
  if (mega < 1) return `${Math.round(bitsPerSecond / 1000)} kbit/s`
  return `${mega < 10 ? Number(mega.toFixed(1)) : Math.round(mega)} Mbit/s`
}

/** A fraction 0..1: `64 %`. */
export const percentText = (fraction: number): string => `${Math.floor(fraction * 100)} %`

/** Seconds that work will take yet: `12 s left`; empty when it is not known. */
export const leftText = (secondsLeft: number | undefined): string =>
  secondsLeft === undefined || secondsLeft < 1 ? '' : `${durationText(secondsLeft)} left`

const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const DAY_OF_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** A point in time, Unix ms: `Just now`, `22 Nov, 19:12`, `22 Nov 2024`. */
export function whenText(timeMs: number, nowMs: number): string {
  if (Math.abs(nowMs - timeMs) < 60_000) return 'Just now'
  const sameYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear()
  return (sameYear ? DAY_AND_TIME : DAY_OF_YEAR).format(timeMs)
}

const CHANNELS: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }

/** What is known of a file, as lines of name and value, in the order to show. */
export function factsOf(file: File, nowMs: number): [name: string, value: string][] {
  const { media_info: media } = file
  const video = [
    media.width !== null && media.height !== null && `${media.width} × ${media.height}`,
    file.video_codec,
    file.frame_rate !== undefined && frameRateText(file.frame_rate),
  ]
  const audio = [
    file.audio_codec,
    media.channels !== null && (CHANNELS[media.channels] ?? `${media.channels} channels`),
    media.sample_rate !== null && `${Number((media.sample_rate / 1000).toFixed(1))} kHz`,
  ]
  const size = [bytesText(file.bytes), media.bitrate !== null && bitrateText(media.bitrate)]
  const lines: [string, string][] = [
    ['Duration', media.duration_seconds === null ? '' : durationText(media.duration_seconds)],
    ['Video', file.video_codec === undefined ? '' : joined(video)],
    ['Audio', file.audio_codec === undefined ? '' : joined(audio)],
    ['Audio tracks', tracksText(file)],
    ['Format', media.format ?? ''],
    ['Size', joined(size)],
    ['Added', whenText(file.created_at, nowMs)],
  ]
  return lines.filter(([, value]) => value !== '')
}

/** Several tracks by their names, and which of them streams of the file leave out. */
function tracksText({ playable, media_info: { audio_tracks: tracks } }: File): string {
  if (tracks.length < 2) return ''
  return joined(
    tracks.map(({ name, codec, streamed }) =>
      streamed || !playable ? name : `${name} (${codec}, left out)`,
    ),
  )
}

const joined = (parts: readonly (string | false | undefined)[]): string =>
  parts.filter((it) => it !== false && it !== undefined && it !== '').join(', ')

/** The name of a file without its extension: what a share is called unless it gets a title. */
export const titleOf = (filename: string): string => filename.replace(/(?!^)\.[^.]*$/, '')

/** The folder that a path lies in, for either kind of slash. */
export const folderOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '') || '/'
