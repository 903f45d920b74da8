import type { Disposable, Storage } from '../../shared/api/storage.ts'

/** Parts of the data folder. */
type PartName = Exclude<keyof Storage, 'object' | 'free_bytes'>

/** The parts of the data folder as people know them; `clear` names what can be emptied. */
export const STORAGE_PARTS: readonly { part: PartName; label: string; text: string; clear?: Disposable }[] = [
  { part: 'uploads', label: 'Uploads', text: 'Files that were sent here; forgetting one deletes it' },
  { part: 'kept', label: 'Kept copies', text: 'Of shares that outlive their file' },
  { part: 'converted', label: 'Converted', text: 'Made again when somebody watches', clear: 'converted' },
  { part: 'packaged', label: 'Repacked', text: 'Made again when somebody watches', clear: 'packaged' },
  { part: 'exports', label: 'Exports', text: 'Files to save, kept for a while', clear: 'exports' },
  { part: 'caches', label: 'Pictures and waveforms', text: 'Made again when they are seen', clear: 'caches' },
  { part: 'database', label: 'Library', text: 'What is known of files, and all links' },
]

/** Bytes of all parts together. */
export const totalBytes = (storage: Storage): number =>
  STORAGE_PARTS.reduce((sum, { part }) => sum + storage[part].bytes, 0)
