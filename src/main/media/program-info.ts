import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { mpegPictures, readMpegSequence, type MpegSequence } from './mpeg-pictures.ts'
import { findPack, programPackets, type ProgramPacket } from './program-packets.ts'
import { ScanFault } from './scan-fault.ts'
import type { Sniffed } from './sniff.ts'
import { readAc3Header, readMp2Header, type SoundHeader } from './sound-headers.ts'
import { openFile } from './source.ts'
import { TRANSPORT_CLOCK } from './transport-grid.ts'
import { unwrapTicks } from './unwrap.ts'

/** Bytes at the start in which streams are looked for: as many as ffprobe looks through (its `probesize`). */
const HEAD_BYTES = 5_000_000
/** Bytes at the end that hold the last time of every stream, unless one stands still for long. */
const TAIL_BYTES = 1024 * 1024
/** Bytes of pictures at the start that the rate is checked on. */
const RATE_BYTES = 1024 * 1024
/** Frames that a time may be off by where those shown before a key frame are coded behind it. */
const REORDERED_FRAMES = 3
/** Times of neighbouring packets, of whichever stream, are never as far apart: a longer step is another recording. */
const LARGEST_STEP_TICKS = 2 * TRANSPORT_CLOCK

/** stream_id of sound and of pictures (ISO 13818-1 table 2-22), and of what DVDs put into a stream of their own. */
const SOUND = { first: 0xc0, last: 0xdf }
const PICTURE = { first: 0xe0, last: 0xef }
const PRIVATE = 0xbd
/** Substreams of the private one that are AC-3; before each packet of theirs are four bytes. */
const AC3 = { first: 0x80, last: 0x87 }
const AC3_EXTRA_BYTES = 4

type Sound = { codec: 'mp2' | 'ac3'; header: SoundHeader; endTicks: number }
type Piece = { ptsTicks: number | null; payload: Buffer }
/** All that is gathered of a file: its sounds by their number, in the order of being found, and pictures at its start. */
type Gathered = { sounds: Map<number, Sound>; pictureId: number | null; head: Piece[]; startTicks: number }

/**
 * Reads the facts of a program stream from its first and last bytes, without a process for it: one picture of MPEG-1 or
 * MPEG-2 in whole frames, and sound of MP2 or AC-3. They are what ffprobe says of it. Null for every other, and where
 * bytes are damaged: ffprobe has the last word there. Throws the system error.
 */
export async function readProgramInfo(path: string, sniffed: Sniffed): Promise<MediaInfo | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const readAt = async (from: number, bytes: number): Promise<Buffer> => {
      const buffer = Buffer.allocUnsafe(bytes)
      return buffer.subarray(0, (await file.read(buffer, 0, bytes, from)).bytesRead)
    }
    const head = await readAt(0, Math.min(size, HEAD_BYTES))
    const found = gatherHead(head)
    const sequence = found.head[0] && readMpegSequence(found.head[0].payload)
    if (!sequence) return null
    assertRate(found.head, sequence)
    const tail = await readAt(Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES))
    const endTicks = readTail(tail, found, sequence)
    return infoOf(found, sequence, { durationS: (endTicks - found.startTicks) / TRANSPORT_CLOCK, sniffed })
  } catch (error) {
    if (error instanceof ScanFault) return null
    throw error
  } finally {
    await file.close()
  }
}

function gatherHead(bytes: Buffer): Gathered {
  const found: Gathered = { sounds: new Map(), pictureId: null, head: [], startTicks: Infinity }
  let gathered = 0
  let lastTicks: number | null = null
  for (const { streamId, ptsTicks, payload } of programPackets(bytes, 0)) {
    if (ptsTicks !== null) {
      const ticks = unwrapTicks(ptsTicks, lastTicks ?? ptsTicks)
      if (Math.abs(ticks - (lastTicks ?? ticks)) > LARGEST_STEP_TICKS) throw new ScanFault('the time jumps')
      found.startTicks = Math.min(found.startTicks, ticks)
      lastTicks = ticks
    }
    if (isPicture(streamId)) {
      found.pictureId ??= streamId
      if (found.pictureId !== streamId) throw new ScanFault('there are several pictures')
      if (gathered < RATE_BYTES) found.head.push({ ptsTicks, payload })
      gathered += payload.length
    } else {
      const key = soundKey(streamId, payload)
      if (!found.sounds.has(key)) found.sounds.set(key, readSound(streamId, payload))
    }
  }
  return found
}

const isPicture = (streamId: number): boolean => streamId >= PICTURE.first && streamId <= PICTURE.last

/** Throws `ScanFault` for subtitles, PCM, DTS and whatever else is neither picture nor sound of the known kinds. */
function soundKey(streamId: number, payload: Buffer): number {
  if (streamId >= SOUND.first && streamId <= SOUND.last) return streamId
  const [substream = 0] = payload
  if (streamId !== PRIVATE || substream < AC3.first || substream > AC3.last)
    throw new ScanFault('there is another stream')
  return (PRIVATE << 8) | substream
}

