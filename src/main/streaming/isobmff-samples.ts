import { find, type Box } from '../media/isobmff-boxes.ts'

/** Where a sample lies in its file, in bytes. */
export type SamplePlace = { offset: number; bytes: number }

/**
 * Reads where the sync samples of a track lie, by sample number from 0 (ISO 14496-12 sections 8.6.2 `stss`, 8.7.3
 * `stsz`, 8.7.4 `stsc`, 8.7.5 `stco`): reading whole key frames only to see their first bytes costs six times as much.
 * `table` is the `stbl`. Null when it has no such tables (all samples are sync samples) or they do not fit.
 */
export function syncSamplePlaces(bytes: Buffer, table: Box): Map<number, SamplePlace> | null {
  const sync = find(bytes, table, 'stss')
  const sizes = find(bytes, table, 'stsz')
  const toChunk = find(bytes, table, 'stsc')
  const short = find(bytes, table, 'stco')
  const chunks = short ?? find(bytes, table, 'co64')
  if (!sync || !sizes || !toChunk || !chunks) return null

  const sameSize = bytes.readUInt32BE(sizes.start + 4)
  const sizeOf = (sample: number): number => sameSize || bytes.readUInt32BE(sizes.start + 12 + sample * 4)
  const offsetOf = (chunk: number): number =>
    short
      ? bytes.readUInt32BE(chunks.start + 8 + chunk * 4)
      : Number(bytes.readBigUInt64BE(chunks.start + 8 + chunk * 8))
  const sampleCount = bytes.readUInt32BE(sizes.start + 8)
  const chunkCount = bytes.readUInt32BE(chunks.start + 4)
  const runCount = bytes.readUInt32BE(toChunk.start + 4)
  const syncCount = bytes.readUInt32BE(sync.start + 4)
  const syncAt = (entry: number): number =>
    entry < syncCount ? bytes.readUInt32BE(sync.start + 8 + entry * 4) - 1 : Infinity

  const fits = (box: Box, headBytes: number, count: number, entryBytes: number): boolean =>
    box.start + headBytes + count * entryBytes <= box.end
  if (
    !fits(sync, 8, syncCount, 4) ||
    !fits(sizes, 12, sameSize ? 0 : sampleCount, 4) ||
    !fits(toChunk, 8, runCount, 12) ||
    !fits(chunks, 8, chunkCount, short ? 4 : 8)
  ) {
    return null
  }

  const places = new Map<number, SamplePlace>()
  let nextSync = 0
  let sample = 0
  for (let run = 0; run < runCount; run++) {
    const entry = toChunk.start + 8 + run * 12
    const firstChunk = bytes.readUInt32BE(entry) - 1
    const perChunk = bytes.readUInt32BE(entry + 4)
    const endChunk = Math.min(
      run + 1 < runCount ? bytes.readUInt32BE(entry + 12) - 1 : chunkCount,
      chunkCount,
    )
    for (let chunk = firstChunk; chunk < endChunk && sample < sampleCount; chunk++) {
      const endSample = Math.min(sample + perChunk, sampleCount)
      let offset = syncAt(nextSync) < endSample ? offsetOf(chunk) : 0
      for (let at = sample; syncAt(nextSync) < endSample; at++) {
        const size = sizeOf(at)
        if (at === syncAt(nextSync)) {
          places.set(at, { offset, bytes: size })
          nextSync += 1
        }
        offset += size
      }
      sample = endSample
    }
  }
  return places
}
