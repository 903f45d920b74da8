import { extname } from 'node:path'
import { isMediaName } from '../../shared/media-names.ts'

/** Most characters of a name, as for one that is given by hand. */
const MAX_NAME = 255

/**
 * The name to show for an uploaded file, from what its sender calls it: one line, no path, never empty. `.` and `..`
 * are no names either.
 */
export function shownName(given: string): string {
  // Line breaks, other control characters, and slashes that are left.
  const line = given
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[/\\]/g, '_')
    .trim()
  if (/^\.*$/.test(line)) return 'Upload'
  if (line.length <= MAX_NAME) return line
  const ending = endingOf(line)
  const stem = line.slice(0, MAX_NAME - ending.length)
  // Not through the middle of a character.
  return stem.replace(/[\ud800-\udbff]$/, '') + ending
}

/** The ending of a copy on the disk: that of the name where it is one of media, `.media` otherwise. */
export const copyEnding = (filename: string): string =>
  isMediaName(filename) ? extname(filename).toLowerCase() : '.media'

const endingOf = (name: string): string => {
  const ending = extname(name)
  return ending.length > 16 ? '' : ending
}
