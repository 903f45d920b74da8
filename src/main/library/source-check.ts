import { lstat, realpath } from 'node:fs/promises'
import { AppError, systemCode } from '../base/errors.ts'
import type { SourceIdentity } from '../media/playable.ts'
import { identityOf } from '../media/source.ts'

/**
 * What the source at a known path is now. The path was real when it was stored: if it leads elsewhere today, somebody
 * put a symlink in its place, and what that shows is not the owner's choice (S57). Throws AppError `file_missing`.
 */
export async function checkSource(path: string): Promise<SourceIdentity> {
  try {
    if ((await realpath(path)) !== path)
      throw new AppError('file_missing', 'The file was replaced by a link.')
    return identityOf(await lstat(path, { bigint: true }))
  } catch (error) {
    if (error instanceof AppError) throw error
    const denied = ['EACCES', 'EPERM'].includes(systemCode(error) ?? '')
    throw new AppError(
      'file_missing',
      denied ? 'The file can no longer be read: permission denied.' : 'The file is no longer on the disk.',
      { cause: error },
    )
  }
}
