import { parseStartTime } from '../../../shared/start-time.ts'

/** Seconds to the millisecond, as they stand in a field and are read back from it: `41:06.200`, `1:02:03.500`. */
export function timeCode(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const rest = `${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

/** Seconds to the tenth, for lists: `41:06.2`. */
export const tenthsCode = (seconds: number): string => timeCode(Math.round(seconds * 10) / 10).slice(0, -2)

/** How long a part is: `0.4 s`, `12.0 s`, and from a minute on `1:25`. */
export function lengthText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return timeCode(whole).slice(0, -4)
}

/** Reads a time that somebody typed, in seconds: `83.5`, `1:23.5`, `1:02:03`, `1h2m3s`. Null for anything else. */
export const parseTime = (text: string): number | null => parseStartTime(text.trim().replace(',', '.'))
