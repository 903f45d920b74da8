import { countOf } from './text.ts'

/** When a share ends: never, so many days from now, at a time that is typed, or as it is already. */
export type EndChoice = 'never' | '1' | '7' | '30' | 'date' | 'as_it_is'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * The end that was chosen, Unix ms; null for never, undefined when what was typed is no time to come. `typed` is the
 * text of a `datetime-local` field: a time of this computer's zone.
 */
export function endOf(
  choice: Exclude<EndChoice, 'as_it_is'>,
  typed: string,
  nowMs: number,
): number | null | undefined {
  if (choice === 'never') return null
  if (choice !== 'date') return nowMs + Number(choice) * DAY_MS
  const timeMs = new Date(typed).getTime()
  return Number.isFinite(timeMs) && timeMs > nowMs ? timeMs : undefined
}

/** How long a share still works, in the largest unit that says enough: `6 days left`; `Ended` when it is over. */
export function timeLeftText(endMs: number, nowMs: number): string {
  const leftMs = endMs - nowMs
  if (leftMs <= 0) return 'Ended'
  if (leftMs < HOUR_MS) return `${Math.ceil(leftMs / MINUTE_MS)} min left`
  if (leftMs < 2 * DAY_MS) return `${countOf(Math.floor(leftMs / HOUR_MS), 'hour')} left`
  return `${countOf(Math.floor(leftMs / DAY_MS), 'day')} left`
}

/** The conditions of a share, in few words each; empty when it has none. */
export function conditionTexts(
  share: { expires_at?: number | undefined; password_protected: boolean },
  nowMs: number,
): string[] {
  return [
    ...(share.password_protected ? ['password'] : []),
    ...(share.expires_at === undefined ? [] : [timeLeftText(share.expires_at, nowMs)]),
  ]
}
