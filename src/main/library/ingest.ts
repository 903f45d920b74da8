import { AppError, systemCode } from '../base/errors.ts'
import type { SourceIdentity } from '../media/playable.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { createExamination, type Finding, type ReadingJob } from './examine.ts'
import { findMoved, placed } from './moves.ts'
import type { Records } from './records.ts'
import { sourceIdentity } from './source-check.ts'

/** Reads files: what they are, where they can be cut, how they reach a browser. */
export interface Ingest {
  /**
   * Reads a file and resolves with its row, `completed` or `failed` with the reason; one bad file stops nothing.
   * Calls for one file that overlap share one reading. `priority` over what a scan found. Throws `not_found` when it
   * was forgotten meanwhile, `busy` when Matinee stops.
   */
  read(fileId: string, priority: number): Promise<StoredFile>
  /** Reads what waits and makes posters, until nothing is left to do. Returns at once. */
  wake(): void
  /** Ends what runs; resolves when it has ended, and nothing new begins. */
  close(): Promise<void>
}

/** After an error that is nobody's file's, such as a full disk, reading goes on by itself. In ms. */
const TRY_AGAIN_MS = 30_000

/** Files read at the same time; the job queue has room for as many. */
const READS_AT_ONCE = 4

/** Posters wait for reading that takes no longer than this; each costs as much as reading fifty files. In ms. */
const POSTERS_WAIT_MS = 3000

/** Makes the reader of files. Files wait in the store, so a hundred thousand of them cost no memory. */
export function createIngest(deps: LibraryDeps & { records: Records }): Ingest {
  const { store, jobs, log, records } = deps
  const examine = createExamination(deps)
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  const postersAtWork = new Set<string>()
  let tryAgain: NodeJS.Timeout | undefined

  const read = async (fileId: string, priority: number): Promise<StoredFile> => {
    try {
      return await jobs.add({
        kind: 'ingest',
        key: `ingest:${fileId}`,
        title: `Reading ${store.files.byId(fileId)?.filename ?? 'a file'}`,
        fileId,
        priority,
        run: ({ signal, progress }) =>
          readOne(fileId, { signal: AbortSignal.any([signal, closing.signal]), progress }),
      })
    } catch (error) {
      const cancelled = error instanceof AppError && error.code === 'conflict'
      if (!cancelled) {
        if (!isOfFile(error)) goOnLater(error)
        throw error
      }
      const file = records.find(fileId)
      return file.status === 'failed'
        ? file
        : settle(file, failureOf(new AppError('busy', STOPPED), file, undefined))
    }
  }

  const readOne = async (fileId: string, job: ReadingJob): Promise<StoredFile> => {
    const file = records.find(fileId)
    records.saveBegun(file)
    const found = await lookInto(file, job)
    // The row may have been renamed or forgotten meanwhile: only what was found is written.
    const now = records.find(fileId)
    // It was moved under the reader's hands: what was found, or not found, is of another place.
    if (now.path !== file.path) return settle(now, { status: 'pending' })
    const moved =
      found.fingerprint && !file.fingerprint ? await findMoved(store, found.fingerprint, fileId) : undefined
    return moved && store.shares.ofFile(fileId).length === 0
      ? becomes(moved, records.find(fileId), found)
      : settle(records.find(fileId), found)
  }

  const lookInto = async (file: StoredFile, job: ReadingJob): Promise<Finding> => {
    let identity: SourceIdentity | undefined
    try {
      identity = await sourceIdentity(file.path)
      return await examine(file, identity, job)
    } catch (error) {
      job.signal.throwIfAborted()
      if (!isOfFile(error)) throw error
      // What fails because the file vanished under it says so in many ways.
      const gone = await sourceIdentity(file.path).then(
        () => undefined,
        (it: unknown) => it,
      )
      if (!(error instanceof AppError)) log.warn({ err: error, fileId: file.id }, 'a file could not be read')
      return failureOf(gone ?? error, file, identity)
    }
  }

  const settle = (file: StoredFile, { newIndex, ...found }: Finding): StoredFile => {
    const settled = { ...file, ...found }
    records.saveFound(settled, newIndex)
    if (settled.status !== 'pending') deps.onSettled(settled.id)
    return settled
  }

  /** What a scan took for a new file is one that was moved there: the old row goes on, with its id and its shares. */
  const becomes = (moved: StoredFile, found: StoredFile, { newIndex, ...what }: Finding): StoredFile => {
    const file = { ...moved, ...what, ...placed(moved, found.path), folderId: found.folderId }
    if (moved.fingerprint === what.fingerprint) file.poster = moved.poster
    store.transactionUnsynced(() => {
      store.files.remove(found.id)
      store.files.update(file)
      if (newIndex && file.fingerprint) store.mediaIndexes.put(file.fingerprint, newIndex)
    })
    deps.emit({ type: 'file.deleted', id: found.id })
    records.announce(file)
    deps.onSettled(file.id)
    return file
  }

  const makePoster = async (file: StoredFile): Promise<void> => {
    const { fingerprint, path, media } = file
    let made = false
    postersAtWork.add(file.id)
    try {
      if (fingerprint && media)
        made = await deps.thumbnails.make({ fingerprint, path, media }, closing.signal)
    } catch (error) {
      if (closing.signal.aborted) return
      log.info({ err: error, fileId: file.id }, 'no poster could be made')
    } finally {
      postersAtWork.delete(file.id)
    }
    const now = store.files.byId(file.id)
    if (now?.fingerprint === fingerprint) records.saveFound({ ...now, poster: made ? 'made' : 'none' })
  }

  type Work = (() => Promise<unknown>) | undefined
  const nextRead = (): Work => {
    const file = store.files.nextPending()
    return file && (() => read(file.id, 0).catch(unlessForgotten))
  }
  const nextPoster = (): Work => {
    const file = store.files.nextWithoutPoster()
    return file && !postersAtWork.has(file.id) ? () => makePoster(file) : undefined
  }
  let readingSinceMs: number | undefined
  /** Reading goes first: a small folder is read in a moment, and of a large one the first pictures come soon. */
  const arePostersDue = (): boolean =>
    readingSinceMs === undefined || performance.now() - readingSinceMs > POSTERS_WAIT_MS

  type Worker = { next: () => Work; busy: boolean }
  const readers: Worker[] = Array.from({ length: READS_AT_ONCE }, () => ({ next: nextRead, busy: false }))
  const painter: Worker = { next: () => (arePostersDue() ? nextPoster() : undefined), busy: false }

  const work = async (worker: Worker): Promise<void> => {
    worker.busy = true
    try {
      for (let next = worker.next(); next && !closing.signal.aborted; next = worker.next()) {
        await next()
        start(painter)
      }
    } catch (error) {
      goOnLater(error)
    } finally {
      worker.busy = false
    }
  }
  const start = (worker: Worker): void => {
    if (worker.busy || closing.signal.aborted || (worker === painter && !arePostersDue())) return
    const run = work(worker).finally(() => {
      running.delete(run)
      if (worker === painter || readers.some((it) => it.busy)) return
      readingSinceMs = undefined
      start(painter)
    })
    running.add(run)
  }
  const wake = (): void => {
    readingSinceMs ??= performance.now()
    for (const worker of [...readers, painter]) start(worker)
  }

  /** What fails for a reason that is not the files' own is tried again, not written off. */
  const goOnLater = (error: unknown): void => {
    if (closing.signal.aborted) return
    log.error({ err: error }, 'reading files stopped for a while')
    clearTimeout(tryAgain)
    tryAgain = setTimeout(() => {
      try {
        store.files.resetInterrupted()
        wake()
      } catch (again) {
        goOnLater(again)
      }
    }, TRY_AGAIN_MS)
    tryAgain.unref()
  }

  return {
    read,
    wake,
    async close() {
      closing.abort(new AppError('busy', 'Matinee is stopping.'))
      clearTimeout(tryAgain)
      await Promise.all(running)
    },
  }
}

