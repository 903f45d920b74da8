import type { Source } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import { boxes } from './isobmff-boxes.ts'

/**
 * Reads from memory that mediabunny may do before the event loop turns. Following a healthy film takes some thousand;
 * whoever needs more goes in a circle: a Matroska element whose id is whole and whose size is not is looked for, found,
 * and looked for again, and no timer or abort would ever be heard (S54, mediabunny 1.61 `resync`).
 */
const MAX_READS_PER_TURN = 200_000

/** Samples in one fragment: a `trun` without fields of its own may claim four thousand million of them. */
const MAX_FRAGMENT_SAMPLES = 1_000_000

type ReadResult = { bytes: Uint8Array; offset: number } | null
type Read = (start: number, end: number, ...rest: unknown[]) => ReadResult | Promise<ReadResult>

/**
 * Watches what mediabunny asks of a source. It has no limits of its own, so a damaged or hostile file could stop the
 * whole program; with this it fails with AppError `unsupported_media`. Reaches for a method that mediabunny keeps
 * internal: its tests would notice if it were gone.
 */
export function guardReads<S extends Source>(source: S): S {
  const internal = source as unknown as { _read: Read }
  const read = internal._read.bind(source)
  let reads = 0
  let willTurn = false
  internal._read = (start, end, ...rest) => {
    if (!willTurn) {
      willTurn = true
      setImmediate(() => {
        willTurn = false
        reads = 0
      })
    }
    reads += 1
    if (reads > MAX_READS_PER_TURN) throw damaged()
    const result = read(start, end, ...rest)
    if (result instanceof Promise) return result.then((it) => checkFragment(it, start, end))
    return checkFragment(result, start, end)
  }
  return source
}

/** Looks at slices that are a whole `moof` (ISO 14496-12 section 8.8.4), which is how mediabunny reads them. */
function checkFragment(result: ReadResult, start: number, end: number): ReadResult {
  if (!result || end - start < 16) return result
  const from = start - result.offset
  const { bytes } = result
  // "moof"
  if (
    bytes[from + 4] !== 0x6d ||
    bytes[from + 5] !== 0x6f ||
    bytes[from + 6] !== 0x6f ||
    bytes[from + 7] !== 0x66
  ) {
    return result
  }
  const moof = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - start)
  let samples = 0
  for (const traf of boxes(moof, 8, moof.length)) {
    if (traf.type !== 'traf') continue
    for (const trun of boxes(moof, traf.start, traf.end)) {
      if (trun.type === 'trun' && trun.end - trun.start >= 8) samples += moof.readUInt32BE(trun.start + 4)
    }
  }
  if (samples > MAX_FRAGMENT_SAMPLES) throw damaged()
  return result
}

function damaged(): AppError {
  return new AppError('unsupported_media', 'This file is damaged: reading it leads in a circle or to no end.')
}
