import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../base/errors.ts'
import { boxes, find, numbersAt, readMoov, type Box } from './isobmff-boxes.ts'

/** Samples of slack that counts may have: writers that stopped early leave tables that differ a little. */
const SLACK = 1024

/** Most samples without a size each that may be reordered: two days at 100 a second. PCM has more, in order. */
const MAX_REORDERED_SAMPLES = 20_000_000

/** Tracks of every kind, as many as ffmpeg would take (`max_streams`): a hundred thousand would be built one by one. */
const MAX_TRACKS = 1000

/**
 * Checks that the sample tables of an MP4 or QuickTime file (ISO 14496-12 sections 8.6 and 8.7) count what they can
 * hold: mediabunny believes them, and a count of four thousand million in a file of a few kB would stop the whole
 * program for minutes (S54, measured 97 s with damaged files). Other files pass. Throws AppError `unsupported_media`.
 */
export async function assertSaneTables(file: FileHandle): Promise<void> {
  const magic = Buffer.alloc(8)
  await file.read(magic, 0, 8, 0)
  if (!/^[a-zA-Z0-9 ]{4}$/.test(magic.toString('latin1', 4, 8))) return
  const moov = await readMoov(file)
  if (moov && !hasSaneTables(moov)) {
    throw new AppError('unsupported_media', 'The index of this file is damaged. Copy or download it again.')
  }
}

/** True when no track's tables in a `moov` count more than they hold, and there are not too many of them. */
export function hasSaneTables(moov: Buffer): boolean {
  const tracks = [...boxes(moov, 0, moov.length)].filter((box) => box.type === 'trak')
  if (tracks.length > MAX_TRACKS) return false
  return tracks
    .map((trak) => find(moov, trak, 'mdia', 'minf', 'stbl'))
    .every((table) => table === null || isSane(moov, table))
}

function isSane(bytes: Buffer, table: Box): boolean {
  const sizes = find(bytes, table, 'stsz')
  // Compact sizes (stz2) have their count at the same place.
  const counted = sizes ?? find(bytes, table, 'stz2')
  if (!counted || counted.end - counted.start < 12) return find(bytes, table, 'stts') === null
  const samples = bytes.readUInt32BE(counted.start + 8)
  const hasSizes = sizes !== null && bytes.readUInt32BE(sizes.start + 4) === 0
  if (hasSizes && sizes.start + 12 + samples * 4 > sizes.end) return false
  if (!hasSizes && samples > MAX_REORDERED_SAMPLES && find(bytes, table, 'ctts')) return false
  const most = samples + SLACK
  return (
    sumOf(entries(bytes, table, 'stts', 8), 0) <= most &&
    sumOf(entries(bytes, table, 'ctts', 8), 0) <= most &&
    runsAreSane(entries(bytes, table, 'stsc', 12), most) &&
    ['stss', 'stco', 'co64'].every((type) => countFits(bytes, table, type, type === 'co64' ? 8 : 4))
  )
}

type Entries = { count: number; at: (entry: number, field: number) => number } | null

/** The rows of a table of 32 bit fields; null when it says that it has more than fit, none when there is no table. */
function entries(bytes: Buffer, table: Box, type: string, entryBytes: number): Entries {
  const box = find(bytes, table, type)
  if (!box) return { count: 0, at: () => 0 }
  if (!countFits(bytes, table, type, entryBytes)) return null
  const count = bytes.readUInt32BE(box.start + 4)
  const fields = entryBytes / 4
  const numbers = numbersAt(bytes, box.start + 8, count * fields)
  return { count, at: (entry, field) => numbers[entry * fields + field] ?? 0 }
}

function countFits(bytes: Buffer, table: Box, type: string, entryBytes: number): boolean {
  const box = find(bytes, table, type)
  if (!box) return true
  if (box.end - box.start < 8) return false
  return box.start + 8 + bytes.readUInt32BE(box.start + 4) * entryBytes <= box.end
}

function sumOf(rows: Entries, field: number): number {
  if (!rows) return Infinity
  let sum = 0
  for (let entry = 0; entry < rows.count; entry++) sum += rows.at(entry, field)
  return sum
}

/** Each run of chunks begins behind the one before it, and no chunk has more samples than there are. */
function runsAreSane(rows: Entries, mostSamples: number): boolean {
  if (!rows) return false
  for (let entry = 0, lastChunk = 0; entry < rows.count; entry++) {
    const firstChunk = rows.at(entry, 0)
    const perChunk = rows.at(entry, 1)
    if (firstChunk <= lastChunk || perChunk === 0 || perChunk > mostSamples) return false
    lastChunk = firstChunk
  }
  return true
}
