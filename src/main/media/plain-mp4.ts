import type { FileHandle } from 'node:fs/promises'
import { boxes, find, numbersAt, readMoov, trackIdOf, type Box } from './isobmff-boxes.ts'
import { hasSaneTables } from './isobmff-tables.ts'

/*
 * MP4 and QuickTime files whose samples all stand in the tables of one `moov`: nearly every film there is. mediabunny
 * reads them too, with an object for each sample: 58 MB and 100 ms of a 2 h film, and a garbage collector that walks
 * through them every few segments. Here a track is a few typed arrays. What is not plain is left to mediabunny:
 * fragments, several edits, compressed or contradicting tables.
 */

/** A picture or sound track. */
export type PlainTrack = PlainSamples & { kind: 'video' | 'audio' }

/** The samples of a track, whatever they are. */
export type PlainSamples = {
  id: number
  /** Ticks per second. */
  timescale: number
  /** Ticks that the edit list takes off every time (ISO 14496-12 section 8.6.6). */
  editTicks: number
  /** Four characters of its only sample entry, and the bytes of the box (section 8.5.2). */
  entryType: string
  entry: Buffer
  sampleCount: number
  /** What the media header says of its length, in ticks (section 8.4.2). */
  headerTicks: number
  /** How long samples are until the next is decoded (section 8.6.1.2). */
  durations: Runs
  /** How much later than decoded they are presented (section 8.6.1.3); null: in the same order. */
  offsets: Runs | null
  /** The sample table box, for what is not read at once. */
  table: Box
}

/** A count of samples and their one value, in turn. */
export type Runs = Uint32Array

/** A plain file: its `moov`, and the tracks in the order they stand there. */
export type PlainMp4 = { moov: Buffer; tracks: PlainTrack[] }

/** Where each sample of a track lies in the file. */
export type SamplePlaces = { offsets: Float64Array; sizes: Uint32Array }

/** Reads the tables of a file. Null when it is not plain; throws RangeError when damage leads outside of them. */
export async function readPlainMp4(file: FileHandle): Promise<PlainMp4 | null> {
  const moov = await readMoov(file)
  if (!moov || !hasSaneTables(moov)) return null
  const top = [...boxes(moov, 0, moov.length)]
  const movie = top.find((box) => box.type === 'mvhd')
  // `mvex` announces fragments: their samples are not in these tables.
  if (!movie || top.some((box) => box.type === 'mvex')) return null
  const tracks: PlainTrack[] = []
  for (const trak of top.filter((box) => box.type === 'trak')) {
    const handler = find(moov, trak, 'mdia', 'hdlr')
    const type = handler && moov.toString('latin1', handler.start + 8, handler.start + 12)
    if (type !== 'vide' && type !== 'soun') continue
    const track = readPlainTrack(moov, trak, timescaleIn(moov, movie))
    if (!track) return null
    tracks.push({ ...track, kind: type === 'vide' ? 'video' : 'audio' })
  }
  return { moov, tracks }
}

/** Reads the tables of one track. Null when they are not plain; throws RangeError when damage leads outside of them. */
export function readPlainTrack(moov: Buffer, trak: Box, movieTimescale: number): PlainSamples | null {
  const id = trackIdOf(moov, trak)
  const header = find(moov, trak, 'mdia', 'mdhd')
  const table = find(moov, trak, 'mdia', 'minf', 'stbl')
  const sizes = table && find(moov, table, 'stsz')
  const descriptions = table && find(moov, table, 'stsd')
  const durations = table && runsOf(moov, table, 'stts')
  if (id === null || !header || !table || !sizes || !durations || !descriptions) return null
  const timescale = timescaleIn(moov, header)
  const editTicks = editTicksOf(moov, trak, timescale, movieTimescale)
  const entries = [...boxes(moov, descriptions.start + 8, descriptions.end)]
  const [entry] = entries
  const sampleCount = moov.readUInt32BE(sizes.start + 8)
  let counted = 0
  for (let run = 0; run < durations.length; run += 2) counted += durations[run] ?? 0
  if (editTicks === null || timescale === 0 || !entry || entries.length > 1) return null
  if (sampleCount === 0 || counted !== sampleCount) return null
  return {
    ...{ id, timescale, editTicks, sampleCount, durations, table },
    headerTicks: durationIn(moov, header),
    offsets: runsOf(moov, table, 'ctts'),
    entryType: entry.type,
    entry: moov.subarray(entry.start, entry.end),
  }
}

