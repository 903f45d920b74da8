import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, extname, join, parse } from 'node:path'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { assertRoom } from '../base/free-room.ts'
import type { Log } from '../base/log.ts'
import { sharedRuns } from '../base/shared-runs.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { encodedBytes } from '../media/encoded-size.ts'
import type { PackagerName, Playable } from '../media/playable.ts'
import type { FindSideCars } from '../media/side-cars.ts'
import { checkSource, readIdentity } from '../media/source.ts'
import type { Stills } from '../media/stills.ts'
import type { PosterKind, Thumbnails } from '../media/thumbnails.ts'
import type { KeptCopy } from '../store/kept-copies.ts'
import type { Store } from '../store/store.ts'
import { asDiskFull, copyBeside, copyWhole, removeOthers } from './kept-files.ts'
import type { Window } from './token.ts'

/** What is kept: a file, or a part of one. */
export type WantedCopy = { fileId: string; window: Window | null }

/** Copies of shared files and parts in the data folder: what is shared plays on when its source is gone. */
export interface KeptCopies {
  /** Refuses a copy that there is no room for. Throws AppError `disk_full`, what `playable` throws. */
  assertRoom(wanted: WantedCopy): Promise<void>
  /**
   * Makes the copy, as a job, or finds the one there is of the same content; resolves to its key. Calls that overlap
   * share one run, which ends when the last of them has left. Throws what making it throws; nothing is left then.
   */
  keep(wanted: WantedCopy, signal: AbortSignal, progress: (fraction: number) => void): Promise<string>
  /** Undefined when there is none of that key. */
  find(key: string): (KeptCopy & { path: string }) | undefined
  /**
   * A copy as what is streamed. `own` is the part of the file that it is a copy of, `window` the one that is wanted,
   * both in seconds of the file. Throws AppError `file_missing`.
   */
  playable(key: string, own: Window | null, window: Window | null): Promise<Playable>
  /** The name that a copy is downloaded under, made of that of its file. */
  downloadName(key: string, filename: string): string
  /** Path of a JPEG of a copy, or of the part of it; throws AppError `not_found` when there is no picture in it. */
  poster(playable: Playable, kind: PosterKind): Promise<string>
  /** Removes copies that no share has any more. */
  sweep(): Promise<void>
  /** Removes what a killed process left, and forgets copies that somebody took away. */
  start(): Promise<void>
}

/** What is found in a copy that is no mere copy of bytes. */
export type Examined = { fingerprint: string; media: MediaInfo; index: MediaIndex; packager: string | null }

type KeptDeps = {
  store: Pick<Store, 'keptCopies'>
  jobs: Pick<JobQueue, 'add'>
  dir: string
  log: Log
  /** What streaming needs of a file, checked against the disk now. */
  playable: (fileId: string, window: Window | null) => Promise<Playable>
  nameOf: (fileId: string) => string
  /** Writes the stream of a playable, or of its window, as one file. */
  writeFilm: (
    playable: Playable,
    path: string,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ) => Promise<'mp4' | 'mp3'>
  /** Makes what is repacked once servable. */
  prepare: (playable: Playable, signal: AbortSignal) => Promise<void>
  examine: (path: string, signal: AbortSignal) => Promise<Examined>
  findSideCars: FindSideCars
  thumbnails: Pick<Thumbnails, 'find' | 'make'>
  stills: Pick<Stills, 'find'>
  closing: AbortSignal
}

const UNFINISHED = '.tmp'
/** A new copy is given to its share so soon after it was made, in ms. */
const HANDED_OVER_MS = 60_000
/** Larger pictures become smaller when they are converted. */
const MOST_PIXELS = 1920 * 1080

