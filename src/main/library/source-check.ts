import { lstat, realpath } from 'node:fs/promises'
import { AppError, systemCode } from '../base/errors.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { identityOf } from '../media/source.ts'

/** What lies at a known path: a file, nothing that could be it, or a place that may not be looked at. */
export type Look = SourceIdentity | 'gone' | 'replaced' | 'denied'

/**
 * Looks at a known path. It was real when it was stored: if it leads elsewhere today, somebody put a symlink in its
 * place, and what that shows is not the owner's choice (S57). Throws a system error that says nothing of the file,
 * such as EIO of a failing disk.
 */
export async function lookAt(path: string): Promise<Look> {
  try {
    if ((await realpath(path)) !== path) return 'replaced'
    const stats = await lstat(path, { bigint: true })
    return stats.isFile() ? identityOf(stats) : 'replaced'
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

/** What the source at a known path is now. Throws AppError `file_missing`. */
export async function sourceIdentity(path: string): Promise<SourceIdentity> {
  const look = await lookAt(path).catch((error: unknown) => {
    throw new AppError('file_missing', 'The disk of the file cannot be read.', { cause: error })
  })
  if (!isThere(look)) throw new AppError('file_missing', SENTENCES[look])
  return look
}
