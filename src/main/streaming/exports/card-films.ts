import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LONGEST_CARD_FILM_S, MOST_CARD_FILM_BYTES } from '../../../shared/card-film.ts'
import type { MediaInfo } from '../../../shared/media.ts'
import { createDiskCache } from '../../base/disk-cache.ts'
import { AppError } from '../../base/errors.ts'
import { createLimit } from '../../base/limit.ts'
import type { Log } from '../../base/log.ts'
import { createLru } from '../../base/lru.ts'
import { sharedRuns } from '../../base/shared-runs.ts'
import type { Playable } from '../../media/playable.ts'
import type { Tools } from '../../media/tools.ts'
import { createTurns } from '../transcode-turns.ts'
import { planExport, type ExportPlan } from './export-plan.ts'
import { makeExport, type MakeDeps } from './make-export.ts'

/**
 * The small films that chats show on a card: MP4 with its index in front, H.264 and AAC, 8 MB at most, without a word of
 * what the file says of itself. They are of a whole playable, or of its window, of a minute at most.
 */
export interface CardFilms {
  /** Path of a film that has been made; null when it has not. */
  find(playable: Playable): Promise<string | null>
  /**
   * Makes one at the lowest priority, if need be, and resolves to its path. Callers that overlap share one run, which ends
   * with the last of them. Throws AppError `not_found` for what gets none, `busy` when too many wait, the signal's reason.
   */
  make(playable: Playable, signal: AbortSignal): Promise<string>
  /** Drops those of a content that nobody has any more. */
  remove(fingerprint: string): Promise<void>
  /** Aborts what runs; resolves when it has ended. */
  close(): Promise<void>
}

type CardFilmDeps = {
  tools: Tools
  streams: MakeDeps['streams']
  /** Where they lie: a cache. */
  dir: string
  log: Log
}

/** Room for hundreds of them. */
const MAX_BYTES = 2e9
/** Anybody may ask for any moment of a public share: how many are made for that is bounded. */
const MAX_WAITING = 8
/** What cannot be made is not tried again by each reader of a card. */
const KEPT_FAILURES = 1_000
/** A card is as wide as a hand: more pixels take longer to make and to fetch, and are not seen. */
const MAX_SIDE = 720
/** How the folder of a film that is being made ends: measuring and clearing leave it alone. */
const UNFINISHED = '.tmp'
/** Times that people type are as exact as their floats. */
const TOLERANCE_S = 1e-3

/** Makes the workshop. */
export function createCardFilms({ tools, streams, dir, log }: CardFilmDeps): CardFilms {
  const cache = createDiskCache({ dir, maxBytes: MAX_BYTES, nameOf: (key) => key })
  const closing = new AbortController()
  const oneByOne = createLimit(1)
  const turns = createTurns(1)
  const runs = sharedRuns<string>()
  const underWay = new Set<Promise<string>>()
  const failed = createLru<true>({ max: KEPT_FAILURES })

  /** The data folder is of one process at a time: what lies there half made before the first film is a killed one's. */
  let isSwept = false
  const sweep = async (): Promise<void> => {
    if (isSwept) return
    isSwept = true
    const names = await readdir(dir).catch(() => [])
    for (const name of names.filter((it) => it.endsWith(UNFINISHED))) {
      await rm(join(dir, name), { recursive: true, force: true })
    }
  }

  const encode = async (playable: Playable, signal: AbortSignal): Promise<Buffer> => {
    await sweep()
    const folder = join(dir, `${randomUUID()}${UNFINISHED}`)
    await mkdir(folder, { recursive: true })
    try {
      const whole = { ...playable }
      delete whole.window
      const made = await makeExport(
        { tools, streams, turns },
        { plan: planOf(playable, tools), playable: whole, folder, signal, progress: () => undefined },
      )
      return await readFile(made.path)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  const make = async (key: string, playable: Playable, signal: AbortSignal): Promise<string> => {
    signal.throwIfAborted()
    try {
      await cache.put(key, await encode(playable, signal))
    } catch (error) {
      // What an end in the middle breaks off fails in words of its own.
      signal.throwIfAborted()
      if (isForGood(error)) {
        failed.set(key, true)
        log.info({ err: error, key }, 'the film of a card could not be made')
      }
      throw error
    }
    const path = await cache.find(key)
    if (path === null) throw new AppError('disk_full', 'The disk is full.')
    return path
  }

  const begin = async (key: string, playable: Playable, signal: AbortSignal): Promise<string> => {
    if (underWay.size >= MAX_WAITING) {
      throw new AppError('busy', 'Too many films are asked for at once.')
    }
    const either = AbortSignal.any([signal, closing.signal])
    const run = oneByOne(() => make(key, playable, either))
    underWay.add(run)
    return run.finally(() => underWay.delete(run))
  }

  return {
    find: (playable) => cache.find(keyOf(playable)),
    async make(playable, signal) {
      const key = keyOf(playable)
      const known = await cache.find(key)
      if (known !== null) return known
      if (failed.get(key) || !getsFilm(playable)) throw new AppError('not_found', 'There is no such film.')
      return runs(key, signal, (runSignal) => begin(key, playable, runSignal))
    },
    remove: (fingerprint) => cache.removeNamed(`${fingerprint}-`),
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.allSettled(underWay)
    },
  }
}

/** A disk may have room again, and a file come back; what cannot be encoded never can. */
const isForGood = (error: unknown): boolean =>
  !(error instanceof AppError) || error.code === 'unsupported_media' || error.code === 'bad_request'

const lengthOf = ({ window, media }: Playable): number =>
  window ? window.endS - window.startS : media.durationS

const getsFilm = (playable: Playable): boolean =>
  playable.media.video !== null && lengthOf(playable) <= LONGEST_CARD_FILM_S + TOLERANCE_S

/** Copied where every chat plays that, else encoded to fit. */
function planOf({ media, window }: Playable, tools: Tools): ExportPlan {
  const times = window ? { start_time: window.startS, end_time: window.endS } : {}
  const plan = planExport(media, { format: 'mp4', max_bytes: MOST_CARD_FILM_BYTES, ...times }, tools)
  return { ...plan, mayCopy: playsEverywhere(media, plan), maxSide: MAX_SIDE }
}

/** H.264 of 8 bits in 4:2:0, with AAC or nothing. */
const playsEverywhere = ({ video }: MediaInfo, { sound }: ExportPlan): boolean =>
  video?.codec === 'avc' &&
  video.bitDepth === 8 &&
  video.chroma === '4:2:0' &&
  (sound === null || sound.track.codec === 'aac')

/** A name of a file: windows are numbers. */
const keyOf = ({ fingerprint, window }: Playable): string =>
  [fingerprint, ...(window ? [window.startS, window.endS] : []), 'card'].join('-')
