import { bytesText, durationText } from '../../shared/media-text.ts'
import type { Upload } from './state/uploads.ts'
import { countText, percentText } from './text.ts'

/** How many bytes had been sent at a time, in ms. */
export type Sample = { timeMs: number; sent: number }

/** The speed is that of the last seconds: what was before says nothing of what is left. */
const SPAN_MS = 5_000
/** From less than this no speed can be told, in ms. */
const LEAST_MS = 400

/** The samples that still count, with a new one. */
export const withSample = (samples: readonly Sample[], sample: Sample): Sample[] => [
  ...samples.filter(({ timeMs }) => sample.timeMs - timeMs <= SPAN_MS),
  sample,
]

/** Bytes per second over the samples; null while it cannot be told. */
export function speedOf(samples: readonly Sample[]): number | null {
  const [first] = samples
  const last = samples.at(-1)
  if (!first || !last || last.timeMs - first.timeMs < LEAST_MS) return null
  return ((last.sent - first.sent) / (last.timeMs - first.timeMs)) * 1000
}

/** `24 MB/s`; empty while it is not known. */
export const speedText = (bytesPerS: number | null): string =>
  bytesPerS === null || bytesPerS < 1 ? '' : `${bytesText(bytesPerS)}/s`

/** How long `bytes` will take yet: `3 s left`; empty while it is not known. */
export const timeLeftText = (bytes: number, bytesPerS: number | null): string =>
  bytesPerS === null || bytesPerS < 1 || bytes <= 0 ? '' : `${durationText(bytes / bytesPerS)} left`

/** True for one that is not over. */
export const isOpen = ({ state }: Upload): boolean => state === 'waiting' || state === 'sending'

/** What stands below the name of an upload. */
export function lineOf(upload: Upload): string {
  const { state, bytes, sent, bytesPerS, reason, share } = upload
  switch (state) {
    case 'waiting':
      return `${bytesText(bytes)} · waits for its turn`
    case 'sending':
      return sent >= bytes
        ? `${bytesText(bytes)} · being written to the disk`
        : joined([
            `${bytesText(sent)} of ${bytesText(bytes)}`,
            speedText(bytesPerS),
            timeLeftText(bytes - sent, bytesPerS),
          ])
    case 'done':
      if (reason !== undefined) return `In the library, but not shared: ${reason}`
      return joined([bytesText(bytes), share ? 'link ready' : 'in the library'])
    case 'failed':
      return reason ?? 'It could not be uploaded.'
  }
}

/** How all uploads stand: the headline, the line after it, and the share of the bytes that has been sent, 0..1. */
export type Summary = { title: string; text: string; fraction: number; isOver: boolean; failed: number }

/** Sums up the uploads that are listed. */
export function summaryOf(uploads: readonly Upload[]): Summary {
  const failed = uploads.filter(({ state }) => state === 'failed').length
  const done = uploads.filter(({ state }) => state === 'done').length
  const open = uploads.filter(isOpen)
  const counted = uploads.filter(({ state }) => state !== 'failed')
  const bytes = sum(counted.map((it) => it.bytes))
  const sent = sum(counted.map((it) => (it.state === 'done' ? it.bytes : it.sent)))
  const fraction = bytes === 0 ? 0 : Math.min(1, sent / bytes)
  const notDone = failed > 0 && `${countText(failed)} could not be uploaded`
  if (open.length === 0) {
    const title = done > 0 ? `${countText(done)} uploaded` : 'Nothing uploaded'
    return { title, text: joined([notDone]), fraction: 1, isOver: true, failed }
  }
  const speeds = open.map(({ bytesPerS }) => bytesPerS).filter((it) => it !== null)
  const speed = speeds.length === 0 ? null : sum(speeds)
  const title =
    counted.length === 1
      ? 'Uploading 1 file'
      : `Uploading ${countText(Math.min(done + 1, counted.length))} of ${countText(counted.length)}`
  const text = joined([percentText(fraction), speedText(speed), timeLeftText(bytes - sent, speed), notDone])
  return { title, text, fraction, isOver: false, failed }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, it) => all + it, 0)
const joined = (parts: readonly (string | false)[]): string =>
  parts.filter((it) => it !== false && it !== '').join(' · ')
