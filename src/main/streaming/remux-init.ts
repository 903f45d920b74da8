import {
  BufferTarget,
  CmafOutputFormat,
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  Output,
} from 'mediabunny'
import { AppError } from '../base/errors.ts'
import { boxes, find, trackIdOf, type Box } from '../media/isobmff-boxes.ts'
import type { PictureFormat, SoundFormat } from './track-formats.ts'

/** A track of an init segment: its track_ID and ticks per second. */
export type InitTrack = { id: number; timescale: number }

/** The EXT-X-MAP bytes, and what fragments must agree with. */
export type InitSegment = { bytes: Uint8Array; video: InitTrack | null; audio: InitTrack | null }

type InitRequest = {
  video: PictureFormat | null
  audio: SoundFormat | null
  /** Ticks per second for the picture. */
  videoTimescale: number
  /** The reorder delay D, in seconds. */
  reorderS: number
}

/**
 * Writes the init segment of two tracks with mediabunny and puts an edit list of the reorder delay into each. Throws
 * AppError `unsupported_media` for codecs that fMP4 has no sample entry for.
 */
export async function writeInit(request: InitRequest): Promise<InitSegment> {
  const plain = await writePlainInit(request)
  setVideoTimescale(plain, request.videoTimescale)
  setFlacSampleSize(plain)
  const bytes = withEditLists(plain, request.reorderS)
  const tracks = traksOf(bytes)
  const trackOf = (handler: string): InitTrack | null => {
    const found = tracks.find((trak) => trak.handler === handler)
    return found ? { id: found.id, timescale: found.timescale } : null
  }
  return { bytes, video: trackOf('vide'), audio: trackOf('soun') }
}

async function writePlainInit({ video, audio }: InitRequest): Promise<Buffer> {
  const initTarget = new BufferTarget()
  const output = new Output({ format: new CmafOutputFormat(), target: new BufferTarget(), initTarget })
  if (video) {
    const { codec, rotationDeg, ...metadata } = video
    output.addVideoTrack(new EncodedVideoPacketSource(codec), { rotation: rotationDeg, ...metadata })
  }
  if (audio) {
    const { codec, ...metadata } = audio
    output.addAudioTrack(new EncodedAudioPacketSource(codec), metadata)
  }
  await output.start()
  await output.finalize()
  if (!initTarget.buffer) throw new AppError('unsupported_media', 'No stream can be made of these tracks.')
  return Buffer.from(initTarget.buffer)
}

/** mediabunny has its own idea of a clock, at most 1 MHz and at times off by one; whole source ticks need no rounding. */
function setVideoTimescale(init: Buffer, timescale: number): void {
  for (const trak of traksOf(init)) {
    if (trak.handler === 'vide') init.writeUInt32BE(timescale, trak.timescaleAt)
  }
}

/** Bytes of an audio sample entry before the boxes inside it, and where its samplesize stands (ISO 14496-12 12.2.3). */
const AUDIO_ENTRY_BYTES = 28
const SAMPLE_SIZE_AT = 18

/**
 * mediabunny says 16 bits of every sound. Of FLAC a browser believes it, and then fails at frames of 24: the bits are
 * those of STREAMINFO, five of them from the 104th on (RFC 9639 section 8.2).
 */
function setFlacSampleSize(init: Buffer): void {
  for (const { box } of traksOf(init)) {
    const list = find(init, box, 'mdia', 'minf', 'stbl', 'stsd')
    const [entry] = list ? [...boxes(init, list.start + 8, list.end)] : []
    if (entry?.type !== 'fLaC') continue
    const facts = [...boxes(init, entry.start + AUDIO_ENTRY_BYTES, entry.end)].find(
      (it) => it.type === 'dfLa',
    )
    if (!facts) continue
    // Version and flags, then the header of the block.
    const bits = ((init.readUInt16BE(facts.start + 8 + 12) >> 4) & 0x1f) + 1
    init.writeUInt16BE(bits, entry.start + SAMPLE_SIZE_AT)
  }
}

/**
 * Puts `edts`/`elst` (ISO 14496-12 sections 8.6.5, 8.6.6) with media_time = D behind each `tkhd`: decode times need
 * no negative composition offsets then, and the presentation still begins at exactly 0 in browsers and in ffmpeg.
 */
function withEditLists(init: Buffer, reorderS: number): Buffer {
  if (reorderS === 0) return init
  const moov = [...boxes(init, 0, init.length)].find((box) => box.type === 'moov')
  if (!moov) return init
  const parts: Buffer[] = []
  let copied = 0
  let added = 0
  for (const trak of traksOf(init)) {
    const header = find(init, trak.box, 'tkhd')
    if (!header) continue
    const list = editList(Math.round(reorderS * trak.timescale))
    const before = Buffer.from(init.subarray(copied, header.end))
    before.writeUInt32BE(trak.box.end - trak.box.start + 8 + list.length, trak.box.start - 8 - copied)
    parts.push(before, list)
    copied = header.end
    added += list.length
  }
  const bytes = Buffer.concat([...parts, init.subarray(copied)])
  bytes.writeUInt32BE(moov.end - moov.start + 8 + added, moov.start - 8)
  return bytes
}

function editList(mediaTime: number): Buffer {
  const box = Buffer.alloc(36)
  box.writeUInt32BE(36, 0)
  box.write('edts', 4, 'latin1')
  box.writeUInt32BE(28, 8)
  box.write('elst', 12, 'latin1')
  box.writeUInt32BE(1, 20) // entries; version and flags are 0
  box.writeUInt32BE(0, 24) // segment_duration 0: the rest, however many fragments come
  box.writeInt32BE(mediaTime, 28)
  box.writeUInt32BE(0x00010000, 32) // media_rate 1
  return box
}

type Trak = { box: Box; id: number; handler: string; timescale: number; timescaleAt: number }

function traksOf(init: Buffer): Trak[] {
  const moov = [...boxes(init, 0, init.length)].find((box) => box.type === 'moov')
  if (!moov) return []
  return [...boxes(init, moov.start, moov.end)].flatMap((box) => {
    const id = box.type === 'trak' ? trackIdOf(init, box) : null
    const header = find(init, box, 'mdia', 'mdhd')
    const handler = find(init, box, 'mdia', 'hdlr')
    if (id === null || !header || !handler) return []
    const timescaleAt = header.start + (init[header.start] === 1 ? 20 : 12)
    return [
      {
        box,
        id,
        handler: init.toString('latin1', handler.start + 8, handler.start + 12),
        timescale: init.readUInt32BE(timescaleAt),
        timescaleAt,
      },
    ]
  })
}
