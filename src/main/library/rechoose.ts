import { setImmediate } from 'node:timers/promises'
import type { StoredFile } from '../store/files.ts'
import type { LibraryDeps } from './deps.ts'
import type { Records } from './records.ts'

/** Files looked at without letting anybody else have a turn. */
const AT_ONCE = 20

type RechooseDeps = Pick<LibraryDeps, 'store' | 'choosePackager' | 'onSettled'> & {
  records: Pick<Records, 'saveFound'>
}

/**
 * Chooses anew for the files that no packager took: this version may have one, or this ffmpeg. What was read of them
 * before is enough for that; a file whose key table is lost waits to be read again.
 */
export async function rechoose(deps: RechooseDeps, signal: AbortSignal): Promise<void> {
  const { store } = deps
  for (let after = ''; !signal.aborted;) {
    const files = store.files.withoutPackager(after, AT_ONCE)
    for (const file of files) rechooseOne(deps, file)
    const last = files.at(-1)
    if (!last) return
    after = last.id
    await setImmediate()
  }
}

function rechooseOne({ store, choosePackager, onSettled, records }: RechooseDeps, file: StoredFile): void {
  const index = file.fingerprint === null ? null : store.mediaIndexes.get(file.fingerprint)
  if (!index || !file.media) {
    records.saveFound({ ...file, status: 'pending' })
    return
  }
  const { packager, delivery, reason } = choosePackager(file.media, index)
  if (packager === null && reason === file.deliveryReason) return
  records.saveFound({ ...file, packager, delivery, deliveryReason: reason })
  onSettled(file.id)
}
