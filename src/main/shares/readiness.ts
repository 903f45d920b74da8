import type { Failure } from '../../shared/api/error.ts'
import type { ShareStatus } from '../../shared/api/share.ts'
import { AppError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredShare } from '../store/shares.ts'
import type { Window } from './token.ts'

/** Brings shares from `pending` to `completed` or `failed`. */
export interface Readiness {
  /** Looks at a share and its file, and takes it as far as it can go now; preparing goes on behind. */
  advance(shareId: string): void
  /** Ends the preparing for a share that is gone; what others want too goes on for them. */
  stop(shareId: string): void
  /** 0..1 of the preparing that runs for a share. */
  progressOf(shareId: string): number | undefined
}

/** What is prepared: a file, or a part of one. */
export type Wanted = { fileId: string; window: Window | null }

type ReadinessDeps = {
  isReady: (fileId: string, window: Window | null) => Promise<boolean>
  prepare: (wanted: Wanted, signal: AbortSignal, progress: (fraction: number) => void) => Promise<void>
  /** Makes the copy that a share wants, and gives it to it. */
  keep: (
    share: StoredShare,
    wanted: Wanted,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ) => Promise<void>
  read: (shareId: string) => StoredShare | undefined
  fileOf: (share: StoredShare) => StoredFile
  windowOf: (share: StoredShare) => Window | null
  move: (shareId: string, status: ShareStatus, failure: Failure | null) => void
  announce: (shareId: string) => void
  log: Log
}

/** Makes the part of shares that waits for files to be read and streams to be prepared. */
export function createReadiness(deps: ReadinessDeps): Readiness {
  type Preparing = { progress: number | undefined; abort: AbortController }
  const running = new Map<string, Preparing>()

  const settle = async (share: StoredShare, run: Preparing): Promise<void> => {
    const wanted = { fileId: share.fileId, window: deps.windowOf(share) }
    const { signal } = run.abort
    const hear = (fraction: number): void => {
      // An event for each piece that is copied would flood the screen.
      if (Math.floor(fraction * 100) === Math.floor((run.progress ?? 0) * 100)) return
      run.progress = fraction
      deps.announce(share.id)
    }
    if (share.keepCopy || !(await deps.isReady(wanted.fileId, wanted.window))) {
      signal.throwIfAborted()
      run.progress = 0
      deps.move(share.id, 'processing', null)
      if (share.keepCopy) await deps.keep(share, wanted, signal, hear)
      else await deps.prepare(wanted, signal, hear)
    }
    signal.throwIfAborted()
    deps.move(share.id, 'completed', null)
  }

  const fail = (shareId: string, error: unknown): void => {
    deps.log.warn({ err: error, shareId }, 'a share could not be prepared')
    const message = error instanceof AppError ? error.message : 'Preparing the stream failed.'
    const code = error instanceof AppError ? error.code : 'internal'
    deps.move(shareId, 'failed', { code, message })
  }

  return {
    advance(shareId) {
      const share = deps.read(shareId)
      if (!share || share.deletedAt !== null || running.has(shareId)) return
      if (share.status === 'completed' || share.status === 'failed') return
      const file = deps.fileOf(share)
      if (file.status === 'failed' || (file.status === 'completed' && file.packager === null)) {
        const message =
          file.failure?.message ?? file.deliveryReason ?? 'This file cannot be played in a browser.'
        deps.move(share.id, 'failed', { code: 'unsupported_media', message })
        return
      }
      if (file.status !== 'completed') return
      const run: Preparing = { progress: undefined, abort: new AbortController() }
      running.set(shareId, run)
      settle(share, run)
        .catch((error: unknown) => {
          // Stopping is no failure: the next start takes it up again. Nor is that nobody wants it any more.
          const isStopped = error instanceof AppError && error.code === 'busy'
          if (!isStopped && !run.abort.signal.aborted) fail(shareId, error)
        })
        .catch((error: unknown) => deps.log.error({ shareId, reason: messageOf(error) }, 'a share is stuck'))
        .finally(() => {
          if (running.get(shareId) === run) running.delete(shareId)
        })
    },
    stop(shareId) {
      running.get(shareId)?.abort.abort(new AppError('not_found', 'This share is gone.'))
      running.delete(shareId)
    },
    progressOf: (shareId) => running.get(shareId)?.progress,
  }
}
