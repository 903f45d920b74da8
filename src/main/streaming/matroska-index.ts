import type { FileHandle } from 'node:fs/promises'
import type { Input } from 'mediabunny'
import type { MediaIndex } from '../../shared/media.ts'
import { ScanFault } from '../media/scan-fault.ts'
import { openInput } from '../media/source.ts'
import { openClusterScan, type ClusterFindings } from './cluster-scan.ts'
import { runScan, savedState, type ScanProgress } from './file-scan.ts'
import { readCuedKeyPackets, type KeyPacket } from './key-packets.ts'
import { hasCues } from './matroska-cues.ts'
import { kindReaderOf } from './picture-kind.ts'
import { readTrackTable } from './track-table.ts'

/** A Matroska file to index, open for both ways. */
type MatroskaFile = { path: string; file: FileHandle; input: Input; progress?: ScanProgress | undefined }

/**
 * Reads the key table of a Matroska or WebM file by its Cues; of one that has none, or none that serve, by a walk
 * through its clusters, whose places are kept: a recording that was broken off, or made by a browser. Null when only
 * mediabunny can say what is in it.
 */
export async function readMatroskaIndex(
  { path, file, input, progress }: MatroskaFile,
  signal: AbortSignal,
): Promise<MediaIndex | null> {
  const video = await input.getPrimaryVideoTrack()
  const cued = video ? await readCuedKeyPackets(video, file, signal) : (await hasCues(file)) ? [] : null
  if (cued) return readTrackTable(input, cued)

  const track = video ?? (await input.getAudioTracks())[0]
  const kindOf = video && (await kindReaderOf(video))
  if (!track || (video && !kindOf)) return null
  const unitsPerS = await track.getTimeResolution()
  const target = { track: track.id, kindOf, unitsPerS }
  const found = await findClusters({ path, file, progress }, target, signal)
  if (!found) return null
  const { places, kinds } = found
  const keys = kinds.map((kind, at): KeyPacket => ({ timeS: (places.times[at] ?? 0) / unitsPerS, kind }))
  const withCues = openInput(path, places)
  try {
    return { ...(await readTrackTable(withCues, video ? keys : [])), scan: places }
  } finally {
    withCues.dispose()
  }
}

async function findClusters(
  { path, file, progress }: Omit<MatroskaFile, 'input'>,
  target: Parameters<typeof openClusterScan>[1],
  signal: AbortSignal,
): Promise<ClusterFindings | null> {
  try {
    const scan = await openClusterScan(file, target, savedState(progress))
    const found = await runScan(path, scan, progress, signal)
    return found.places.times.length > 0 ? found : null
  } catch (error) {
    if (error instanceof ScanFault) return null
    throw error
  }
}
