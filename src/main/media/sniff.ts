import { id3Length, isAdts, isMp3 } from './audio-frames.ts'
import type { Demuxer } from './demuxers.ts'
import { findPacketGrid } from './transport-grid.ts'

/** What the first bytes of a file say it is. */
export type Sniffed = {
  /** Name of the container as people know it. */
  container: string
  /** ffmpeg's demuxer for it. */
  demuxer: Demuxer
  /** True when mediabunny may read it. */
  mediabunny: boolean
}

/** A file that is no audio or video, with the sentence for its owner. */
export type NotMedia = { reason: string }

/** Bytes of a file's start that `sniff` wants to see: enough for two sync words of anything. */
export const HEAD_BYTES = 64 * 1024

type Head = Uint8Array

const FLAC: Sniffed = { container: 'FLAC', demuxer: 'flac', mediabunny: true }

const PICTURE = 'This is a picture, not a film.'
const OTHER_BOXES = new Set(['moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp'])
const PICTURE_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis', 'crx '])
const BRAND_NAMES: Readonly<Record<string, string>> = { 'qt  ': 'QuickTime', 'M4A ': 'M4A', 'M4B ': 'M4A' }

const text = (head: Head, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length))
const bigEndian = (head: Head, at: number, length: number): number =>
  head.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0)
const startsWith = (head: Head, bytes: readonly number[], at = 0): boolean =>
  head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte)

/**
 * Recognises a container by its first bytes, never by its name. Only what is listed here is ever given to a demuxer:
 * playlists, concat lists and manifests under a film's name are refused, because a demuxer that follows them reads
 * other files (S46, S47). `head` is the first 64 KiB, or the whole file when it is shorter.
 */
export function sniff(head: Head): Sniffed | NotMedia {
  if (head.length === 0) return { reason: 'The file is empty.' }
  if (head.every((byte) => byte === 0)) {
    return { reason: 'The file begins with nothing but zeros: it was not copied or downloaded to its end.' }
  }
  for (const recognise of RECOGNISERS) {
    const found = recognise(head)
    if (found) return found
  }
  return { reason: 'This is no audio or video file that Matinee knows.' }
}

/** True when sniffing found a container. */
export const isMedia = (it: Sniffed | NotMedia): it is Sniffed => 'demuxer' in it

/** ISO base media (ISO 14496-12 4.2): a box of a known type at the start, with a size that a box can have. */
function isoMedia(head: Head): Sniffed | NotMedia | undefined {
  if (head.length < 12) return undefined
  const size = bigEndian(head, 0, 4)
  if (size > 1 && size < 8) return undefined
  const type = text(head, 4, 4)
  if (type !== 'ftyp') {
    // QuickTime files of before 2001 have no brand.
    return OTHER_BOXES.has(type) ? { container: 'QuickTime', demuxer: 'mov', mediabunny: true } : undefined
  }
  const brand = text(head, 8, 4)
  // Still pictures share the container.
  if (PICTURE_BRANDS.has(brand)) return { reason: PICTURE }
  const container = BRAND_NAMES[brand] ?? (brand.startsWith('3g') ? '3GP' : 'MP4')
  return { container, demuxer: 'mov', mediabunny: true }
}

