import type { MediaInfo } from '../../shared/media.ts'
import { audioTrackNames, languageTag } from '../../shared/audio-tracks.ts'
import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import { readTimedLines, type Cue } from './cues.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import { createSideCarSearch, readSideCar } from './side-cars.ts'
import type { Tools } from './tools.ts'

/** Subtitles of a film, in it or beside it. */
export type Subtitle = {
  /** Its place among those of the film: first the ones in the file, then those beside it. */
  index: number
  /** No others of the film are called so. */
  name: string
  /** BCP 47; null when unknown. */
  language: string | null
  source: 'embedded' | 'file'
  /** False for pictures of text, which are left out. */
  isText: boolean
  isForced: boolean
}

/** What subtitles are looked for of; `startS` is where the presentation begins in the file's own time. */
export type SubtitledFilm = { fingerprint: string; path: string; media: MediaInfo; startS: number }

/** Subtitles of films. */
export interface Subtitles {
  list(film: Pick<SubtitledFilm, 'path' | 'media'>): Promise<Subtitle[]>
  /**
   * The cues of one, read now if need be, which takes as long as reading the film. Throws AppError `not_found` when
   * there is none of that index, or it is no text; `unsupported_media` when ffmpeg cannot read it; the signal's reason.
   */
  cues(film: SubtitledFilm, index: number, signal: AbortSignal): Promise<Cue[]>
}

/** Read at once: each is a reading of a whole film. */
const AT_ONCE = 1
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024
/** Wall time: a film of 50 GB from a slow disk. */
const TIMEOUT_MS = 15 * 60_000
const SILENCE_MS = 120_000

/** Makes the reader of subtitles; `cache` keeps what was read out of films. */
export function createSubtitles({
  tools,
  cache,
}: {
  tools: Pick<Tools, 'ffmpeg'>
  cache: Pick<DiskCache, 'get' | 'put'>
}): Subtitles {
  const findSideCars = createSideCarSearch()
  const limit = createLimit(AT_ONCE)
  const runs = sharedRuns<Buffer>()

  const all = async ({ path, media }: Pick<SubtitledFilm, 'path' | 'media'>) => {
    const embedded = (media.subtitles ?? []).map((it) => ({
      ...{ language: it.language, name: it.name, isText: it.isText },
      ...{ isForced: it.isForced === true, sideCar: null },
    }))
    const beside = (await findSideCars(path)).map((it) => ({ ...it, isText: true, sideCar: it.path }))
    const tracks = [...embedded, ...beside]
    const names = audioTrackNames(
      tracks.map((it) => ({ language: it.language, name: it.name ?? (it.isForced ? 'Forced' : null) })),
    )
    return tracks.map((it, index) => ({ ...it, index, name: names[index] ?? '' }))
  }

  const extract = (film: SubtitledFilm, index: number, signal: AbortSignal): Promise<Buffer> =>
    limit(async () => {
      const args = composeFfmpeg(
        { path: film.path, demuxer: film.media.demuxer },
        { options: ['-map', `0:s:${index}`, '-c:s', 'webvtt', '-f', 'webvtt'], target: '-' },
        // Else ffmpeg takes the file's first time off, which is not the presentation's.
        ['-copyts'],
      )
      return runFfmpeg(tools, args, {
        ...{ signal, timeoutMs: TIMEOUT_MS, silenceMs: SILENCE_MS, maxOutputBytes: MAX_OUTPUT_BYTES },
      })
    })

  const embeddedCues = async (film: SubtitledFilm, index: number, signal: AbortSignal): Promise<Cue[]> => {
    const key = `${film.fingerprint}-subtitles-${index}`
    const bytes =
      (await cache.get(key)) ??
      (await runs(key, signal, async (runSignal) => {
        const made = await extract(film, index, runSignal)
        await cache.put(key, made)
        return made
      }))
    return readTimedLines(bytes.toString('utf8')).flatMap(({ startS, endS, text }) =>
      endS > film.startS ? { startS: Math.max(0, startS - film.startS), endS: endS - film.startS, text } : [],
    )
  }

  return {
    list: async (film) =>
      (await all(film)).map(({ index, name, language, sideCar, isText, isForced }) => ({
        ...{ index, name, isText, isForced },
        language: languageTag(language),
        source: sideCar === null ? ('embedded' as const) : ('file' as const),
      })),
    async cues(film, index, signal) {
      const track = (await all(film))[index]
      if (!track?.isText) throw new AppError('not_found', 'There are no such subtitles.')
      return track.sideCar === null ? embeddedCues(film, index, signal) : readSideCar(track.sideCar)
    },
  }
}
