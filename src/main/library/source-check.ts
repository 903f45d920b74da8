import type { BigIntStats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { AppError, systemCode } from '../base/errors.ts'
import { fileStamp } from '../base/file-stamp.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { identityOf } from '../media/source.ts'

/** What lies at a known path: a file, nothing that could be it, or a place that may not be looked at. */
export type Look = SourceIdentity | Trouble

type Trouble = 'gone' | 'replaced' | 'denied'

/**
 * Looks at a known path. It was real when it was stored: if it leads elsewhere today, somebody put a symlink in its
 * place, and what that shows is not the owner's choice (S57). Throws a system error that says nothing of the file,
 * such as EIO of a failing disk.
 */
export async function lookAt(path: string): Promise<Look> {
  const stats = await statsAt(path)
  return typeof stats === 'object' ? identityOf(stats) : stats
}

async function statsAt(path: string): Promise<BigIntStats | Trouble> {
  try {
    const [real, stats] = await Promise.all([realpath(path), lstat(path, { bigint: true })])
    return real === path && stats.isFile() ? stats : 'replaced'
  } catch (error) {
    switch (systemCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return 'gone'
      case 'ELOOP':
        return 'replaced'
      case 'EACCES':
      case 'EPERM':
        return 'denied'
      default:
        throw error
    }
  }
}

/** True for what can be read where it is. */
export const isThere = (look: Look): look is SourceIdentity => typeof look === 'object'

const SENTENCES = {
  gone: 'The file is no longer on the disk.',
  replaced: 'The file was replaced by a link or something else that is no file.',
  denied: 'The file can no longer be read: permission denied.',
} as const

/** A source that was looked at a moment ago; by the stamp an open file can be told to be the same. */
export type SeenSource = { identity: SourceIdentity; stamp: string }

/** Looks at the source at a known path. Throws AppError `file_missing`. */
export async function seenSource(path: string): Promise<SeenSource> {
  const stats = await statsAt(path).catch((error: unknown) => {
    throw new AppError('file_missing', 'The disk of the file cannot be read.', { cause: error })
  })
  if (typeof stats !== 'object') throw new AppError('file_missing', SENTENCES[stats])
  return { identity: identityOf(stats), stamp: fileStamp(stats) }
}

/** What the source at a known path is now. Throws AppError `file_missing`. */
export const sourceIdentity = async (path: string): Promise<SourceIdentity> =>
  (await seenSource(path)).identity
