import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { AAC_FRAME_SAMPLES, adtsChannels, adtsRate, readAdtsHeader, type AdtsHeader } from './adts.ts'
import { NAL, nalUnits } from './annex-b.ts'
import { bitDepthOf, chromaOf } from './codec-facts.ts'
import { readSequenceFacts, type SequenceFacts } from './h264-parameters.ts'
import { ScanFault } from './scan-fault.ts'
import { openFile } from './source.ts'
import type { Sniffed } from './sniff.ts'
import { findPacketGrid, TRANSPORT_CLOCK, type PacketGrid } from './transport-grid.ts'
import { createPesReader, type Pes } from './transport-pes.ts'
import { ADTS_STREAM, H264_STREAM, readTransportProgram, type TransportProgram } from './transport-program.ts'
import { unwrapTicks } from './unwrap.ts'

/** Bytes at the start that are looked through for the first picture and sound, a step at a time. */
const HEAD_BYTES = 4 * 1024 * 1024
const HEAD_STEP_BYTES = 512 * 1024
/** Bytes at the end that hold the last time of every stream, unless one stands still for long. */
const TAIL_BYTES = 1024 * 1024

/** Pictures that a steady rate is taken from; the latest of those read are left out, for some before them follow. */
const RATE_PICTURES = 100
const REORDERED_PICTURES = 16
const LEAST_PICTURES = 8
/** Ticks that the distance of two pictures may be off by when neither is a whole number of them. */
const ROUNDING_TICKS = 1

/** profile_idc of 8 bit 4:2:0; others tell their depth elsewhere. */
const PLAIN_PROFILES = new Set(['42', '4d', '58', '64'])
/** Up to here a decoder may find twice the rate in the sound itself (SBR, ISO 14496-3 section 4.6.18). */
const MAYBE_DOUBLED_RATE = 24_000

type Picture = { pid: number; facts: SequenceFacts | null; ticks: number[] }
type Sound = { pid: number; language: string | undefined; header: AdtsHeader | null }
/** All that is gathered of a file: its streams, and the first and last time of any of them in ticks. */
type Gathered = { picture: Picture | null; sounds: Sound[]; startTicks: number; endTicks: number }

/**
 * Reads the facts of a transport stream from its first and last bytes, without a process for it: one program of
 * progressive 8 bit H.264 at a steady rate and AAC, or of AAC alone. They are what ffprobe says of it. Null for every
 * other, and where bytes are damaged: ffprobe has the last word there.
 */
export async function readTransportInfo(path: string, sniffed: Sniffed): Promise<MediaInfo | null> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const head = Buffer.allocUnsafe(Math.min(size, HEAD_BYTES))
    await file.read(head, 0, head.length, 0)
    const grid = findPacketGrid(head)
    const program = grid && readTransportProgram(head, grid)
    const found = program && streamsOf(program)
    if (!grid || !found) return null
    readHead(head, grid, found)
    const tailAt = Math.max(0, Math.floor((size - TAIL_BYTES - grid.firstAt) / grid.strideBytes))
    const from = grid.firstAt + tailAt * grid.strideBytes
    const tail = Buffer.allocUnsafe(size - from)
    await file.read(tail, 0, tail.length, from)
    readTail(tail, grid, found)
    return infoOf(found, sniffed)
  } catch (error) {
    if (error instanceof ScanFault) return null
    throw error
  } finally {
    await file.close()
  }
}

function streamsOf({ streams }: TransportProgram): Gathered | null {
  const pictures = streams.filter(({ type }) => type === H264_STREAM)
  const sounds = streams.filter(({ type }) => type === ADTS_STREAM)
  if (pictures.length > 1 || streams.length === 0) return null
  if (pictures.length + sounds.length < streams.length) return null
  const [picture] = pictures
  return {
    picture: picture ? { pid: picture.pid, facts: null, ticks: [] } : null,
    sounds: sounds.map(({ pid, language }) => ({ pid, language, header: null })),
    startTicks: Infinity,
    endTicks: -Infinity,
  }
}

const pidsOf = ({ picture, sounds }: Gathered): number[] => [
  ...(picture ? [picture.pid] : []),
  ...sounds.map((it) => it.pid),
]

