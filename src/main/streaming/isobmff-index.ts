import type { FileHandle } from 'node:fs/promises'
import type { MediaIndex } from '../../shared/media.ts'
import { boxes, find, readMoov, trackIdOf, type Box } from '../media/isobmff-boxes.ts'
import { hasSaneTables } from '../media/isobmff-tables.ts'
import { keyTable } from './key-packets.ts'
import { readKindsAt } from './kinds-at.ts'
import { h264PictureKind, nalLengthSize, vp9PictureKind, type KindReader } from './picture-kind.ts'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'
import { syncSamplePlaces } from './isobmff-samples.ts'
import { exactTimescale } from './timescale.ts'

/** A track's clock and tables. */
type Track = {
  kind: 'video' | 'audio'
  timescale: number
  /** Ticks that the edit list takes off every time. */
  editTicks: number
  table: Box
}

/** The first sample, the end of the last, the sync samples, and the first few in decode order: all in ticks. */
type Times = { firstTicks: number; endTicks: number; keyTicks: number[]; headTicks: number[] }

/** Bytes of a visual sample entry before the boxes inside it (ISO 14496-12 section 12.1.3). */
const VISUAL_ENTRY_BYTES = 78

/**
 * Reads the key table of an MP4 or QuickTime file from its sample tables (ISO 14496-12 sections 8.6 and 8.7). mediabunny
 * gives the same numbers, packet by packet and with an object for each sample: ten times slower on a 2 h film, and a
 * link waits for it. Null for what is not plain (fragments, several pictures or edits, tables that do not agree):
 * the caller then asks mediabunny.
 */
export async function readIsobmffIndex(file: FileHandle, signal: AbortSignal): Promise<MediaIndex | null> {
  const moov = await readMoov(file)
  const tracks = moov && hasSaneTables(moov) ? tracksOf(moov) : null
  if (!moov || !tracks) return null
  const videos = tracks.filter((track) => track.kind === 'video')
  const [video] = videos
  const audio = tracks.find((track) => track.kind === 'audio')
  if (videos.length > 1 || !(video ?? audio)) return null

  const places = video ? syncSamplePlaces(moov, video.table) : new Map<number, never>()
  const kindOf = video ? kindReaderIn(moov, video.table) : null
  if (!places || (video && !kindOf)) return null
  const samples = [...places.keys()]
  const picture = video && timesOf(moov, video, samples)
  const sound = audio && timesOf(moov, audio, [])
  if (picture === null || sound === null) return null

  const kinds = kindOf ? await readKindsAt(file, [...places.values()], kindOf, signal) : []
  const seconds = (track: Track | undefined, ticks: number | undefined): number[] =>
    track && ticks !== undefined ? [ticks / track.timescale] : []
  const firstsS = [...seconds(video, picture?.firstTicks), ...seconds(audio, sound?.firstTicks)]
  const endsS = [...seconds(video, picture?.endTicks), ...seconds(audio, sound?.endTicks)]
  const headS = picture?.headTicks.flatMap((ticks) => seconds(video, ticks)) ?? []
  return {
    ...keyTable(
      kinds.map((kind, at) => ({ kind, timeS: (picture?.keyTicks[at] ?? 0) / (video?.timescale ?? 1) })),
    ),
    startS: Math.max(0, Math.min(...firstsS)),
    endS: Math.max(...endsS),
    reorderS: reorderDelayS(headS),
    videoTimescale: video ? exactTimescale(video.timescale) : 0,
  }
}

function tracksOf(moov: Buffer): Track[] | null {
  const top = [...boxes(moov, 0, moov.length)]
  const movie = top.find((box) => box.type === 'mvhd')
  // `mvex` announces fragments: their samples are not in these tables.
  if (!movie || top.some((box) => box.type === 'mvex')) return null
  const movieTimescale = timescaleIn(moov, movie)
  const tracks: Track[] = []
  for (const trak of top.filter((box) => box.type === 'trak')) {
    const handler = find(moov, trak, 'mdia', 'hdlr')
    const header = find(moov, trak, 'mdia', 'mdhd')
    const table = find(moov, trak, 'mdia', 'minf', 'stbl')
    if (!handler || !header || !table || trackIdOf(moov, trak) === null) continue
    const type = moov.toString('latin1', handler.start + 8, handler.start + 12)
    if (type !== 'vide' && type !== 'soun') continue
    const timescale = timescaleIn(moov, header)
    const editTicks = editTicksOf(moov, trak, timescale, movieTimescale)
    if (editTicks === null || timescale === 0) return null
    tracks.push({ kind: type === 'vide' ? 'video' : 'audio', timescale, editTicks, table })
  }
  return tracks
}

/** Ticks per second in `mvhd` or `mdhd` (sections 8.2.2, 8.4.2): behind two times, which version 1 has in 64 bits. */
function timescaleIn(bytes: Buffer, header: Box): number {
  return bytes.readUInt32BE(header.start + (bytes[header.start] === 1 ? 20 : 12))
}

