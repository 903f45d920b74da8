/**
 * The paths in what a person typed, pasted or dropped as text: one a line. Quotes that file managers and shells put
 * around them go, and `file://` addresses become paths.
 */
export function pathsIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => plainPath(line.trim()))
  return [...new Set(lines.filter((path) => path !== ''))]
}

function plainPath(line: string): string {
  const bare = /^"(.*)"$/.exec(line)?.[1] ?? /^'(.*)'$/.exec(line)?.[1] ?? line
  if (!/^file:\/\//i.test(bare)) return bare
  try {
    const path = decodeURIComponent(new URL(bare).pathname)
    // file:///C:/Videos
    return /^\/[a-z]:/i.test(path) ? path.slice(1) : path
  } catch {
    return bare
  }
}