/** EBML (RFC 8794) with the document type of Matroska or WebM. */
function matroska(head: Head): Sniffed | undefined {
  if (!startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return undefined
  const header = text(head, 0, Math.min(head.length, 128))
  if (header.includes('webm')) return { container: 'WebM', demuxer: 'matroska', mediabunny: true }
  return header.includes('matroska')
    ? { container: 'Matroska', demuxer: 'matroska', mediabunny: true }
    : undefined
}

/** MPEG-TS: packets at a steady distance. */
function transportStream(head: Head): Sniffed | undefined {
  return findPacketGrid(head) ? { container: 'MPEG-TS', demuxer: 'mpegts', mediabunny: false } : undefined
}

/** RIFF and AIFF: a form type eight bytes in. */
function chunked(head: Head): Sniffed | undefined {
  const form = `${text(head, 0, 4)}/${text(head, 8, 4)}`
  const forms: Readonly<Record<string, Sniffed>> = {
    'RIFF/AVI ': { container: 'AVI', demuxer: 'avi', mediabunny: false },
    'RIFF/WAVE': { container: 'WAV', demuxer: 'wav', mediabunny: true },
    'RF64/WAVE': { container: 'WAV', demuxer: 'wav', mediabunny: true },
    'FORM/AIFF': { container: 'AIFF', demuxer: 'aiff', mediabunny: false },
    'FORM/AIFC': { container: 'AIFF', demuxer: 'aiff', mediabunny: false },
  }
  return forms[form]
}

/** Containers with a fixed first word. */
function fixedWord(head: Head): Sniffed | undefined {
  if (text(head, 0, 4) === 'FLV\u0001') return { container: 'FLV', demuxer: 'flv', mediabunny: false }
  if (text(head, 0, 4) === 'OggS') {
    // mediabunny would tell of the sound alone (Theora specification 6.2: the first packet's header).
    const hasPicture = text(head, 0, 512).includes('\u0080theora')
    return { container: 'Ogg', demuxer: 'ogg', mediabunny: !hasPicture }
  }
  if (text(head, 0, 4) === 'fLaC') return FLAC
  if (startsWith(head, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])) {
    return { container: 'Windows Media', demuxer: 'asf', mediabunny: false }
  }
  // The pack header of MPEG-1 and MPEG-2 program streams (ISO 13818-1 2.5.3.3).
  if (startsWith(head, [0, 0, 1, 0xba])) return { container: 'MPEG', demuxer: 'mpeg', mediabunny: false }
  if (startsWith(head, [0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01])) {
    return { container: 'MXF', demuxer: 'mxf', mediabunny: false }
  }
  return undefined
}

/**
 * MP3 and ADTS have no header of the file: frames must follow one another where their lengths say. An ID3 tag before
 * them (ID3v2 3.1) and zeros after it are stepped over.
 */
function bareFrames(head: Head): Sniffed | undefined {
  const tagLength = id3Length(head)
  if (tagLength > 0 && text(head, tagLength, 4) === 'fLaC') return FLAC
  const start = head.findIndex((byte, at) => at >= tagLength && byte !== 0)
  if (start < 0) return undefined
  if (isMp3(head, start)) return { container: 'MP3', demuxer: 'mp3', mediabunny: true }
  return isAdts(head, start) ? { container: 'AAC', demuxer: 'aac', mediabunny: true } : undefined
}

/** Lists and pages that name other files; said plainly, because their name says film. */
function disguised(head: Head): NotMedia | undefined {
  const start = text(head, 0, 512)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (start.startsWith('#EXTM3U')) {
    return { reason: 'This is a playlist, not a film: it only names other files.' }
  }
  if (start.startsWith('ffconcat')) return { reason: 'This is a list of files, not a film.' }
  if (/^v=0\r?\n/.test(start)) return { reason: 'This describes a network stream; it is no film itself.' }
  if (/^<\?xml|^<MPD|^<!doctype|^<html/i.test(start)) {
    return { reason: 'This is a web page or manifest, not a film.' }
  }
  return undefined
}

/** What people most often mistake, so that they are told what it is. */
function otherFile(head: Head): NotMedia | undefined {
  const isRiff = text(head, 0, 4) === 'RIFF'
  if (startsWith(head, [0xff, 0xd8, 0xff]) || startsWith(head, [0x89, 0x50, 0x4e, 0x47])) {
    return { reason: PICTURE }
  }
  if (text(head, 0, 4) === 'GIF8' || (isRiff && text(head, 8, 4) === 'WEBP')) return { reason: PICTURE }
  if (startsWith(head, [0x50, 0x4b, 3, 4])) return { reason: 'This is a ZIP archive; unpack it first.' }
  if (text(head, 0, 5) === '%PDF-') return { reason: 'This is a PDF document, not a film.' }
  return undefined
}

const RECOGNISERS: readonly ((head: Head) => Sniffed | NotMedia | undefined)[] = [
  disguised,
  otherFile,
  isoMedia,
  matroska,
  chunked,
  fixedWord,
  transportStream,
  bareFrames,
]
