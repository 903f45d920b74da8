import { AppError } from '../base/errors.ts'
import type { ClipWindow } from '../media/playable.ts'

/** The window that `start` and `end` of a query name, in seconds. Throws AppError `bad_request` unless it goes forward. */
export function windowOf({ start, end }: { start: number; end: number }): ClipWindow {
  if (end <= start) throw new AppError('bad_request', 'The end of a clip lies behind its start.')
  return { startS: start, endS: end }
}

/** The same where a query may name none. Throws AppError `bad_request` when only one of both is there. */
export function windowIn({
  start,
  end,
}: {
  start?: number | undefined
  end?: number | undefined
}): ClipWindow | undefined {
  if (start === undefined && end === undefined) return undefined
  if (start === undefined || end === undefined) {
    throw new AppError('bad_request', 'A clip has a start and an end.')
  }
  return windowOf({ start, end })
}

/** The query of a window, for the addresses in its playlists. */
export const windowQuery = ({ startS, endS }: ClipWindow): string => `start=${startS}&end=${endS}`

/**
 * A playlist whose addresses carry a query: they are relative, and what stands behind `?` in the playlist's own address
 * is not part of their base (RFC 3986 section 5.2.2).
 */
export function withQuery(playlist: string, query: string): string {
  return playlist
    .split('\n')
    .map((line) => {
      if (line === '') return line
      if (!line.startsWith('#')) return `${line}?${query}`
      return line.replace(/([:,]URI="[^"]*)"/, `$1?${query}"`)
    })
    .join('\n')
}
