import type { MediaIndex } from '../../shared/media.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { readHead } from '../media/head.ts'
import { probe } from '../media/probe.ts'
import { isMedia, sniff } from '../media/sniff.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { fingerprintOf } from './fingerprint.ts'
import { checkSource } from './source-check.ts'

/** Reads files: what they are, where they can be cut, how they reach a browser. */
export interface Ingest {
  /**
   * Reads a file and resolves with its row, `completed` or `failed` with the reason; one bad file stops nothing.
   * Calls for one file that overlap share one reading. `priority` over what a scan found.
   */
  read(fileId: string, priority: number): Promise<StoredFile>
  /** Reads what waits, two at a time, then makes posters. Returns at once. */
  wake(): void
  /** Resolves when nothing runs any more; nothing new begins. */
  close(): Promise<void>
}

/** Readers at work; the files wait in the store, so a hundred thousand of them cost no memory. */
const READERS = 2

/** Makes the reader of files. `save` writes a row and tells the screen. */
export function createIngest(deps: LibraryDeps & { save: (file: StoredFile) => void }): Ingest {
  const { store, jobs, log, save } = deps
  const runs = new Set<Promise<void>>()
  let readers = 0
  const postersAtWork = new Set<string>()
  const abort = new AbortController()

  const read = (fileId: string, priority: number): Promise<StoredFile> =>
    jobs.add({
      kind: 'ingest',
      key: `ingest:${fileId}`,
      title: `Reading ${store.files.byId(fileId)?.filename ?? 'a file'}`,
      fileId,
      priority,
      run: ({ signal }) => readOne(fileId, signal),
    })

  const readOne = async (fileId: string, signal: AbortSignal): Promise<StoredFile> => {
    const file = store.files.byId(fileId)
    if (!file) throw new AppError('not_found', 'There is no such file.')
    save({ ...file, status: 'processing' })
    let change: Partial<StoredFile>
    try {
      change = await examine(file, signal)
    } catch (error) {
      signal.throwIfAborted()
      change = failureOf(error, file)
      if (!(error instanceof AppError)) log.warn({ err: error, fileId }, 'a file could not be read')
    }
    // The row may have been renamed or forgotten meanwhile: only what was found is written.
    const now = store.files.byId(fileId)
    if (!now) throw new AppError('not_found', 'There is no such file.')
    const settled: StoredFile = { ...now, ...change }
    save(settled)
    deps.onSettled(fileId)
    return settled
  }

  const examine = async (file: StoredFile, signal: AbortSignal): Promise<Partial<StoredFile>> => {
    const identity = await checkSource(file.path)
    const sniffed = sniff(await readHead(file.path))
    if (!isMedia(sniffed)) throw new AppError('unsupported_media', sniffed.reason)
    const fingerprint = await fingerprintOf(file.path)
    const media = await probe(file.path, sniffed, deps.tools, signal)
    const index = await indexOf(fingerprint, file.path, media, signal)
    const choice = deps.choosePackager(media, index)
    return {
      ...identity,
      fingerprint,
      status: 'completed',
      failure: null,
      missing: false,
      mediaType: media.video ? 'video' : 'audio',
      media: { ...media, bitrate: media.bitrate ?? Math.round((identity.bytes * 8) / media.durationS) },
      delivery: choice.delivery,
      deliveryReason: choice.reason,
      packager: choice.packager,
      poster: fingerprint === file.fingerprint ? file.poster : 'pending',
    }
  }

  const indexOf = async (
    fingerprint: string,
    path: string,
    media: Parameters<LibraryDeps['buildMediaIndex']>[0]['media'],
    signal: AbortSignal,
  ): Promise<MediaIndex> => {
    const known = store.mediaIndexes.get(fingerprint)
    if (known) return known
    const index = await deps.buildMediaIndex({ path, media, tools: deps.tools }, signal)
    store.mediaIndexes.put(fingerprint, index)
    return index
  }

  /** The next piece of work there is; deciding takes no time in which more could come unseen. */
  const nextWork = (): (() => Promise<unknown>) | undefined => {
    const waiting = store.files.nextPending()
    if (waiting) return () => read(waiting.id, 0).catch(() => undefined)
    const bare = store.files.nextWithoutPoster()
    return bare && !postersAtWork.has(bare.id) ? () => makePoster(bare) : undefined
  }

  const makePoster = async (file: StoredFile): Promise<void> => {
    const { fingerprint, path, media } = file
    let made = false
    postersAtWork.add(file.id)
    try {
      if (fingerprint && media) made = await deps.thumbnails.make({ fingerprint, path, media }, abort.signal)
    } catch (error) {
      if (abort.signal.aborted) return
      log.info({ err: error, fileId: file.id }, 'no poster could be made')
    } finally {
      postersAtWork.delete(file.id)
    }
    const now = store.files.byId(file.id)
    if (now?.fingerprint === fingerprint) save({ ...now, poster: made ? 'made' : 'none' })
  }

  const work = async (): Promise<void> => {
    for (let next = nextWork(); next && !abort.signal.aborted; next = nextWork()) await next()
    readers -= 1
  }

  return {
    read,
    wake() {
      while (readers < READERS && !abort.signal.aborted && nextWork()) {
        readers += 1
        const run = work()
          .catch((error: unknown) => log.error({ err: error }, 'reading files stopped'))
          .finally(() => runs.delete(run))
        runs.add(run)
      }
    },
    async close() {
      abort.abort(new AppError('busy', 'Matinee is stopping.'))
      await Promise.all(runs)
    },
  }
}

/** What is kept of a file that could not be read. One that was read before and is gone now is missing, not bad. */
function failureOf(error: unknown, file: StoredFile): Partial<StoredFile> {
  const isGone = error instanceof AppError && error.code === 'file_missing'
  if (isGone && file.media) return { status: 'completed', missing: true }
  return {
    status: 'failed',
    missing: isGone,
    packager: null,
    delivery: null,
    deliveryReason: null,
    failure: { code: failureCode(error), message: failureMessage(error) },
  }
}

const failureCode = (error: unknown): string =>
  error instanceof AppError && ['unsupported_media', 'file_missing'].includes(error.code)
    ? error.code
    : 'unreadable'

function failureMessage(error: unknown): string {
  if (error instanceof AppError) return error.message
  return systemCode(error) === 'EACCES'
    ? 'Matinee is not allowed to read this file.'
    : 'This file could not be read.'
}
