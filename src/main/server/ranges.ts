/** A stretch of bytes, both ends included (RFC 9110 section 14.1.2). */
export type ByteRange = { first: number; last: number }

/** Stretches that do not touch each other: answer 206. `whole`: 200 with everything. `unsatisfiable`: 416. */
export type RangeDecision = readonly ByteRange[] | 'whole' | 'unsatisfiable'

/** Readers of PDFs and download managers ask for fewer at once; more are an attack (RFC 9110 section 14.2). */
const MAX_RANGES = 16

/**
 * Decides what a `Range` header asks of `size` bytes (RFC 9110 section 14). Another unit than bytes is ignored, as the
 * section demands. Ranges that overlap or touch become one, so that no set of them costs more than the bytes there
 * are. What is not a range at all is refused, so that a client does not take the whole for the piece it meant.
 */
export function decideRange(header: string | undefined, size: number): RangeDecision {
  if (header === undefined) return 'whole'
  const [unit, set = ''] = split(header)
  if (unit.trim().toLowerCase() !== 'bytes') return 'whole'
  // A list may have empty places (RFC 9110 section 5.6.1).
  const texts = set
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
  if (texts.length > MAX_RANGES) return 'whole'
  const ranges = texts.map((it) => byteRange(it, size))
  if (ranges.includes('malformed')) return 'unsatisfiable'
  const asked = ranges.filter((it) => typeof it === 'object')
  return asked.length === 0 ? 'unsatisfiable' : joined(asked)
}

function byteRange(text: string, size: number): ByteRange | 'unsatisfiable' | 'malformed' {
  const [, from, to] = /^(\d*)-(\d*)$/.exec(text) ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'malformed'
  if (from === '') {
    // The last `to` bytes; more than there are means all of them.
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return 'malformed'
  return first >= size
    ? 'unsatisfiable'
    : { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}

/** Those that were not joined stay in the order they were asked for (RFC 9110 section 15.3.7.2). */
const joined = (ranges: readonly ByteRange[]): readonly ByteRange[] =>
  ranges.reduce<readonly ByteRange[]>((done, { first, last }) => {
    const touching = done.filter((it) => it.first <= last + 1 && first <= it.last + 1)
    const one = {
      first: Math.min(first, ...touching.map((it) => it.first)),
      last: Math.max(last, ...touching.map((it) => it.last)),
    }
    return [...done.filter((it) => !touching.includes(it)), one]
  }, [])

const split = (header: string): [unit: string, set?: string] => {
  const at = header.indexOf('=')
  return at < 0 ? [header] : [header.slice(0, at), header.slice(at + 1)]
}