/** Gathers from the first packets until nothing is missing. */
function readHead(head: Buffer, grid: PacketGrid, found: Gathered): void {
  const { picture, sounds } = found
  const reader = createPesReader(grid.strideBytes, pidsOf(found), ({ pid, ptsTicks, payload }) => {
    if (ptsTicks === null) throw new ScanFault('a PES packet has no time')
    const ticks = unwrapTicks(ptsTicks, Number.isFinite(found.startTicks) ? found.startTicks : ptsTicks)
    found.startTicks = Math.min(found.startTicks, ticks)
    if (pid === picture?.pid) {
      picture.facts ??= sequenceIn(payload)
      picture.ticks.push(ticks)
    }
    const sound = sounds.find((it) => it.pid === pid)
    if (sound) sound.header ??= readAdtsHeader(payload, 0)
  })
  const isEnough = (): boolean =>
    (!picture || (picture.facts !== null && picture.ticks.length >= RATE_PICTURES)) &&
    sounds.every((it) => it.header !== null)
  const step = Math.floor(HEAD_STEP_BYTES / grid.strideBytes) * grid.strideBytes
  for (let at = grid.firstAt; at < head.length && !isEnough(); at += step) {
    reader.take(head.subarray(at, at + step), at)
  }
  if (!isEnough()) reader.end()
}

/** Gathers the end of the last picture and the last sound. */
function readTail(tail: Buffer, grid: PacketGrid, found: Gathered): void {
  const { picture, sounds } = found
  const onPes = ({ pid, ptsTicks, payload }: Pes): void => {
    if (ptsTicks === null) throw new ScanFault('a PES packet has no time')
    const ticks = unwrapTicks(ptsTicks, found.startTicks)
    const header = sounds.find((it) => it.pid === pid)?.header
    const lasts = header ? (framesIn(payload) * AAC_FRAME_SAMPLES * TRANSPORT_CLOCK) / adtsRate(header) : 0
    found.endTicks = Math.max(
      found.endTicks,
      ticks + lasts + (pid === picture?.pid ? distanceOf(picture) : 0),
    )
  }
  const reader = createPesReader(grid.strideBytes, pidsOf(found), onPes)
  reader.take(tail, 0)
  reader.end()
}

function sequenceIn(payload: Buffer): SequenceFacts | null {
  for (const { start, end, type } of nalUnits(payload)) {
    if (type === NAL.sequenceParameters) return readSequenceFacts(payload.subarray(start, end))
  }
  return null
}

/** Frames that begin in a PES packet. */
function framesIn(payload: Buffer): number {
  let frames = 0
  for (let at = 0; at < payload.length; frames++) {
    const header = readAdtsHeader(payload, at)
    if (!header) break
    at += header.frameBytes
  }
  return frames
}

/** Ticks from picture to picture. Throws `ScanFault` when there is no one distance. */
function distanceOf({ ticks }: Picture): number {
  const sure = [...ticks].sort((a, b) => a - b).slice(0, Math.max(0, ticks.length - REORDERED_PICTURES))
  const [first = 0, last = 0] = [sure[0], sure.at(-1)]
  const distance = (last - first) / (sure.length - 1)
  const isSteady = sure.every((it, at) => Math.abs(first + at * distance - it) <= ROUNDING_TICKS)
  if (sure.length < LEAST_PICTURES || !isSteady || distance <= 0)
    throw new ScanFault('the rate is not steady')
  return distance
}

function infoOf(found: Gathered, { container, demuxer }: Sniffed): MediaInfo | null {
  const video = found.picture && videoOf(found.picture)
  const audio = found.sounds.map(audioOf)
  const durationS = (found.endTicks - found.startTicks) / TRANSPORT_CLOCK
  if ((found.picture && !video) || audio.includes(null) || !(durationS > 0)) return null
  return {
    ...{ container, demuxer, reader: 'ffprobe', durationS, bitrate: null, title: null },
    ...{ video, audio: audio.filter((it) => it !== null) },
  }
}

function videoOf(picture: Picture): VideoTrackInfo | null {
  const { facts } = picture
  if (!facts?.isProgressive || !PLAIN_PROFILES.has(facts.codecString.slice(5, 7))) return null
  const { codecString, width, height, sampleAspect } = facts
  return {
    ...{ codec: 'avc', codecString, rotationDeg: 0 },
    ...{ width: Math.round((width * sampleAspect[0]) / sampleAspect[1]), height },
    frameRate: Math.round((TRANSPORT_CLOCK / distanceOf(picture)) * 1000) / 1000,
    ...{ bitDepth: bitDepthOf(codecString), chroma: chromaOf(codecString) },
  }
}

function audioOf({ header, language }: Sound): AudioTrackInfo | null {
  if (!header || adtsRate(header) <= MAYBE_DOUBLED_RATE) return null
  return {
    ...{ codec: 'aac', codecString: `mp4a.40.${header.objectType}`, name: null },
    ...{ sampleRate: adtsRate(header), channels: adtsChannels(header) },
    language: language === undefined || language === 'und' ? null : language,
  }
}
