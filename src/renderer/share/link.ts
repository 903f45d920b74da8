import { timesQuery, type LinkTimes, type Moment } from '../../shared/link-times.ts'

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * Address of the page to hand on, without parameters: the one in the address bar, which works for whoever reads it
 * there; on the owner's own computer the best one that the server knows.
 */
export function pageUrl(
  { origin, hostname, pathname }: Pick<Location, 'origin' | 'hostname' | 'pathname'>,
  shareUrl: string,
): string {
  return LOOPBACK.test(hostname) ? shareUrl : `${origin}${pathname}`
}

/** The page's address at a second of the media; the beginning needs no parameter. */
export const linkAt = (url: string, seconds: number): string =>
  seconds >= 1 ? `${url}?s=${Math.floor(seconds)}` : url

/** The times of a link to a moment, or to a clip that is all there is to play. */
export const timesOf = ({ startS, endS }: Moment, isClip: boolean): LinkTimes => ({
  ...{ s: inSeconds(startS), e: inSeconds(endS) },
  ...(isClip ? { clip: 'hard' } : {}),
})

/** The page's address with these times. */
export const linkWith = (url: string, times: LinkTimes): string => `${url}?${timesQuery(times)}`

/** To the millisecond. */
const inSeconds = (seconds: number): string => String(Number(seconds.toFixed(3)))