/** Ticks per second in `mvhd` or `mdhd` (sections 8.2.2, 8.4.2): behind two times, which version 1 has in 64 bits. */
export function timescaleIn(bytes: Buffer, header: Box): number {
  return bytes.readUInt32BE(header.start + (bytes[header.start] === 1 ? 20 : 12))
}

/** The length behind the clock in `mdhd`: 64 bits in version 1. */
function durationIn(bytes: Buffer, header: Box): number {
  return bytes[header.start] === 1
    ? Number(bytes.readBigUInt64BE(header.start + 24))
    : bytes.readUInt32BE(header.start + 16)
}

/** media_time of the one real edit less the empty ones before it; null when there are several. */
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

function runsOf(bytes: Buffer, table: Box, type: 'stts' | 'ctts'): Runs | null {
  const box = find(bytes, table, type)
  return box && numbersAt(bytes, box.start + 8, bytes.readUInt32BE(box.start + 4) * 2)
}

/** Presentation times of every sample in ticks after the edit list, in decode order. */
export function presentationTicks({
  sampleCount,
  durations,
  offsets,
  editTicks,
}: PlainSamples): Float64Array {
  const ticks = new Float64Array(sampleCount)
  let decode = -editTicks
  let sample = 0
  for (let run = 0; run < durations.length; run += 2) {
    const duration = durations[run + 1] ?? 0
    for (const end = sample + (durations[run] ?? 0); sample < end; sample++) {
      ticks[sample] = decode
      decode += duration
    }
  }
  sample = 0
  for (let run = 0; offsets && run < offsets.length; run += 2) {
    // Signed in practice, whatever the version says.
    const offset = (offsets[run + 1] ?? 0) | 0
    for (const end = Math.min(sample + (offsets[run] ?? 0), sampleCount); sample < end; sample++) {
      ticks[sample] = (ticks[sample] ?? 0) + offset
    }
  }
  return ticks
}

/** How long a sample lasts until the next is decoded, in ticks. */
export function durationTicks({ durations }: PlainSamples, sample: number): number {
  let end = 0
  for (let run = 0; run < durations.length; run += 2) {
    end += durations[run] ?? 0
    if (sample < end) return durations[run + 1] ?? 0
  }
  return 0
}

/** The numbers, from 0, of the samples that decoding may begin at (`stss`, section 8.6.2); null: at any. */
export function syncSamples(moov: Buffer, { table }: PlainTrack): Uint32Array | null {
  const box = find(moov, table, 'stss')
  if (!box) return null
  return numbersAt(moov, box.start + 8, moov.readUInt32BE(box.start + 4)).map((number) => number - 1)
}

/** Where samples lie (`stsz`, `stsc`, `stco` or `co64`: sections 8.7.3 to 8.7.5); null when the tables disagree. */
export function samplePlaces(moov: Buffer, { table, sampleCount }: PlainSamples): SamplePlaces | null {
  const sizeBox = find(moov, table, 'stsz')
  const runBox = find(moov, table, 'stsc')
  const short = find(moov, table, 'stco')
  const chunkBox = short ?? find(moov, table, 'co64')
  if (!sizeBox || !runBox || !chunkBox) return null
  const sameSize = moov.readUInt32BE(sizeBox.start + 4)
  const chunkCount = moov.readUInt32BE(chunkBox.start + 4)
  const runCount = moov.readUInt32BE(runBox.start + 4)
  const runs = numbersAt(moov, runBox.start + 8, runCount * 3)
  const words = numbersAt(moov, chunkBox.start + 8, chunkCount * (short ? 1 : 2))
  const offsetOf = (chunk: number): number =>
    short ? (words[chunk] ?? 0) : (words[chunk * 2] ?? 0) * 2 ** 32 + (words[chunk * 2 + 1] ?? 0)

  const sizes =
    sameSize > 0
      ? new Uint32Array(sampleCount).fill(sameSize)
      : numbersAt(moov, sizeBox.start + 12, sampleCount)
  const offsets = new Float64Array(sampleCount)
  let sample = 0
  for (let run = 0; run < runCount; run++) {
    const firstChunk = (runs[run * 3] ?? 0) - 1
    const perChunk = runs[run * 3 + 1] ?? 0
    const endChunk = Math.min((runs[run * 3 + 3] ?? Infinity) - 1, chunkCount)
    for (let chunk = firstChunk; chunk < endChunk && sample < sampleCount; chunk++) {
      let offset = offsetOf(chunk)
      for (let end = Math.min(sample + perChunk, sampleCount); sample < end; sample++) {
        offsets[sample] = offset
        offset += sizes[sample] ?? 0
      }
    }
  }
  return sample === sampleCount ? { offsets, sizes } : null
}
