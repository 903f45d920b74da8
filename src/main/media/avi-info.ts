import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { lendBytes } from '../base/lent-bytes.ts'
import { firstAviPackets, readAviHead, type AviStream } from './avi-streams.ts'
import { readMp3Header } from './mp3-frames.ts'
import { readJpegHeader, readMpeg4Layer, type PictureHeader } from './picture-headers.ts'
import type { Sniffed } from './sniff.ts'
import { readAc3Header, readMp2Header } from './sound-headers.ts'
import { openFile } from './source.ts'

/** Bytes at the start that hold the header and the first packet of each stream. */
const HEAD_BYTES = 512 * 1024
const BITMAP_HEADER_BYTES = 40
/** Streams of a film end together, nearly: else one of them lies about its length. */
const MOST_APART_S = 1

/** Codecs by biCompression, as ffmpeg knows them (libavformat/riff.c); others are left to it. */
const MPEG4_WORDS = new Set(['FMP4', 'DIVX', 'DX50', 'XVID', 'MP4V', '3IV2', 'RMP4'])
const MSMPEG4_WORDS = new Set(['DIV3', 'DIV4', 'MP43'])

/** Codecs by wFormatTag (RFC 2361). */
const WAVE_PCM = 1
const WAVE_EXTENSIBLE = 0xfffe
const FRAMED_SOUNDS: Readonly<Record<number, { codec: string; read: typeof readMp2Header }>> = {
  0x50: { codec: 'mp2', read: readMp2Header },
  0x55: { codec: 'mp3', read: readMp3Header },
  0x2000: { codec: 'ac3', read: readAc3Header },
}
const PCM_BY_BITS: Readonly<Record<number, string>> = { 8: 'pcm_u8', 16: 'pcm_s16le', 24: 'pcm_s24le' }

/**
 * Reads the facts of an AVI from its first bytes, without a process for it: one picture of MPEG-4 part 2 or Motion JPEG,
 * and sound of MP3, MP2, AC-3 or PCM. They are what ffprobe says of it. Null for every other, and where bytes are missing or
 * contradict each other: ffprobe has the last word there. Throws the system error.
 */
export async function readAviInfo(path: string, sniffed: Sniffed): Promise<MediaInfo | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    return await lendBytes(HEAD_BYTES, async (buffer) => {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
      return infoIn(buffer.subarray(0, bytesRead), size, sniffed)
    })
  } finally {
    await file.close()
  }
}

function infoIn(head: Buffer, size: number, { container, demuxer }: Sniffed): MediaInfo | null {
  const avi = readAviHead(head)
  if (!avi || avi.packets.to > size || avi.streams.some((it) => it.startS > 0)) return null
  const packets = firstAviPackets(head, avi)
  const tracks = avi.streams.map((stream, at) => trackOf(stream, packets[at] ?? null))
  const pictures = tracks.filter((it) => it !== null && 'width' in it)
  const sounds = tracks.filter((it) => it !== null && 'channels' in it)
  const [video] = pictures
  const lengths = avi.streams.map((it) => it.lengthS)
  const durationS = Math.max(...lengths)
  const title = textOf(avi.title)
  const isOdd = durationS - Math.min(...lengths) > MOST_APART_S || title === undefined
  if (!video || pictures.length > 1 || pictures.length + sounds.length < tracks.length || isOdd) return null
  return {
    ...{ container, demuxer, reader: 'ffprobe', durationS, bitrate: null },
    ...{ video, audio: sounds, title },
  }
}

function trackOf(stream: AviStream, packet: Buffer | null): VideoTrackInfo | AudioTrackInfo | null {
  if (!packet) return null
  if (stream.type === 'vids') return videoOf(stream, packet)
  return stream.type === 'auds' ? audioOf(stream, packet) : null
}

function videoOf({ format, rate, sampleAspect }: AviStream, packet: Buffer): VideoTrackInfo | null {
  // What follows the header is the codec's own: it may tell another size.
  if (format.length !== BITMAP_HEADER_BYTES) return null
  const [width, height] = [format.readInt32LE(4), format.readInt32LE(8)]
  const read = readPicture(format.toString('latin1', 16, 20).toUpperCase(), packet, { width, height })
  if (!read || read.header.width !== width || read.header.height !== height) return null
  const { codec, header } = read
  const [x, y] = sampleAspect ?? header.sampleAspect ?? [1, 1]
  const [codedX, codedY] = header.sampleAspect ?? [x, y]
  if (x * codedY !== y * codedX) return null
  return {
    ...{ codec, codecString: null, rotationDeg: 0 },
    ...{ width: Math.round((width * x) / y), height },
    frameRate: Math.round(rate * 1000) / 1000,
    ...{ bitDepth: header.bitDepth, chroma: header.chroma },
  }
}

function readPicture(
  word: string,
  packet: Buffer,
  size: { width: number; height: number },
): { codec: string; header: PictureHeader } | null {
  if (MPEG4_WORDS.has(word)) return named('mpeg4', readMpeg4Layer(packet))
  if (word === 'MJPG') return named('mjpeg', readJpegHeader(packet))
  // Its pictures have no header that tells a size; one with a start code is MPEG-4 under a wrong name.
  if (!MSMPEG4_WORDS.has(word) || packet.readUIntBE(0, Math.min(3, packet.length)) === 1) return null
  return named('msmpeg4v3', { ...size, sampleAspect: null, bitDepth: 8, chroma: '4:2:0' })
}

const named = (codec: string, header: PictureHeader | null) => header && { codec, header }

function audioOf({ format, name: written }: AviStream, packet: Buffer): AudioTrackInfo | null {
  if (format.length < 16) return null
  const [tag, channels, sampleRate] = [tagOf(format), format.readUInt16LE(2), format.readUInt32LE(4)]
  const codec = tag === WAVE_PCM ? PCM_BY_BITS[format.readUInt16LE(14)] : framedSound(tag, packet, format)
  const name = textOf(written)
  if (!codec || name === undefined || channels === 0 || sampleRate === 0) return null
  return { codec, codecString: null, sampleRate, channels, language: null, name }
}

/** The extensible form has the tag at the start of its SubFormat (Microsoft, WAVEFORMATEXTENSIBLE). */
const tagOf = (format: Buffer): number =>
  format.readUInt16LE(0) === WAVE_EXTENSIBLE && format.length >= 40
    ? format.readUInt32LE(24)
    : format.readUInt16LE(0)

/** Undefined where the first frame says another thing than the header of the file. */
function framedSound(tag: number, packet: Buffer, format: Buffer): string | undefined {
  const sound = FRAMED_SOUNDS[tag]
  const header = sound?.read(packet, 0)
  const isSame = header?.channels === format.readUInt16LE(2) && header.sampleRate === format.readUInt32LE(4)
  return isSame ? sound?.codec : undefined
}

/** A text of the file up to its first zero; null when there is none, undefined when it is no UTF-8. */
function textOf(bytes: Buffer | null): string | null | undefined {
  if (!bytes) return null
  const end = bytes.indexOf(0)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end)) || null
  } catch {
    return undefined
  }
}
