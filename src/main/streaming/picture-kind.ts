import type { FileHandle } from 'node:fs/promises'
import type { InputVideoTrack } from 'mediabunny'
import { readCodecDescription } from './decoder-config.ts'

/** Where a frame lies in its file, in bytes. */
export type SamplePlace = { offset: number; bytes: number }

/** An IDR picture (for VP9: a key frame), at which decoding may begin and before which nothing is needed, or not. */
export type PictureKind = 'idr' | 'other'

/** Looks at the first bytes of a frame; `continueAt` is where to look on when they do not tell. */
export type KindReader = (bytes: Uint8Array) => PictureKind | { continueAt: number }

/** nal_unit_type of a coded slice of an IDR picture (H.264 table 7-1). */
const IDR_SLICE = 5

/** Bytes of a frame read at once: parameter sets and most SEI fit, the first slice's header follows. */
export const HEAD_BYTES = 1024

/** The reader for a track's codec, or null when its key packets can only be believed. */
export async function kindReaderOf(track: InputVideoTrack): Promise<KindReader | null> {
  const codec = await track.getCodec()
  if (codec === 'vp9') return vp9PictureKind
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

/** Reads no more of a frame than it takes to tell its kind. A frame without a picture is `other`. */
export async function readKindAt(
  file: FileHandle,
  place: SamplePlace,
  kindOf: KindReader,
): Promise<PictureKind> {
  for (let at = 0; at < place.bytes;) {
    const bytes = Buffer.allocUnsafe(Math.min(HEAD_BYTES, place.bytes - at))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, place.offset + at)
    const kind = kindOf(bytes.subarray(0, bytesRead))
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
