import { bitReader } from './bit-reader.ts'

/** What the headers of a coded picture or sequence tell of it: size in samples, shape of a sample, depth, chroma. */
export type PictureHeader = {
  width: number
  height: number
  /** Null where nothing is told of it. */
  sampleAspect: readonly [number, number] | null
  bitDepth: number
  chroma: string | null
}

/** Start code of a video object layer, which ends with its number (ISO 14496-2 table 6-3). */
const LAYER_CODES = { first: 0x20, last: 0x2f }
const RECTANGULAR = 0
/** The studio profiles have layers of another form (section 6.2.3). */
const STUDIO_TYPES = new Set([14, 15])
/** Aspect ratios of a sample by aspect_ratio_info (table 6-12), from 1. */
const SAMPLE_ASPECTS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
]
const EXTENDED_ASPECT = 15
/** vbv_parameters, without the bit that says they are there. */
const BUFFER_BITS = 79

/** Reads the video object layer of an MPEG-4 part 2 frame (ISO 14496-2 section 6.2.3). Null when it has none of a film. */
export function readMpeg4Layer(frame: Buffer): PictureHeader | null {
  const at = layerAt(frame)
  if (at === null) return null
  const read = bitReader(frame, at)
  read.bits(1)
  if (STUDIO_TYPES.has(read.bits(8))) return null
  if (read.bits(1) === 1) read.bits(7)
  const sampleAspect = readSampleAspect(read.bits(4), () => [read.bits(8), read.bits(8)])
  if (read.bits(1) === 1) {
    read.bits(3)
    if (read.bits(1) === 1) read.bits(BUFFER_BITS)
  }
  if (read.bits(2) !== RECTANGULAR) return null
  read.bits(1)
  const resolution = read.bits(16)
  read.bits(1)
  if (read.bits(1) === 1) read.bits(Math.max(1, Math.ceil(Math.log2(resolution))))
  read.bits(1)
  const width = read.bits(13)
  read.bits(1)
  const height = read.bits(13)
  if (read.isPastEnd() || resolution === 0 || width === 0 || height === 0) return null
  return { width, height, sampleAspect, bitDepth: 8, chroma: '4:2:0' }
}

function layerAt(frame: Buffer): number | null {
  for (let at = frame.indexOf(START_CODE); at >= 0; at = frame.indexOf(START_CODE, at + 1)) {
    const code = frame[at + 3] ?? 0
    if (code >= LAYER_CODES.first && code <= LAYER_CODES.last) return at + 4
  }
  return null
}

const START_CODE = Buffer.from([0, 0, 1])

function readSampleAspect(kind: number, extended: () => [number, number]): readonly [number, number] | null {
  if (kind !== EXTENDED_ASPECT) return SAMPLE_ASPECTS[kind - 1] ?? null
  const [width, height] = extended()
  return width > 0 && height > 0 ? [width, height] : null
}

/** Baseline and extended sequential DCT (ITU-T T.81 table B.1); others are no Motion JPEG. */
const FRAME_MARKERS = new Set([0xc0, 0xc1])
const SCAN_MARKER = 0xda
/** Chroma by the samples of Y for one of Cb, across and down. */
const CHROMA: Readonly<Record<string, string>> = { '2/2': '4:2:0', '2/1': '4:2:2', '1/1': '4:4:4' }

/** Reads the frame header of a JPEG picture (ITU-T T.81 section B.2.2). Null unless it is of 8 bit YCbCr. */
export function readJpegHeader(frame: Buffer): PictureHeader | null {
  if (frame[0] !== 0xff || frame[1] !== 0xd8) return null
  for (let at = 2; at + 19 <= frame.length && frame[at] === 0xff;) {
    const marker = frame[at + 1] ?? 0
    if (marker === SCAN_MARKER) return null
    if (FRAME_MARKERS.has(marker)) {
      const [height, width] = [frame.readUInt16BE(at + 5), frame.readUInt16BE(at + 7)]
      const chroma = frame[at + 9] === 3 ? CHROMA[samplingAt(frame, at + 11)] : undefined
      if (frame[at + 4] !== 8 || chroma === undefined || width === 0 || height === 0) return null
      return { width, height, sampleAspect: null, bitDepth: 8, chroma }
    }
    at += 2 + frame.readUInt16BE(at + 2)
  }
  return null
}

/** Sampling factors stand in a byte for each component, every three bytes: across in its upper half, down in its lower. */
function samplingAt(frame: Buffer, at: number): string {
  const [y = 0, cb = 0, cr] = [frame[at], frame[at + 3], frame[at + 6]]
  return cb === cr ? `${(y >> 4) / (cb >> 4)}/${(y & 15) / (cb & 15)}` : ''
}
