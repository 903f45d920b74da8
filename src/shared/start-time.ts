/** `120`, `12.5`: seconds. */
const SECONDS = /^\d{1,7}(?:\.\d{1,6})?$/
/** `1h2m3s`, `2m`, `90s`: at least one part, each with its unit, from large to small. */
const UNITS = /^(?=\d)(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,7}(?:\.\d{1,6})?)s)?$/
/** `1:30`, `1:02:03.5`. */
const CLOCK = /^(?:(\d{1,4}):(?=\d{2}:))?(\d{1,4}):([0-5]\d(?:\.\d{1,6})?)$/

/**
 * Reads the `s` of a share link, in seconds: `120`, `1m30s` or `1:30`. Null for anything else, which is ignored and
 * never an error.
 */
export function parseStartTime(text: string | null | undefined): number | null {
  if (!text) return null
  if (SECONDS.test(text)) return Number(text)
  const parts = CLOCK.exec(text) ?? UNITS.exec(text.toLowerCase())
  if (!parts) return null
  const [, hours = 0, minutes = 0, seconds = 0] = parts
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