const STOPPED = 'Reading was cancelled. It is tried again with the next look at its folder.'

/** A file that was forgotten while it waited is no trouble. */
function unlessForgotten(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'not_found')) throw error
}

/** False for troubles of our own, such as a full disk: they say nothing of the file. */
function isOfFile(error: unknown): boolean {
  return error instanceof AppError
    ? error.code !== 'disk_full' && error.code !== 'busy'
    : systemCode(error)?.startsWith('SQLITE') !== true
}

/** What is kept of a file that could not be read. One that was read before and is gone now is missing, not bad. */
function failureOf(error: unknown, file: StoredFile, identity: SourceIdentity | undefined): Finding {
  const isGone = error instanceof AppError && error.code === 'file_missing'
  if (isGone && file.media) return { status: 'completed', missing: true }
  const isRefused = error instanceof AppError && error.code === 'unsupported_media'
  return {
    ...identity,
    status: 'failed',
    missing: isGone,
    packager: null,
    delivery: null,
    deliveryReason: null,
    poster: 'none',
    failure: { code: isRefused ? 'unsupported_media' : 'unreadable', message: messageFor(error) },
  }
}

function messageFor(error: unknown): string {
  if (error instanceof AppError) return error.message
  return ['EACCES', 'EPERM'].includes(systemCode(error) ?? '')
    ? 'Matinee is not allowed to read this file.'
    : 'This file could not be read.'
}
