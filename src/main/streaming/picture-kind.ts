import type { InputVideoTrack } from 'mediabunny'
import { readCodecDescription } from './decoder-config.ts'
import type { SmallRead } from './small-reads.ts'

/** Where a frame lies in its file, in bytes. */
export type SamplePlace = { offset: number; bytes: number }

/** An IDR picture (for VP9 and AV1: a key frame that is shown), at which decoding may begin and before which nothing is needed, or not. */
export type PictureKind = 'idr' | 'other'

/** Looks at the first bytes of a frame; `continueAt` is where to look on when they do not tell. */
export type KindReader = (bytes: Uint8Array) => PictureKind | { continueAt: number }

/** nal_unit_type of a coded slice of an IDR picture (H.264 table 7-1). */
const IDR_SLICE = 5

/** Bytes of a frame read at once: parameter sets and most SEI fit, the first slice's header follows. */
const HEAD_BYTES = 1024

/** The reader for a track's codec, or null when its key packets can only be believed. */
export async function kindReaderOf(track: InputVideoTrack): Promise<KindReader | null> {
  const codec = await track.getCodec()
  if (codec === 'vp9') return vp9PictureKind
  if (codec === 'av1') return av1PictureKind
  const configuration = await readCodecDescription(track)
  if (codec !== 'avc' || !configuration) return null
  const lengthSize = nalLengthSize(configuration)
  return (bytes) => h264PictureKind(bytes, lengthSize)
}

/**
 * Tells from the first coded slice whether a length-prefixed access unit is an IDR picture: when one slice has type
 * 5, all have (H.264 section 7.4.1.2.4), and parameter sets, SEI and delimiters (types above 5) stand before it.
 * `bytes` begin at a length field, and so does what `continueAt` points to.
 */
export function h264PictureKind(bytes: Uint8Array, lengthSize: number): ReturnType<KindReader> {
  let at = 0
  while (at + lengthSize < bytes.length) {
    let length = 0
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (bytes[at + i] ?? 0)
    const type = (bytes[at + lengthSize] ?? 0) & 0x1f
    if (length > 0 && type >= 1 && type <= IDR_SLICE) return type === IDR_SLICE ? 'idr' : 'other'
    at += lengthSize + length
  }
  return { continueAt: at }
}

/** Bytes of a NAL unit's length field, from an AVCDecoderConfigurationRecord (ISO 14496-15 section 5.3.3.1). */
export function nalLengthSize(configuration: Uint8Array): number {
  return ((configuration[4] ?? 3) & 3) + 1
}

/** Tells from the uncompressed header whether a VP9 frame is a key frame (VP9 specification section 6.2). */
export function vp9PictureKind(bytes: Uint8Array): PictureKind {
  const first = bytes[0] ?? 0
  const isFrame = first >> 6 === 2
  // Profile 3 has one reserved bit before show_existing_frame and frame_type.
  const shift = (first & 0x30) === 0x30 ? 1 : 2
  const showsExisting = (first >> (shift + 1)) & 1
  const isInter = (first >> shift) & 1
  return isFrame && !showsExisting && !isInter ? 'idr' : 'other'
}

/** obu_type (AV1 section 6.2.2). */
const OBU = { sequenceHeader: 1, frameHeader: 3, frame: 6 } as const

/**
 * Tells from its OBUs whether an AV1 temporal unit is one that decoding may begin at: a sequence header, and a key frame
 * behind it that is shown at once (AV1 sections 5.3.2, 5.9.2, 7.6.1). One that is shown later ("forward key frame") lets
 * frames refer past it.
 */
export function av1PictureKind(bytes: Uint8Array): ReturnType<KindReader> {
  let hasSequence = false
  for (let at = 0; at < bytes.length;) {
    const header = bytes[at] ?? 0
    const type = (header >> 3) & 15
    const size = (header & 2) !== 0 ? leb128(bytes, at + ((header & 4) !== 0 ? 2 : 1)) : null
    // An OBU without a size is the last one.
    const start = size?.end ?? at + ((header & 4) !== 0 ? 2 : 1)
    const first = bytes[start] ?? 0
    if (type === OBU.frame || type === OBU.frameHeader) {
      // show_existing_frame 0, frame_type 0 of two bits, show_frame 1.
      return hasSequence && first >> 4 === 0b0001 ? 'idr' : 'other'
    }
    // reduced_still_picture_header: a picture, not a film.
    if (type === OBU.sequenceHeader) hasSequence = (first & 0b0000_1000) === 0
    at = size ? start + size.value : bytes.length
    if (at > bytes.length) return { continueAt: at }
  }
  return 'other'
}

/** A number in up to eight bytes of seven bits, the lowest first (AV1 section 4.10.5). */
function leb128(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * i)
    if ((byte & 0x80) === 0) return { value, end: at + i + 1 }
  }
  return { value, end: at + 8 }
}

/** Reads no more of a frame than it takes to tell its kind. A frame without a picture is `other`. */
export async function readKindAt(
  read: SmallRead,
  place: SamplePlace,
  kindOf: KindReader,
): Promise<PictureKind> {
  for (let at = 0; at < place.bytes;) {
    const kind = kindOf(await read(place.offset + at, Math.min(HEAD_BYTES, place.bytes - at)))
    if (typeof kind === 'string') return kind
    if (kind.continueAt === 0) break
    at += kind.continueAt
  }
  return 'other'
}

/** The kind of a frame that is in memory whole. */
export function kindIn(data: Uint8Array, kindOf: KindReader): PictureKind {
  const kind = kindOf(data)
  return typeof kind === 'string' ? kind : 'other'
}
