import { parse } from 'node:path'

/** The name of a file that holds a part of another, in seconds: `film 1.02.03-1.05.00.mp4`. */
export function partName(filename: string, startS: number, endS: number, extension: string): string {
  return `${parse(filename).name} ${clock(startS)}-${clock(endS)}.${extension}`
}

/** `1.02.03`: a colon may stand in no file name of Windows. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return [...(h > 0 ? [h] : []), m, s]
    .map((it, at) => (at === 0 ? it : String(it).padStart(2, '0')))
    .join('.')
}
