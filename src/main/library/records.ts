import type { File } from '../../shared/api/file.ts'
import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import { toFile } from './file-view.ts'
import type { UploadFolder } from './upload-folder.ts'

/** The rows of files: whoever changes one does it here, so that the screen hears of it. */
export interface Records {
  /** Throws AppError `not_found`. */
  find(id: string): StoredFile
  view(file: StoredFile): File
  insert(file: StoredFile): void
  save(file: StoredFile): void
  /** Saves what reading found, with the key table of its content: after a power cut it is found again. */
  saveFound(file: StoredFile, newIndex?: MediaIndex): void
  /** Says that the reading of a file has begun. */
  saveBegun(file: StoredFile): void
  /** Tells of a row that was written in a transaction, after its end. */
  announce(file: StoredFile): void
  /**
   * Forgets files, their shares, and what is kept of contents that no file has any more; never the source, but for the
   * copy of an upload. Resolves when pictures and copies are gone too; the rows are gone when the call returns.
   */
  forget(files: readonly StoredFile[]): Promise<void>
}

type RecordDeps = Pick<
  LibraryDeps,
  'store' | 'emit' | 'thumbnails' | 'stills' | 'around' | 'packaged' | 'log' | 'privateUrl' | 'canDecode'
> & {
  /** Says that the counts of a folder are other ones now. */
  touched: (folderId: string | null) => void
  /** The copies of uploads; nothing else on the disk is ever deleted. */
  copies: Pick<UploadFolder, 'mark' | 'clear'>
}

/** Makes the keeper of the rows. */
export function createRecords(deps: RecordDeps): Records {
  const { store, emit, touched } = deps
  const view = (file: StoredFile): File =>
    toFile(file, { privateUrl: deps.privateUrl(), canDecode: deps.canDecode })
  const announce = (file: StoredFile): void => {
    emit({ type: 'file.updated', file: view(file) })
    touched(file.folderId)
  }
  const dropPictures = async (fingerprint: string): Promise<void> => {
    try {
      await Promise.all(
        [deps.thumbnails, deps.stills, deps.around, deps.packaged].map((it) => it.remove(fingerprint)),
      )
    } catch (error) {
      deps.log.warn({ err: error }, 'the picture of a forgotten file could not be deleted')
    }
  }

  return {
    find(id) {
      const file = store.files.byId(id)
      if (!file) throw new AppError('not_found', 'There is no such file.')
      return file
    },
    view,
    announce,
    insert(file) {
      store.files.insert(file)
      announce(file)
    },
    save(file) {
      store.files.update(file)
      announce(file)
    },
    saveFound(file, newIndex) {
      store.transactionUnsynced(() => {
        store.files.update(file)
        if (newIndex && file.fingerprint) store.mediaIndexes.put(file.fingerprint, newIndex)
      })
      announce(file)
    },
    saveBegun(file) {
      store.transactionUnsynced(() => store.files.markProcessing(file.id))
      announce({ ...file, status: 'processing' })
    },
    async forget(files) {
      const shareIds = new Map(files.map(({ id }) => [id, store.shares.ofFile(id).map((share) => share.id)]))
      deps.copies.mark(files)
      const orphaned = store.transaction(() => {
        for (const { id } of files) store.files.remove(id)
        const contents = new Set(files.map((file) => file.fingerprint).filter((it) => it !== null))
        const unused = [...contents].filter((fingerprint) => !store.files.hasCopy(fingerprint))
        for (const fingerprint of unused) store.mediaIndexes.remove(fingerprint)
        return unused
      })
      for (const { id, folderId } of files) {
        for (const shareId of shareIds.get(id) ?? []) emit({ type: 'share.deleted', id: shareId })
        emit({ type: 'file.deleted', id })
        touched(folderId)
      }
      await Promise.all([deps.copies.clear(files), ...orphaned.map(dropPictures)])
    },
  }
}
