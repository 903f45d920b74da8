import type { Failure } from '../../shared/api/error.ts'
import type { ShareStatus } from '../../shared/api/share.ts'
import { AppError, messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredShare } from '../store/shares.ts'

/** Brings shares from `pending` to `completed` or `failed`. */
export interface Readiness {
  /** Looks at a share and its file, and takes it as far as it can go now; preparing goes on behind. */
  advance(shareId: string): void
  /** 0..1 of the preparing that runs for a share. */
  progressOf(shareId: string): number | undefined
}

type ReadinessDeps = {
  isReady: (fileId: string) => Promise<boolean>
  prepare: (fileId: string, progress: (fraction: number) => void) => Promise<void>
  read: (shareId: string) => StoredShare | undefined
  fileOf: (share: StoredShare) => StoredFile
  move: (shareId: string, status: ShareStatus, failure: Failure | null) => void
  announce: (shareId: string) => void
  log: Log
}

/** Makes the part of shares that waits for files to be read and streams to be prepared. */
export function createReadiness(deps: ReadinessDeps): Readiness {
  const progress = new Map<string, number>()

  const settle = async (share: StoredShare): Promise<void> => {
    const file = deps.fileOf(share)
    if (file.status === 'failed' || (file.status === 'completed' && file.packager === null)) {
      const message =
        file.failure?.message ?? file.deliveryReason ?? 'This file cannot be played in a browser yet.'
      deps.move(share.id, 'failed', { code: 'unsupported_media', message })
      return
    }
    if (file.status !== 'completed') return
    if (!(await deps.isReady(file.id))) {
      progress.set(share.id, 0)
      deps.move(share.id, 'processing', null)
      await deps.prepare(file.id, (fraction) => {
        progress.set(share.id, fraction)
        deps.announce(share.id)
      })
    }
    deps.move(share.id, 'completed', null)
  }

  return {
    advance(shareId) {
      const share = deps.read(shareId)
      if (!share || share.status === 'completed' || share.status === 'failed' || progress.has(shareId)) return
      settle(share)
        .catch((error: unknown) => {
          // Stopping is no failure: the next start takes it up again.
          if (error instanceof AppError && error.code === 'busy') return
          deps.log.warn({ err: error, shareId }, 'a share could not be prepared')
          const message = error instanceof AppError ? error.message : 'Preparing the stream failed.'
          const code = error instanceof AppError ? error.code : 'internal'
          deps.move(shareId, 'failed', { code, message })
        })
        .catch((error: unknown) => deps.log.error({ shareId, reason: messageOf(error) }, 'a share is stuck'))
        .finally(() => progress.delete(shareId))
    },
    progressOf: (shareId) => progress.get(shareId),
  }
}