/** media_time of the one real edit less the empty ones before it (section 8.6.6); null when there are several. */
function editTicksOf(bytes: Buffer, trak: Box, timescale: number, movieTimescale: number): number | null {
  const list = find(bytes, trak, 'edts', 'elst')
  if (!list) return 0
  const isLong = bytes[list.start] === 1
  const entryBytes = isLong ? 20 : 12
  const count = bytes.readUInt32BE(list.start + 4)
  if (list.start + 8 + count * entryBytes > list.end) return null
  let emptyTicks = 0
  let mediaTicks: number | null = null
  for (let entry = 0; entry < count; entry++) {
    const at = list.start + 8 + entry * entryBytes
    const duration = isLong ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at)
    const mediaTime = isLong ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4)
    const isPlain = bytes.readUInt32BE(at + entryBytes - 4) === 0x00010000
    if (mediaTime === -1 && mediaTicks === null) emptyTicks += duration
    else if (mediaTicks !== null || !isPlain) return null
    else mediaTicks = mediaTime
  }
  return (mediaTicks ?? 0) - Math.round((emptyTicks / movieTimescale) * timescale)
}

/** The times of a track's samples; null when its tables do not count the same ones. */
function timesOf(bytes: Buffer, track: Track, keys: readonly number[]): Times | null {
  const sizes = find(bytes, track.table, 'stsz')
  const durations = runsOf(bytes, track.table, 'stts')
  const offsets = runsOf(bytes, track.table, 'ctts')
  if (!sizes || !durations) return null
  const samples = durations.reduce((sum, run) => sum + run.count, 0)
  if (samples === 0 || samples !== bytes.readUInt32BE(sizes.start + 8)) return null
  const times = offsets ? reorderedTimes(durations, offsets, keys) : plainTimes(durations, keys)
  if (times.keyTicks.length !== keys.length) return null
  const edited = (ticks: number): number => ticks - track.editTicks
  return {
    firstTicks: edited(times.firstTicks),
    endTicks: edited(times.endTicks),
    keyTicks: times.keyTicks.map(edited),
    headTicks: times.headTicks.map(edited),
  }
}

/** `count` samples with one duration (`stts`) or one composition offset (`ctts`, which writers use as signed). */
type Run = { count: number; value: number }

function runsOf(bytes: Buffer, table: Box, type: 'stts' | 'ctts'): Run[] | null {
  const box = find(bytes, table, type)
  if (!box) return null
  return Array.from({ length: bytes.readUInt32BE(box.start + 4) }, (_, run) => {
    const at = box.start + 8 + run * 8
    const value = type === 'stts' ? bytes.readUInt32BE(at + 4) : bytes.readInt32BE(at + 4)
    return { count: bytes.readUInt32BE(at), value }
  })
}

/** Presented in the order of decoding (sections 8.6.1.2): whole runs at once, PCM has a sample for each instant. */
function plainTimes(durations: readonly Run[], keys: readonly number[]): Times {
  const keyTicks: number[] = []
  let decode = 0
  let sample = 0
  for (const { count, value } of durations) {
    for (
      let key = keys[keyTicks.length];
      key !== undefined && key < sample + count;
      key = keys[keyTicks.length]
    ) {
      keyTicks.push(decode + (key - sample) * value)
    }
    decode += count * value
    sample += count
  }
  return { firstTicks: 0, endTicks: decode, keyTicks, headTicks: [] }
}

/** Presented in another order (section 8.6.1.3): sample by sample. */
function reorderedTimes(durations: readonly Run[], offsets: readonly Run[], keys: readonly number[]): Times {
  const times: Times = { firstTicks: 0, endTicks: 0, keyTicks: [], headTicks: [] }
  let decode = 0
  let sample = 0
  let offsetRun = 0
  let offsetLeft = offsets[0]?.count ?? 0
  let lastTicks = -Infinity
  for (const { count, value } of durations) {
    for (let inRun = 0; inRun < count; inRun++) {
      while (offsetLeft === 0 && offsetRun < offsets.length) offsetLeft = offsets[++offsetRun]?.count ?? 0
      const ticks = decode + (offsets[offsetRun]?.value ?? 0)
      offsetLeft -= 1
      if (sample === 0) times.firstTicks = ticks
      if (sample < REORDER_SAMPLE_PACKETS) times.headTicks.push(ticks)
      if (sample === keys[times.keyTicks.length]) times.keyTicks.push(ticks)
      // The file ends with the sample that is presented last.
      if (ticks >= lastTicks) {
        lastTicks = ticks
        times.endTicks = ticks + value
      }
      decode += value
      sample += 1
    }
  }
  return times
}

/** Reads the sample entry (section 8.5.2): how its frames show what they are. */
function kindReaderIn(bytes: Buffer, table: Box): KindReader | null {
  const descriptions = find(bytes, table, 'stsd')
  if (!descriptions || bytes.readUInt32BE(descriptions.start + 4) !== 1) return null
  const [entry] = boxes(bytes, descriptions.start + 8, descriptions.end)
  if (entry?.type === 'vp09') return vp9PictureKind
  if (entry?.type !== 'avc1' && entry?.type !== 'avc3') return null
  const inside = [...boxes(bytes, entry.start + VISUAL_ENTRY_BYTES, entry.end)]
  const configuration = inside.find((box) => box.type === 'avcC')
  if (!configuration) return null
  const lengthSize = nalLengthSize(bytes.subarray(configuration.start, configuration.end))
  return (head) => h264PictureKind(head, lengthSize)
}
