import type { MatineeBridge } from '../../../shared/bridge.ts'
import { addFiles, addFolders } from '../actions/add.ts'
import { uploadQueue } from '../actions/uploads.ts'
import { bridge } from '../bridge.ts'
import { mediaFilesIn } from '../folder-entries.ts'
import { toast } from '../state/toasts.ts'
import { openDialog } from '../state/ui.ts'
import { openShare } from './file-commands.ts'

/** What one dragged thing is, read while the drop is handled: later it tells nothing. */
type Dropped = { file: File; folder: FileSystemDirectoryEntry | undefined }

/**
 * Takes what was dropped: the desktop shell is told where it lies, so it is registered there; a browser is not, so it
 * is uploaded. `isShared`: links are wanted as well.
 */
export async function takeDropped({ items }: DataTransfer, isShared: boolean): Promise<void> {
  const dropped = [...items].map(readItem).filter((it) => it !== undefined)
  const shell = bridge()
  if (shell) await registerAll(dropped, shell, isShared)
  else await uploadAll(dropped, isShared)
}

function readItem(item: DataTransferItem): Dropped | undefined {
  const file = item.getAsFile()
  const entry = item.webkitGetAsEntry()
  const folder = entry?.isDirectory ? (entry as FileSystemDirectoryEntry) : undefined
  return file ? { file, folder } : undefined
}

async function registerAll(
  dropped: readonly Dropped[],
  shell: Pick<MatineeBridge, 'pathForFile'>,
  isShared: boolean,
): Promise<void> {
  const known = dropped
    .map((it) => ({ ...it, path: shell.pathForFile(it.file) }))
    .filter(({ path }) => path !== '')
  const folders = known.filter(({ folder }) => folder).map(({ path }) => path)
  const files = known.filter(({ folder }) => !folder).map(({ path }) => path)
  if (folders.length > 0) await addFolders(folders)
  if (files.length === 0) return
  const added = await addFiles(files)
  if (isShared) openShare([...new Set(added.map((file) => file.id))])
}

async function uploadAll(dropped: readonly Dropped[], isShared: boolean): Promise<void> {
  const files = dropped.filter(({ folder }) => !folder).map(({ file }) => file)
  const folders = dropped.map(({ folder }) => folder).filter((it) => it !== undefined)
  if (files.length > 0) uploadQueue.add(files, isShared)
  if (folders.length === 0) return
  const names = folders.map(({ name }) => name)
  try {
    const found = (await Promise.all(folders.map(mediaFilesIn))).flat()
    if (found.length === 0) toast(`There is no video or audio in ${names.join(', ')}.`)
    else openDialog({ kind: 'upload-folders', names, files: found, isShared })
  } catch {
    toast('The browser could not read that folder.', { tone: 'fail' })
  }
}
