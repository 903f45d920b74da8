/** Seconds as a time code: `0:05`, `41:12`, `2:04:11`; hours only when there are any. Anything below 0 reads `0:00`. */
export function clockText(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A duration in seconds as people say it: `2 h 4 min`, `6 min 32 s`, `12 s`. */
export function durationText(seconds: number): string {
  if (seconds >= 3600) {
    const minutes = Math.round(seconds / 60)
    return join([`${Math.floor(minutes / 60)} h`, minutes % 60 > 0 && `${minutes % 60} min`])
  }
  const whole = Math.max(1, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return join([minutes > 0 && `${minutes} min`, (whole % 60 > 0 || minutes === 0) && `${whole % 60} s`])
}

/** Seconds in words, for `aria-valuetext`: `1 hour 3 minutes`, `41 minutes 12 seconds`, `0 seconds`. */
export function timeInWords(seconds: number): string {
  const { hours, minutes, rest } = split(seconds)
  const words = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`
  return join([
    hours > 0 && words(hours, 'hour'),
    minutes > 0 && words(minutes, 'minute'),
    (rest > 0 || (hours === 0 && minutes === 0)) && words(rest, 'second'),
  ])
}

/** A number of bytes as people say it, in steps of 1000: `412 MB`, `38.2 GB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  // 999.5 and more would be rounded to 1000 of a unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit >= 2 && value < 99.95 ? 1 : 0
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`
}

/** A time within a millisecond of the next second is that second: media clocks land at 59.99997 for a minute. */
const TOLERANCE_S = 0.001

function split(seconds: number): { hours: number; minutes: number; rest: number } {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds + TOLERANCE_S)) : 0
  return { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60), rest: whole % 60 }
}

const join = (parts: readonly (string | false)[]): string => parts.filter((it) => it !== false).join(' ')
