import type { IncomingHttpHeaders } from 'node:http'

/** What tells one state of a resource from another. `modifiedMs` (Unix ms) is absent for what has no date. */
export type Validators = { etag: string; modifiedMs?: number }

/** True when the client has this state already: answer 304 (RFC 9110 section 13.1.2, 13.1.3). */
export function isFresh(headers: IncomingHttpHeaders, { etag, modifiedMs }: Validators): boolean {
  const known = headers['if-none-match']
  if (known !== undefined) {
    // Weak comparison looks at the tags alone (RFC 9110 section 8.8.3.2); a comma may be a part of one.
    return known.trim() === '*' || (known.match(/"[^"]*"/g)?.includes(etag.replace(/^W\//, '')) ?? false)
  }
  const since = headers['if-modified-since']
  if (since === undefined || modifiedMs === undefined) return false
  // HTTP dates have whole seconds.
  return Math.floor(modifiedMs / 1000) * 1000 <= Date.parse(since)
}

/** True when `Range` counts: no `If-Range`, or one that names this very state (RFC 9110 section 13.1.5). */
export function rangeHolds(headers: IncomingHttpHeaders, { etag, modifiedMs }: Validators): boolean {
  const condition = headers['if-range']
  if (typeof condition !== 'string') return true
  // A weak tag never holds for a part: its bytes may differ.
  if (condition.includes('"')) return condition.trim() === etag && !etag.startsWith('W/')
  return modifiedMs !== undefined && Date.parse(condition) === Math.floor(modifiedMs / 1000) * 1000
}
