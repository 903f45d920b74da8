import { create } from 'zustand'
import type { Folder } from '../../../shared/api/folder.ts'

/** The folders of the library; null until they have been read. */
export type FoldersState = { folders: readonly Folder[] | null }

/** The folders; written by `sync` alone. */
export const useFolders = create<FoldersState>()(() => ({ folders: null }))

const COLLATOR = new Intl.Collator('en', { numeric: true })

/** The folders in the order of their names. */
export const sorted = (folders: readonly Folder[]): Folder[] =>
  folders.toSorted((a, b) => COLLATOR.compare(a.name, b.name) || COLLATOR.compare(a.path, b.path))

/** The state with a folder as it is now. */
export const withFolder = ({ folders }: FoldersState, folder: Folder): FoldersState => ({
  folders: sorted([...(folders ?? []).filter((it) => it.id !== folder.id), folder]),
})

/** The state without a folder. */
export const withoutFolder = ({ folders }: FoldersState, id: string): FoldersState => ({
  folders: (folders ?? []).filter((it) => it.id !== id),
})

/** What a folder says of itself in few words, and in a sentence; `tone` colours it. */
export function folderState(folder: Folder): {
  tone: 'plain' | 'busy' | 'fail'
  short: string
  sentence: string
} {
  const { file_count: files, pending_count: pending, unreadable_count: unreadable } = folder
  if (folder.status === 'failed') {
    const short = folder.failure?.code === 'not_found' ? 'Not there' : 'No access'
    return { tone: 'fail', short, sentence: folder.failure?.message ?? 'This folder could not be read.' }
  }
  if (pending > 0) {
    const read = `${files - pending} of ${files}`
    return { tone: 'busy', short: read, sentence: `Reading its files: ${read}.` }
  }
  if (folder.status === 'scanning') {
    return { tone: 'busy', short: 'Scanning', sentence: 'Looking for files in it.' }
  }
  const one = unreadable === 1
  return {
    tone: 'plain',
    short: String(files),
    sentence:
      unreadable > 0 ? `${unreadable} ${one ? 'item' : 'items'} in it may not be read by Matinee.` : '',
  }
}