/** Makes the service of kept copies over the store. */
export function createKeptCopies(deps: KeptDeps): KeptCopies {
  const { store, dir, log } = deps
  const runs = sharedRuns<string>()
  const drawing = sharedRuns<boolean>()
  const folderOf = (key: string): string => join(dir, key)

  const isThere = async (key: string): Promise<boolean> => {
    const copy = store.keptCopies.byKey(key)
    if (!copy) return false
    const facts = await stat(join(folderOf(key), copy.filename)).catch(() => null)
    return facts?.size === copy.bytes
  }

  /** Writes the film into `folder`; what is found in it. */
  const write = async (
    source: Playable,
    folder: string,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<Pick<KeptCopy, 'filename'> & Examined> => {
    const { path, fingerprint, media, index, packager } = source
    if (!source.window && packager !== 'transcode') {
      const filename = basename(path)
      await copyWhole(source, join(folder, filename), signal, progress)
      return { filename, fingerprint, media, index, packager }
    }
    const unnamed = join(folder, 'film')
    const kind = await deps.writeFilm(source, unnamed, signal, progress)
    const filename = `${parse(path).name}.${kind}`
    await rename(unnamed, join(folder, filename))
    return { filename, ...(await deps.examine(join(folder, filename), signal)) }
  }

  const make = async (
    key: string,
    source: Playable,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<void> => {
    await assertRoom(dir, bytesOf(source), 'for a copy')
    const folder = `${folderOf(key)}.${randomUUID()}${UNFINISHED}`
    await mkdir(folder, { recursive: true })
    try {
      const found = await write(source, folder, signal, progress)
      // Times in them are those of the whole film.
      if (!source.window)
        await copyBeside(
          (await deps.findSideCars(source.path)).map((it) => it.path),
          folder,
        )
      // A file that was written to meanwhile is not what the key says.
      await checkSource(source)
      const { packager, filename, fingerprint, media, index } = found
      if (packager === null || packager === 'transcode') {
        throw new AppError('internal', 'The copy cannot be played as it is.')
      }
      const { size: bytes } = await stat(join(folder, filename))
      signal.throwIfAborted()
      await rm(folderOf(key), { recursive: true, force: true })
      await rename(folder, folderOf(key))
      store.keptCopies.insert({
        ...{ key, filename, bytes, fingerprint, packager, media, index, createdAt: Date.now() },
      })
    } catch (error) {
      throw asDiskFull(error)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  const playable: KeptCopies['playable'] = async (key, own, window) => {
    const copy = store.keptCopies.byKey(key)
    if (!copy) throw new AppError('file_missing', 'The copy is no longer there.')
    const { fingerprint, media, index, packager } = copy
    const path = join(folderOf(key), copy.filename)
    const identity = await readIdentity(path)
    if (identity.bytes !== copy.bytes) throw new AppError('file_missing', 'The copy has been changed.')
    const part = partOf(own, window, media.durationS)
    return {
      ...{ fingerprint, path, identity, media, index, packager: packager as PackagerName },
      ...(part ? { window: part } : {}),
    }
  }

  return {
    async assertRoom({ fileId, window }) {
      await assertRoom(dir, bytesOf(await deps.playable(fileId, window)), 'for a copy')
    },
    async keep({ fileId, window }, signal, progress) {
      const source = await deps.playable(fileId, window)
      const key = keyOf(source)
      return runs(key, signal, async (runSignal) => {
        if (await isThere(key)) return key
        return deps.jobs.add({
          ...{ kind: 'keep', key: `keep:${key}`, fileId, signal: runSignal },
          title: `Keeping a copy of ${deps.nameOf(fileId)}`,
          async run(job) {
            await make(key, source, job.signal, (done) => {
              job.progress(done)
              progress(done)
            })
            const copy = await playable(key, source.window ?? null, null)
            if (copy.packager === 'packaged') await deps.prepare(copy, job.signal)
            return key
          },
        })
      })
    },
    find(key) {
      const copy = store.keptCopies.byKey(key)
      return copy && { ...copy, path: join(folderOf(key), copy.filename) }
    },
    playable,
    downloadName: (key, filename) =>
      parse(filename).name + extname(store.keptCopies.byKey(key)?.filename ?? filename),
    async poster({ fingerprint, path, media, window }, kind) {
      if (window && media.video) return deps.stills.find({ fingerprint, path, media }, window, kind)
      try {
        return await deps.thumbnails.find(fingerprint, kind)
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'not_found')) throw error
        // Its file is forgotten, or the cache was emptied.
        const source = { fingerprint, path, media }
        const isDrawn = await drawing(fingerprint, deps.closing, (signal) =>
          deps.thumbnails.make(source, signal),
        )
        if (!isDrawn) throw error
        return deps.thumbnails.find(fingerprint, kind)
      }
    },
    async sweep() {
      for (const key of store.keptCopies.unused(Date.now() - HANDED_OVER_MS)) {
        store.keptCopies.remove(key)
        await rm(folderOf(key), { recursive: true, force: true })
      }
    },
    async start() {
      for (const key of store.keptCopies.keys()) {
        if (await isThere(key)) continue
        log.warn({ key }, 'a kept copy is no longer there')
        store.keptCopies.remove(key)
      }
      await removeOthers(dir, new Set(store.keptCopies.keys()))
    },
  }
}

/** A content, and the part of it in microseconds: a name for a folder. */
function keyOf({ fingerprint, window }: Playable): string {
  if (!/^[\w-]+$/.test(fingerprint)) throw new Error(`not a fingerprint: ${fingerprint}`)
  const part = window ? [window.startS, window.endS].map((it) => Math.round(it * 1e6)) : []
  return [fingerprint, ...part].join('-')
}

/** The wanted part in seconds of the copy; undefined for all of it. */
function partOf(own: Window | null, window: Window | null, durationS: number): Window | undefined {
  if (!window || (own && own.startS === window.startS && own.endS === window.endS)) return undefined
  const startS = window.startS - (own?.startS ?? 0)
  if (startS >= durationS) throw new AppError('file_missing', 'This part is not in the copy.')
  return { startS, endS: Math.min(window.endS - (own?.startS ?? 0), durationS) }
}

/** About how many bytes a copy takes. */
function bytesOf({ identity, media, window, packager }: Playable): number {
  const lengthS = window ? window.endS - window.startS : media.durationS
  const { video } = media
  if (packager === 'transcode' && video) return encodedBytes(video, lengthS, MOST_PIXELS)
  return identity.bytes * Math.min(1, lengthS / Math.max(media.durationS, 0.1))
}
