import { basename } from 'node:path'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { lookAt } from './source-check.ts'

/**
 * The file of this content that is at its own path no longer: it was moved to where the content was found. A file that
 * may not be looked at is not gone. The copy of an upload is Matinee's own: it never moves to where its owner's files
 * lie, or forgetting it would delete one of those.
 */
export async function findMoved(
  { files }: Pick<LibraryDeps['store'], 'files'>,
  fingerprint: string,
  foundId?: string,
): Promise<StoredFile | undefined> {
  for (const { id, path } of files.copies(fingerprint)) {
    if (id === foundId) continue
    const look = await lookAt(path).catch(() => 'denied')
    const file = files.byId(id)
    if (file?.path !== path || file.source === 'upload') continue
    if (look === 'gone' || look === 'replaced') return file
  }
  return undefined
}

/** Where a file is now. A name that its owner gave it in the library stays; one that was the file's own follows it. */
export const placed = (file: StoredFile, path: string): Pick<StoredFile, 'path' | 'filename'> => ({
  path,
  filename: file.filename === basename(file.path) ? basename(path) : file.filename,
})
