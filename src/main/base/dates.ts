import { AppError } from './errors.ts'

/**
 * Turns the date filters of a list (`YYYY-MM-DD`, UTC midnight; `after` inclusive, `before` exclusive) into Unix ms.
 * Throws AppError `bad_request` for a date that no calendar has.
 */
export function dateRange(
  after: string | undefined,
  before: string | undefined,
): { createdFrom?: number; createdBefore?: number } {
  return {
    ...(after === undefined ? {} : { createdFrom: utcMidnight('created_after', after) }),
    ...(before === undefined ? {} : { createdBefore: utcMidnight('created_before', before) }),
  }
}

function utcMidnight(name: string, date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`)
  // Date.parse rolls 31 February over into March: only a date that comes back the same is one.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(date)) {
    throw new AppError('bad_request', `"${name}" is not a date like 2026-11-24.`)
  }
  return time
}