function readSound(streamId: number, payload: Buffer): Sound {
  // Where the first frame begins is told behind the number of frames, counted from there on (DVD-Video).
  const at =
    streamId === PRIVATE && payload.length > AC3_EXTRA_BYTES
      ? AC3_EXTRA_BYTES - 1 + payload.readUInt16BE(2)
      : 0
  const header = streamId === PRIVATE ? readAc3Header(payload, at) : readMp2Header(payload, at)
  if (!header) throw new ScanFault('a sound has no header')
  return { codec: streamId === PRIVATE ? 'ac3' : 'mp2', header, endTicks: -Infinity }
}

/** Throws `ScanFault` when frames come at another pace than their sequence says. */
function assertRate(pieces: readonly Piece[], { frameRate }: MpegSequence): void {
  const timed = timedPictures(pieces).flatMap(({ number, ptsTicks }) =>
    ptsTicks === null ? [] : [{ number, ptsTicks }],
  )
  const [first, last] = [timed[0], timed.at(-1)]
  if (!first || !last) return
  const frames = ((unwrapTicks(last.ptsTicks, first.ptsTicks) - first.ptsTicks) * frameRate) / TRANSPORT_CLOCK
  if (Math.abs(frames - (last.number - first.number)) > REORDERED_FRAMES)
    throw new ScanFault('the rate is another one')
}

type TimedPicture = { number: number; reference: number; group: number; ptsTicks: number | null }

/** The frames of a stream, each with the time of the packet that it is the first to begin in. */
function timedPictures(pieces: readonly Piece[]): TimedPicture[] {
  const pictures: TimedPicture[] = []
  let piece = -1
  let pieceEnd = 0
  let ptsTicks: number | null = null
  for (const { at, reference, group } of mpegPictures(Buffer.concat(pieces.map((it) => it.payload)))) {
    for (; at >= pieceEnd; pieceEnd += pieces[piece]?.payload.length ?? Infinity) {
      piece += 1
      ptsTicks = pieces[piece]?.ptsTicks ?? null
    }
    pictures.push({ number: pictures.length, reference, group, ptsTicks })
    ptsTicks = null
  }
  return pictures
}

/** The end of the last frame and of the last sound, in ticks. */
function readTail(tail: Buffer, found: Gathered, sequence: MpegSequence): number {
  const from = findPack(tail)
  if (from < 0) throw new ScanFault('no pack at the end')
  const pieces: Piece[] = []
  for (const packet of programPackets(tail, from)) {
    if (isPicture(packet.streamId)) pieces.push(packet)
    else moveEnd(found, packet)
  }
  const soundEnds = [...found.sounds.values()].map((it) => it.endTicks)
  return Math.max(...soundEnds, pictureEnd(pieces, found, sequence))
}

function moveEnd({ sounds, startTicks }: Gathered, { streamId, ptsTicks, payload }: ProgramPacket): void {
  const sound = sounds.get(soundKey(streamId, payload))
  if (!sound) throw new ScanFault('a sound begins late')
  const { frameBytes, samples, sampleRate } = sound.header
  if (ptsTicks !== null) sound.endTicks = unwrapTicks(ptsTicks, startTicks)
  const bytes = payload.length - (streamId === PRIVATE ? AC3_EXTRA_BYTES : 0)
  sound.endTicks += (bytes * samples * TRANSPORT_CLOCK) / (frameBytes * sampleRate)
}

/** A frame without a time has that of one in its group, and the frames between them (temporal_reference). */
function pictureEnd(pieces: readonly Piece[], { startTicks }: Gathered, { frameRate }: MpegSequence): number {
  let end = -Infinity
  let known: { group: number; atReference0: number } | null = null
  for (const { ptsTicks, reference, group } of timedPictures(pieces)) {
    const frames = (reference * TRANSPORT_CLOCK) / frameRate
    if (ptsTicks !== null) known = { group, atReference0: unwrapTicks(ptsTicks, startTicks) - frames }
    if (known?.group !== group) continue
    end = Math.max(end, known.atReference0 + frames + TRANSPORT_CLOCK / frameRate)
  }
  return end
}

function infoOf(
  { sounds }: Gathered,
  sequence: MpegSequence,
  { durationS, sniffed: { container, demuxer } }: { durationS: number; sniffed: Sniffed },
): MediaInfo | null {
  if (!(durationS > 0) || durationS === Infinity) return null
  return {
    ...{ container, demuxer, reader: 'ffprobe', durationS, bitrate: null, title: null },
    ...{ video: videoOf(sequence), audio: [...sounds.values()].map(audioOf) },
  }
}

function videoOf(sequence: MpegSequence): VideoTrackInfo {
  const { codec, frameRate, width, height, sampleAspect, bitDepth, chroma } = sequence
  const [x, y] = sampleAspect ?? [1, 1]
  return {
    ...{ codec, codecString: null, rotationDeg: 0, bitDepth, chroma },
    ...{ width: Math.round((width * x) / y), height },
    frameRate: Math.round(frameRate * 1000) / 1000,
  }
}

const audioOf = ({ codec, header: { sampleRate, channels } }: Sound): AudioTrackInfo => ({
  ...{ codec, codecString: null, sampleRate, channels, language: null, name: null },
})
