/** What the first bytes of a file say it is. */
export type Sniffed = {
  /** Name of the container as people know it. */
  container: string
  /** ffmpeg's demuxer for it. */
  demuxer: string
  /** True when mediabunny may read it. */
  mediabunny: boolean
}

/** A file that is no audio or video, with the sentence for its owner. */
export type NotMedia = { reason: string }

/** Bytes of a file's start that `sniff` wants to see: enough for two sync words of anything. */
export const HEAD_BYTES = 64 * 1024

type Head = Uint8Array

const text = (head: Head, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length))
const startsWith = (head: Head, bytes: readonly number[], at = 0): boolean =>
  head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte)

/**
 * Recognises a container by its first bytes, never by its name. Only what is listed here is ever given to a demuxer:
 * playlists, concat lists and manifests under a film's name are refused, because a demuxer that follows them reads
 * other files (S46, S47). `head` is the first 64 KiB, or the whole file when it is shorter.
 */
export function sniff(head: Head): Sniffed | NotMedia {
  if (head.length === 0) return { reason: 'The file is empty.' }
  if (head.every((byte) => byte === 0))
    return { reason: 'The file holds nothing but zeros; was it ever copied?' }
  for (const recognise of RECOGNISERS) {
    const found = recognise(head)
    if (found) return found
  }
  return { reason: 'This is no audio or video file that Matinee knows.' }
}

/** True when sniffing found a container. */
export const isMedia = (it: Sniffed | NotMedia): it is Sniffed => 'demuxer' in it

/** ISO base media (ISO 14496-12 4.3): a box of a known type at the start. */
function isoMedia(head: Head): Sniffed | undefined {
  if (head.length < 12) return undefined
  const type = text(head, 4, 4)
  if (!['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp'].includes(type))
    return undefined
  const brand = type === 'ftyp' ? text(head, 8, 4) : 'qt  '
  const brandNames: Readonly<Record<string, string>> = {
    'qt  ': 'QuickTime',
    'M4A ': 'M4A',
    'M4B ': 'M4A',
    'M4V ': 'MP4',
  }
  // Still pictures share the container.
  if (['heic', 'heix', 'mif1', 'avif', 'avis', 'crx '].includes(brand)) return undefined
  const container = brandNames[brand] ?? (brand.startsWith('3g') ? '3GP' : 'MP4')
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

/** MPEG-TS (ISO 13818-1 2.4.3.2): the sync byte at every 188th place, or 192nd with a time stamp before each packet. */
function transportStream(head: Head): Sniffed | undefined {
  for (const [packet, offset] of [
    [188, 0],
    [192, 4],
  ] as const) {
    const count = Math.min(8, Math.floor((head.length - offset) / packet))
    if (
      count >= 3 &&
      Array.from({ length: count }, (_, i) => head[offset + i * packet]).every((it) => it === 0x47)
    ) {
      return { container: 'MPEG-TS', demuxer: 'mpegts', mediabunny: false }
    }
  }
  return undefined
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
  if (text(head, 0, 4) === 'OggS') return { container: 'Ogg', demuxer: 'ogg', mediabunny: true }
  if (text(head, 0, 4) === 'fLaC') return { container: 'FLAC', demuxer: 'flac', mediabunny: true }
  if (startsWith(head, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])) {
    return { container: 'Windows Media', demuxer: 'asf', mediabunny: false }
  }
  if (startsWith(head, [0, 0, 1, 0xba])) return { container: 'MPEG', demuxer: 'mpeg', mediabunny: false }
  if (startsWith(head, [0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01])) {
    return { container: 'MXF', demuxer: 'mxf', mediabunny: false }
  }
  return undefined
}

/**
 * MP3 and ADTS have no header of the file: a frame must be followed by another where its length says, twice. An ID3
 * tag before them (ID3v2 3.1) is stepped over; one that is longer than the head is believed.
 */
function bareFrames(head: Head): Sniffed | undefined {
  const start = id3Length(head)
  const mp3: Sniffed = { container: 'MP3', demuxer: 'mp3', mediabunny: true }
  if (start >= head.length) return mp3
  if (framesFollow(head, start, mp3FrameLength)) return mp3
  return framesFollow(head, start, adtsFrameLength)
    ? { container: 'AAC', demuxer: 'aac', mediabunny: true }
    : undefined
}

function id3Length(head: Head): number {
  if (text(head, 0, 3) !== 'ID3') return 0
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10)
  return 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127)
}

function framesFollow(head: Head, start: number, lengthAt: (head: Head, at: number) => number): boolean {
  let at = start
  for (let frames = 0; frames < 3; frames++) {
    const length = lengthAt(head, at)
    if (length === 0) return false
    at += length
    if (at >= head.length) return frames > 0
  }
  return true
}

const MP3_KBITS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
const MP3_KBITS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
const MP3_RATES = [44_100, 48_000, 32_000, 0]

/** Bytes of the MPEG audio layer III frame at `at` (ISO 11172-3 2.4.1.3); 0 when there is none. */
function mp3FrameLength(head: Head, at: number): number {
  const [sync, kind = 0, rates = 0] = head.subarray(at, at + 3)
  if (sync !== 0xff || (kind & 0xe0) !== 0xe0) return 0
  const version = (kind >> 3) & 3
  if (version === 1 || ((kind >> 1) & 3) !== 1) return 0
  const isV1 = version === 3
  const kbits = (isV1 ? MP3_KBITS_V1 : MP3_KBITS_V2)[rates >> 4] ?? 0
  const rate = (MP3_RATES[(rates >> 2) & 3] ?? 0) / (isV1 ? 1 : version === 2 ? 2 : 4)
  if (kbits === 0 || rate === 0) return 0
  return Math.floor(((isV1 ? 144 : 72) * kbits * 1000) / rate) + ((rates >> 1) & 1)
}

/** Bytes of the ADTS frame at `at` (ISO 13818-7 6.2); 0 when there is none. */
function adtsFrameLength(head: Head, at: number): number {
  const [sync, kind = 0, , b = 0, c = 0, d = 0] = head.subarray(at, at + 6)
  if (sync !== 0xff || (kind & 0xf6) !== 0xf0) return 0
  const length = ((b & 3) << 11) | (c << 3) | (d >> 5)
  return length >= 7 ? length : 0
}

/** Lists and pages that name other files; said plainly, because their name says film. */
function disguised(head: Head): NotMedia | undefined {
  const start = text(head, 0, 512)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (start.startsWith('#EXTM3U'))
    return { reason: 'This is a playlist, not a film: it only names other files.' }
  if (start.startsWith('ffconcat')) return { reason: 'This is a list of files, not a film.' }
  if (/^v=0\r?\n/.test(start)) return { reason: 'This describes a network stream; it is no film itself.' }
  if (/^<\?xml|^<MPD|^<!doctype|^<html/i.test(start))
    return { reason: 'This is a web page or manifest, not a film.' }
  return undefined
}

const RECOGNISERS: readonly ((head: Head) => Sniffed | NotMedia | undefined)[] = [
  disguised,
  isoMedia,
  matroska,
  chunked,
  fixedWord,
  transportStream,
  bareFrames,
]
