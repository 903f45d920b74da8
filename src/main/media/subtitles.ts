import type { FileHandle } from 'node:fs/promises'
import type { MediaInfo, SubtitleTrackInfo } from '../../shared/media.ts'
import { audioTrackNames, languageTag } from '../../shared/audio-tracks.ts'
import type { DiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import { createLimit } from '../base/limit.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import { cuesIn, readSubStation, readTimedLines, type Cue } from './cues.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import { readMp4Cues } from './mp4-texts.ts'
import { openFile } from './source.ts'
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

/** What subtitles are written as: as they are, for what ffmpeg makes of them says less. Others become WebVTT. */
const FORMATS: Readonly<Record<string, { encoder: string; format: string }>> = {
  subrip: { encoder: 'copy', format: 'srt' },
  webvtt: { encoder: 'copy', format: 'webvtt' },
  ass: { encoder: 'copy', format: 'ass' },
  ssa: { encoder: 'copy', format: 'ass' },
}
const CONVERTED = { encoder: 'webvtt', format: 'webvtt' }

/** Read at once: each is a reading of a whole film. */
const AT_ONCE = 1
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024
/** Wall time: a film of 50 GB from a slow disk. */
const TIMEOUT_MS = 15 * 60_000
const SILENCE_MS = 120_000

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path)
  try {
    return await work(file)
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('unsupported_media', BROKEN, { cause: error })
    throw error
  } finally {
    await file.close()
  }
}

const BROKEN = 'The subtitles in this file cannot be read.'

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
      ...{ isForced: it.isForced === true, embedded: it, sideCar: null },
    }))
    const beside = (await findSideCars(path)).map((it) => ({
      ...it,
      ...{ isText: true, embedded: null, sideCar: it.path },
    }))
    const tracks = [...embedded, ...beside]
    const names = audioTrackNames(
      tracks.map((it) => ({ language: it.language, name: it.name ?? (it.isForced ? 'Forced' : null) })),
    )
    return tracks.map((it, index) => ({ ...it, index, name: names[index] ?? '' }))
  }

  const extract = (
    film: SubtitledFilm,
    { id, codec }: SubtitleTrackInfo,
    signal: AbortSignal,
  ): Promise<Buffer> =>
    limit(async () => {
      const { encoder, format } = FORMATS[codec] ?? CONVERTED
      const args = composeFfmpeg(
        { path: film.path, demuxer: film.media.demuxer },
        { options: ['-map', `0:s:${id}`, '-c:s', encoder, '-f', format], target: '-' },
        // Else ffmpeg takes the file's first time off, which is not the presentation's.
        ['-copyts'],
      )
      return runFfmpeg(tools, args, {
        ...{ signal, timeoutMs: TIMEOUT_MS, silenceMs: SILENCE_MS, maxOutputBytes: MAX_OUTPUT_BYTES },
      })
    })

  /** By ffmpeg, which reads the whole film. */
  const extracted = async (
    film: SubtitledFilm,
    track: SubtitleTrackInfo,
    signal: AbortSignal,
  ): Promise<Cue[]> => {
    const key = `${film.fingerprint}-subtitles-${track.id}`
    const bytes =
      (await cache.get(key)) ??
      (await runs(key, signal, async (runSignal) => {
        const made = await extract(film, track, runSignal)
        await cache.put(key, made)
        return made
      }))
    const text = bytes.toString('utf8')
    return FORMATS[track.codec]?.format === 'ass' ? readSubStation(text) : readTimedLines(text)
  }

  const embeddedCues = async (
    film: SubtitledFilm,
    track: SubtitleTrackInfo,
    signal: AbortSignal,
  ): Promise<Cue[]> => {
    const { startS, media, path } = film
    const cues =
      media.demuxer === 'mov'
        ? await withFile(path, (file) => readMp4Cues(file, track))
        : await extracted(film, track, signal)
    return startS === 0 ? cues : cuesIn(cues, { startS, endS: Infinity })
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
      return track.embedded ? embeddedCues(film, track.embedded, signal) : readSideCar(track.sideCar)
    },
  }
}
