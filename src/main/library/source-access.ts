import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { groupedRuns } from '../base/grouped-runs.ts'
import { createLru } from '../base/lru.ts'
import type { ClipWindow, PackagerName, Playable } from '../media/playable.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import type { Ingest } from './ingest.ts'
import { isSame } from './reconcile.ts'
import type { Records } from './records.ts'
import { seenSource } from './source-check.ts'

/** A file of the source for sending: its real path and what it was when it was checked, a moment ago. */
export type SourceFile = {
  path: string
  filename: string
  bytes: number
  mtimeMs: number
  inode: string
  /** Its stats of that moment (`fileStamp`); null when it has been read since. */
  stamp: string | null
}

/** The one way to the bytes of a file, which looks at the disk before each use. */
export interface SourceAccess {
  playable(id: string, window?: ClipWindow | null): Promise<Playable>
  sourceFile(id: string): Promise<SourceFile>
}

/** A file that somebody waits for is read before what a scan found. */
export const ASKED_FOR = 10

/** Key tables kept parsed: each segment that is asked for needs the one of its film. */
const KEPT_INDEXES = 32

type AccessDeps = Pick<LibraryDeps, 'store'> & { records: Records; ingest: Pick<Ingest, 'read'> }

/** Makes the way to the sources. */
export function createSourceAccess({ store, records, ingest }: AccessDeps): SourceAccess {
  const indexes = createLru<MediaIndex>({ max: KEPT_INDEXES })
  const look = groupedRuns(seenSource)

  const indexOf = (fingerprint: string): MediaIndex | null => {
    const index = indexes.get(fingerprint) ?? store.mediaIndexes.get(fingerprint)
    if (index) indexes.set(fingerprint, index)
    return index
  }

  /**
   * The file as it is at its path now, read again first when its content is not what it was. Throws `file_missing`,
   * `unsupported_media` when it cannot be read.
   */
  const current = async (id: string): Promise<{ file: StoredFile; stamp: string | null }> => {
    const known = records.find(id)
    const { identity, stamp } = await look(known.path).catch((error: unknown) => {
      markMissing(id, known.path)
      throw error
    })
    const isRead = known.status === 'completed' || known.status === 'failed'
    const file = isRead && isSame(known, identity) ? known : await ingest.read(id, ASKED_FOR)
    if (file.status === 'failed') {
      throw new AppError('unsupported_media', file.failure?.message ?? 'This file cannot be read.')
    }
    if (!file.missing) return { file, stamp: file === known ? stamp : null }
    if (file !== known) throw new AppError('file_missing', 'The file is no longer on the disk.')
    // It is there, and it is what it was: it has come back.
    const returned = { ...records.find(id), missing: false }
    records.save(returned)
    return { file: returned, stamp }
  }
  const markMissing = (id: string, path: string): void => {
    const file = store.files.byId(id)
    if (file && file.path === path && !file.missing) records.save({ ...file, missing: true })
  }

  return {
    async playable(id, window) {
      const { file } = await current(id)
      const { fingerprint, path, media, packager, bytes, mtimeMs, inode } = file
      if (file.status !== 'completed' || !fingerprint || !media) {
        throw new AppError('busy', 'This file is being read. Try again in a moment.')
      }
      if (packager === null) {
        throw new AppError(
          'unsupported_media',
          file.deliveryReason ?? 'This file cannot be played in a browser yet.',
        )
      }
      const index = indexOf(fingerprint)
      if (!index) throw new AppError('internal', 'The key table of a file is lost.')
      return {
        fingerprint,
        path,
        identity: { bytes, mtimeMs, inode },
        media,
        index,
        packager: packager as PackagerName,
        ...(window ? { window: windowNow(window, media.durationS) } : {}),
      }
    },
    async sourceFile(id) {
      const { file, stamp } = await current(id)
      const { path, filename, bytes, mtimeMs, inode } = file
      return { path, filename, bytes, mtimeMs, inode, stamp }
    },
  }
}

/** The window in a file as long as it is now. Throws AppError `file_missing` when nothing of it is left. */
function windowNow({ startS, endS }: ClipWindow, durationS: number): ClipWindow {
  if (startS >= durationS) throw new AppError('file_missing', 'This part is no longer in the file.')
  return { startS, endS: Math.min(endS, durationS) }
}
