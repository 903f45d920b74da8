import type { File } from '../../../shared/api/file.ts'
import { api, sentenceOf } from '../api.ts'
import { bridge } from '../bridge.ts'
import { toast } from '../state/toasts.ts'
import { openDialog } from '../state/ui.ts'
import { countOf } from '../text.ts'
import { runAll } from './run-all.ts'

/** Asks for a folder: with the system's dialog on the desktop, by its path in a browser. */
export async function askForFolder(): Promise<void> {
  const shell = bridge()
  if (!shell) {
    openDialog({ kind: 'add', what: 'folder' })
    return
  }
  const path = await shell.chooseFolder()
  if (path !== null) await addFolders([path])
}

/** Asks for files: with the system's dialog on the desktop, by their paths in a browser. */
export async function askForFiles(): Promise<void> {
  const shell = bridge()
  if (!shell) {
    openDialog({ kind: 'add', what: 'files' })
    return
  }
  await addFiles(await shell.chooseFiles())
}

/** Adds folders and says what could not be. */
export async function addFolders(paths: readonly string[]): Promise<void> {
  const run = await runAll(paths, api.folders.add, quiet())
  tell(run.results.length, 'folder', run.failed)
}

/** Adds files and says what could not be. Resolves with those that are in the library now. */
export async function addFiles(paths: readonly string[]): Promise<readonly File[]> {
  const run = await runAll(paths, api.files.register, quiet())
  tell(run.results.length, 'file', run.failed)
  return run.results
}

const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined })

function tell(added: number, what: string, failed: readonly { item: string; error: unknown }[]): void {
  if (added > 0) toast(`${countOf(added, what)} added`, { tone: 'ok' })
  const [first] = failed
  if (!first) return
  const name = first.item.split(/[/\\]/).at(-1) ?? first.item
  const others = failed.length > 1 ? ` ${failed.length - 1} more could not be added either.` : ''
  toast(`${name}: ${sentenceOf(first.error)}${others}`, { tone: 'fail' })
}
