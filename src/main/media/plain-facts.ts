import { openFile } from './source.ts'
import { readPlainMp4, type PlainTrack } from './plain-mp4.ts'
import { readTrackHeaders } from './track-headers.ts'

/** What a plain MP4 tells without a look at its packets. */
export type PlainFacts = { durationS: number; frameRate: number }

/** These facts, and the headers of the tracks. */
export type PlainFilm = { facts: PlainFacts; headers: Buffer }

/** Equally long frames from which a steady rate is taken. */
const SURE_FRAMES = 128

/**
 * Reads headers, length and frame rate of a plain MP4 or QuickTime film with a steady rate from its tables, as mediabunny would
 * find them: it builds all its tables for the first packet, most of the time that probing a long film took. Null for
 * what is not plain, has no picture or no steady rate.
 */
export async function readPlainFilm(path: string): Promise<PlainFilm | null> {
  const file = await openFile(path)
  try {
    const film = await readPlainMp4(file)
    const video = film?.tracks.find((track) => track.kind === 'video')
    const frameRate = video && steadyRate(video)
    if (!film || !frameRate || film.tracks.some((track) => track.headerTicks === 0)) return null
    const facts = { durationS: Math.max(...film.tracks.map(endOf)), frameRate }
    return { facts, headers: await readTrackHeaders(film, file) }
  } catch (error) {
    // Damage led outside of the index: mediabunny has the last word.
    if (error instanceof RangeError) return null
    throw error
  } finally {
    await file.close()
  }
}

function endOf({ headerTicks, timescale, editTicks, offsets }: PlainTrack): number {
  const firstTicks = ((offsets?.[1] ?? 0) | 0) - editTicks
  return firstTicks / timescale + headerTicks / timescale
}

/** Frames a second, when the first are equally long: as many as probing would look at, or all but the last. */
function steadyRate({ durations, sampleCount, timescale }: PlainTrack): number | null {
  const [count = 0, duration = 0] = durations
  return duration > 0 && sampleCount > 1 && count >= Math.min(sampleCount - 1, SURE_FRAMES)
    ? timescale / duration
    : null
}
