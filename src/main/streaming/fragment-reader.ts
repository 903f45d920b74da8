import { boxes, find, type Box } from '../media/isobmff-boxes.ts'
import type { Sample } from './fragment-writer.ts'

/** A box at the top of a stream of fragmented MP4, whole. */
export type TopBox = { type: string; bytes: Buffer }

/** Most bytes of one box: more is no segment of some seconds. */
const MAX_BOX_BYTES = 256 * 1024 * 1024

const HEADER_BYTES = 8

/** The boxes that ffmpeg writes at the top of fragmented MP4; anything else is not what was asked for. */
const TOP_TYPES = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'mfra', 'free', 'sidx'])

/**
 * Takes a stream of fragmented MP4 apart as it comes. `push` gives the boxes that are whole now and throws RangeError at
 * bytes that are none; `isWhole` tells whether it ended between two of them.
 */
export function createBoxReader(): { push(chunk: Buffer): TopBox[]; isWhole(): boolean } {
  let parts: Buffer[] = []
  let length = 0
  let wanted = HEADER_BYTES
  const take = (): Buffer => {
    const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    parts = [all]
    return all
  }
  return {
    push(chunk) {
      parts.push(chunk)
      length += chunk.length
      const found: TopBox[] = []
      while (length >= wanted) {
        const all = take()
        const size = all.readUInt32BE(0)
        const type = all.toString('latin1', 4, HEADER_BYTES)
        if (!TOP_TYPES.has(type) || size < HEADER_BYTES || size > MAX_BOX_BYTES) {
          throw new RangeError('this is no fragmented MP4')
        }
        if (length < size) {
          wanted = size
          break
        }
        found.push({ type, bytes: all.subarray(0, size) })
        parts = [all.subarray(size)]
        length -= size
        wanted = HEADER_BYTES
      }
      return found
    },
    isWhole: () => length === 0,
  }
}

const TFHD_BASE_DATA_OFFSET = 0x1
const TFHD_DESCRIPTION_INDEX = 0x2
const TFHD_DEFAULT_DURATION = 0x8
const TFHD_DEFAULT_SIZE = 0x10
const TFHD_DEFAULT_FLAGS = 0x20
const TRUN_DATA_OFFSET = 0x1
const TRUN_FIRST_FLAGS = 0x4
const TRUN_DURATION = 0x100
const TRUN_SIZE = 0x200
const TRUN_FLAGS = 0x400
const TRUN_OFFSET = 0x800
const IS_NON_SYNC = 0x10000

/**
 * Reads the samples of a fragment of one track: its `moof` (ISO 14496-12 section 8.8) and the `mdat` behind it, both with
 * their headers. Throws RangeError when they do not fit together.
 */
export function readFragmentSamples(moof: Buffer, mdat: Buffer): Sample[] {
  const traf = find(moof, whole(moof), 'traf')
  if (!traf) return []
  const header = find(moof, traf, 'tfhd')
  const time = find(moof, traf, 'tfdt')
  if (!header || !time) throw new RangeError('a fragment without times')
  const defaults = readDefaults(moof, header)
  let decodeTicks =
    moof[time.start] === 1 ? Number(moof.readBigInt64BE(time.start + 4)) : moof.readUInt32BE(time.start + 4)
  const samples: Sample[] = []
  for (const run of boxes(moof, traf.start, traf.end)) {
    if (run.type !== 'trun') continue
    const flags = moof.readUIntBE(run.start + 1, 3)
    const count = moof.readUInt32BE(run.start + 4)
    let at = run.start + 8
    const next = (has: number): number | null => {
      if ((flags & has) === 0) return null
      at += 4
      return moof.readInt32BE(at - 4)
    }
    // Counted from the start of moof, which the mdat follows.
    let dataAt = (next(TRUN_DATA_OFFSET) ?? moof.length + HEADER_BYTES) - moof.length
    const firstFlags = next(TRUN_FIRST_FLAGS)
    for (let sample = 0; sample < count; sample++) {
      const durationTicks = next(TRUN_DURATION) ?? defaults.duration
      const size = next(TRUN_SIZE) ?? defaults.size
      const own = next(TRUN_FLAGS) ?? (sample === 0 ? firstFlags : null) ?? defaults.flags
      const offsetTicks = next(TRUN_OFFSET) ?? 0
      if (size < 0 || dataAt < HEADER_BYTES || dataAt + size > mdat.length) {
        throw new RangeError('a sample outside of its fragment')
      }
      const data = mdat.subarray(dataAt, dataAt + size)
      samples.push({ data, decodeTicks, offsetTicks, durationTicks, isSync: (own & IS_NON_SYNC) === 0 })
      decodeTicks += durationTicks
      dataAt += size
    }
  }
  return samples
}

/** Reads the samples of a Media Segment of one track as `writeFragment` makes it. */
export function readSegmentSamples(segment: Buffer): Sample[] {
  const tops = createBoxReader().push(segment)
  const moof = tops.find(({ type }) => type === 'moof')
  const mdat = tops.find(({ type }) => type === 'mdat')
  return moof && mdat ? readFragmentSamples(moof.bytes, mdat.bytes) : []
}

/** Bytes of a visual sample entry before the boxes inside it (ISO 14496-12 section 12.1.3). */
const VISUAL_ENTRY_BYTES = 78

/** The content of `avcC` in a `moov` (ISO 14496-15 section 5.3.3); null when there is none. */
export function readAvcConfiguration(moov: Buffer): Buffer | null {
  const list = find(moov, whole(moov), 'trak', 'mdia', 'minf', 'stbl', 'stsd')
  const [entry] = list ? [...boxes(moov, list.start + 8, list.end)] : []
  if (entry?.type !== 'avc1') return null
  const box = [...boxes(moov, entry.start + VISUAL_ENTRY_BYTES, entry.end)].find(
    ({ type }) => type === 'avcC',
  )
  return box ? moov.subarray(box.start, box.end) : null
}

const whole = (bytes: Buffer): Box => ({ type: '', start: HEADER_BYTES, end: bytes.length })

function readDefaults(moof: Buffer, header: Box): { duration: number; size: number; flags: number } {
  const flags = moof.readUIntBE(header.start + 1, 3)
  let at = header.start + 8
  if (flags & TFHD_BASE_DATA_OFFSET) at += 8
  if (flags & TFHD_DESCRIPTION_INDEX) at += 4
  const next = (has: number): number => {
    if ((flags & has) === 0) return 0
    at += 4
    return moof.readUInt32BE(at - 4)
  }
  return {
    duration: next(TFHD_DEFAULT_DURATION),
    size: next(TFHD_DEFAULT_SIZE),
    flags: next(TFHD_DEFAULT_FLAGS),
  }
}
