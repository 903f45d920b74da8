import { readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../base/atomic-file.ts'
import { AppError } from '../base/errors.ts'
import { openInput } from '../media/source.ts'
import { readDecoderConfig } from './decoder-config.ts'
import { INIT_NAME, segmentName } from './playlist.ts'

/** What a finished folder says of itself: how long each segment is, in seconds, and what its init segment holds. */
export type PackagedFacts = { durationsS: number[]; codecs: string; bandwidth: number }

/** The file whose presence makes a folder finished: written last, before the folder gets its name. */
const FACTS_NAME = 'stream.json'

/** How far the sum of all segments may be off: a last frame without a duration, a track that ends early. */
const LENGTH_TOLERANCE_S = 1
const LENGTH_TOLERANCE = 0.02

/** The facts of a finished folder; null when there is none. */
export async function readFacts(folder: string): Promise<PackagedFacts | null> {
  try {
    return JSON.parse(await readFile(join(folder, FACTS_NAME), 'utf8')) as PackagedFacts
  } catch {
    return null
  }
}

/**
 * Checks what ffmpeg left in `folder` against its playlist and the source's length, and writes the facts. Throws
 * AppError `internal` when something is missing: a link that stops in the middle is worse than one that fails.
 */
export async function finishFolder(folder: string, playlistName: string, expectedS: number): Promise<void> {
  const durationsS = playlistDurations(await readFile(join(folder, playlistName), 'utf8'))
  const totalS = durationsS?.reduce((sum, it) => sum + it, 0) ?? 0
  const missingS = expectedS - totalS
  if (!durationsS || missingS > LENGTH_TOLERANCE_S + expectedS * LENGTH_TOLERANCE) {
    throw new AppError('internal', 'Preparing the stream stopped before the end of the file.')
  }
  const sizes = await Promise.all(
    durationsS.map(async (_, index) => (await stat(join(folder, segmentName(index, 'fmp4')))).size),
  )
  const bandwidth = Math.max(...sizes.map((bytes, i) => (bytes * 8) / Math.max(durationsS[i] ?? 0, 0.5)))
  const facts: PackagedFacts = {
    durationsS,
    codecs: await codecsOf(join(folder, INIT_NAME)),
    bandwidth: Math.ceil(bandwidth),
  }
  await writeFileAtomic(join(folder, FACTS_NAME), JSON.stringify(facts))
}

/**
 * Gives a finished folder its name. Another run may have been faster with the same content: then its folder stays.
 * Throws the system error otherwise.
 */
export async function nameFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((await readFacts(to)) === null) throw error
  }
}

/** The durations that a finished Media Playlist tells (RFC 8216 section 4.3.2.1), or null when it has no end. */
export function playlistDurations(text: string): number[] | null {
  if (!text.includes('#EXT-X-ENDLIST')) return null
  const durationsS = [...text.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, seconds]) => Number(seconds))
  return durationsS.length > 0 ? durationsS : null
}

/** CODECS as the init segment's sample entries say them. */
async function codecsOf(initPath: string): Promise<string> {
  const input = openInput(initPath)
  try {
    const video = await input.getPrimaryVideoTrack()
    const audio = await input.getPrimaryAudioTrack()
    const codecs = [
      video && (await readDecoderConfig(video))?.codec,
      audio && (await readDecoderConfig(audio))?.codec,
    ]
    return codecs.filter((codec) => codec !== null && codec !== undefined).join(',')
  } finally {
    input.dispose()
  }
}

/** Names of the entries of a folder; none when there is no folder. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}
