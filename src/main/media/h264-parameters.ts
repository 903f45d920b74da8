import { withoutEmulation } from './annex-b.ts'
import { bitReader, type BitReader } from './bit-reader.ts'

/** What a sequence parameter set tells: its id, RFC 6381 string, size in samples after cropping, shape of a sample. */
export type SequenceFacts = {
  id: number
  /** Every picture is a whole frame: nothing in it is interlaced (frame_mbs_only_flag). */
  isProgressive: boolean
  codecString: string
  width: number
  height: number
  sampleAspect: [number, number]
}

/** profile_idc with chroma and depth in the parameter set (section 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Sample aspect ratios by aspect_ratio_idc (table E-1), from 1. */
const SAMPLE_ASPECTS: readonly [number, number][] = [
  ...([
    [1, 1],
    [12, 11],
    [10, 11],
    [16, 11],
    [40, 33],
    [24, 11],
    [20, 11],
    [32, 11],
  ] as [number, number][]),
  ...([
    [80, 33],
    [18, 11],
    [15, 11],
    [64, 33],
    [160, 99],
    [4, 3],
    [3, 2],
    [2, 1],
  ] as [number, number][]),
]
const EXTENDED_SAR = 255

/** Reads a sequence parameter set (H.264 section 7.3.2.1.1). Null when it ends too early or makes no sense. */
export function readSequenceFacts(nal: Buffer): SequenceFacts | null {
  const bytes = withoutEmulation(nal)
  const [, profile = 0, constraints = 0, level = 0] = bytes
  const read = bitReader(bytes, 4)
  const id = read.unsigned()
  let chroma = 1
  let hasPlanes = false
  if (HIGH_PROFILES.has(profile)) {
    chroma = read.unsigned()
    if (chroma === 3) hasPlanes = read.bits(1) === 1
    read.unsigned() // bit_depth_luma_minus8
    read.unsigned() // bit_depth_chroma_minus8
    read.bits(1)
    if (read.bits(1) === 1) skipScalingLists(read, chroma === 3 ? 12 : 8)
  }
  read.unsigned() // log2_max_frame_num_minus4
  skipPictureOrder(read)
  read.unsigned() // max_num_ref_frames
  read.bits(1)
  const columns = read.unsigned() + 1
  const rows = read.unsigned() + 1
  const framesOnly = read.bits(1)
  if (framesOnly === 0) read.bits(1)
  read.bits(1)
  const [left = 0, right = 0, top = 0, bottom = 0] =
    read.bits(1) === 1 ? [read.unsigned(), read.unsigned(), read.unsigned(), read.unsigned()] : []
  const sampleAspect = readSampleAspect(read)
  // Cropping is told in units of the chroma (table 6-1), and of both fields.
  const unitX = !hasPlanes && (chroma === 1 || chroma === 2) ? 2 : 1
  const unitY = (!hasPlanes && chroma === 1 ? 2 : 1) * (2 - framesOnly)
  const width = columns * 16 - (left + right) * unitX
  const height = rows * 16 * (2 - framesOnly) - (top + bottom) * unitY
  if (read.isPastEnd() || width <= 0 || height <= 0) return null
  const codecString = `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`
  return { id, isProgressive: framesOnly === 1, codecString, width, height, sampleAspect }
}

/** Writes the AVCDecoderConfigurationRecord (ISO 14496-15 section 5.3.3.1) of one set of each kind. */
export function writeAvcConfiguration(sequence: Buffer, picture: Buffer): Buffer {
  const [, profile = 0, constraints = 0, level = 0] = sequence
  return Buffer.concat([
    Buffer.from([1, profile, constraints, level, 0xff, 0xe1]),
    withLength(sequence),
    Buffer.from([1]),
    withLength(picture),
    // High profiles say their chroma and depth again; only 8 bit 4:2:0 is ever copied.
    ...(HIGH_PROFILES.has(profile) ? [Buffer.from([0xfd, 0xf8, 0xf8, 0])] : []),
  ])
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function skipScalingLists(read: BitReader, count: number): void {
  for (let list = 0; list < count; list++) {
    if (read.bits(1) === 0) continue
    let next = 8
    for (let i = 0, last = 8; i < (list < 6 ? 16 : 64); i++) {
      if (next !== 0) next = (last + read.signed() + 256) % 256
      last = next === 0 ? last : next
    }
  }
}

function skipPictureOrder(read: BitReader): void {
  const type = read.unsigned()
  if (type === 0) read.unsigned()
  if (type !== 1) return
  read.bits(1)
  read.signed()
  read.signed()
  for (let left = Math.min(read.unsigned(), 255); left > 0; left--) read.signed()
}

function readSampleAspect(read: BitReader): [number, number] {
  // vui_parameters_present_flag, aspect_ratio_info_present_flag (section E.1.1).
  if (read.bits(1) === 0 || read.bits(1) === 0) return [1, 1]
  const kind = read.bits(8)
  if (kind !== EXTENDED_SAR) return SAMPLE_ASPECTS[kind - 1] ?? [1, 1]
  const [width, height] = [read.bits(16), read.bits(16)]
  return width > 0 && height > 0 ? [width, height] : [1, 1]
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
