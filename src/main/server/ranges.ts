/** A stretch of bytes, both ends included (RFC 9110 section 14.1.2). */
export type ByteRange = { first: number; last: number }

/** `whole`: answer 200 with everything. `unsatisfiable`: answer 416. */
export type RangeDecision = ByteRange | 'whole' | 'unsatisfiable'

/**
 * Decides what a `Range` header asks of `size` bytes (RFC 9110 section 14). Another unit than bytes is ignored, as the
 * section demands. Several ranges are answered with the whole, which it allows: no set of them, however they overlap,
 * costs more than the file once. What is not a range at all is refused, so that a client does not take the whole for
 * the piece it meant.
 */
export function decideRange(header: string | undefined, size: number): RangeDecision {
  if (header === undefined) return 'whole'
  const [unit, set = ''] = split(header)
  if (unit.trim().toLowerCase() !== 'bytes') return 'whole'
  const ranges = set.split(',').map((it) => it.trim())
  const [only = '', ...others] = ranges.map((it) => byteRange(it, size))
  if (others.length === 0) return only === '' ? 'unsatisfiable' : only
  return [only, ...others].every((it) => it === 'unsatisfiable') ? 'unsatisfiable' : 'whole'
}

function byteRange(text: string, size: number): ByteRange | 'unsatisfiable' {
  const [, from, to] = /^(\d*)-(\d*)$/.exec(text) ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'unsatisfiable'
  if (from === '') {
    // The last `to` bytes; more than there are means all of them.
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first >= size || (to !== '' && Number(to) < first) ? 'unsatisfiable' : { first, last }
}

const split = (header: string): [unit: string, set?: string] => {
  const at = header.indexOf('=')
  return at < 0 ? [header] : [header.slice(0, at), header.slice(at + 1)]
}
