import { parseStartTime } from './start-time.ts'

/** A stretch of what a share plays, in seconds from its start. */
export type Moment = { startS: number; endS: number }

/** The times in the address of a share's page, as they came: `?s=a`, `?s=a&e=b`, `?s=a&e=b&clip=hard`. */
export type LinkTimes = { s?: string | null; e?: string | null; clip?: string | null }

/** The stretch that a link names; null when it names none: half of one, or an end before its start, is none. */
export function momentIn({ s, e }: LinkTimes): Moment | null {
  const [startS, endS] = [parseStartTime(s), parseStartTime(e)]
  return startS === null || endS === null || endS <= startS ? null : { startS, endS }
}

/** The stretch that a link plays and nothing else; null when it is no such link. */
export const hardClipIn = (times: LinkTimes): Moment | null =>
  times.clip === 'hard' ? momentIn(times) : null

/** What of a link's times means something, as a query; empty when none does. */
export function timesQuery(times: LinkTimes): string {
  const { s, e } = times
  if (parseStartTime(s) === null) return ''
  const parts = [`s=${encodeURIComponent(s ?? '')}`]
  if (momentIn(times)) parts.push(`e=${encodeURIComponent(e ?? '')}`)
  if (hardClipIn(times)) parts.push('clip=hard')
  return parts.join('&')
}
