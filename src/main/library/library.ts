import type { ListOf } from '../../shared/api/common.ts'
import type {
  File,
  ListFiles,
  ListThumbnails,
  RegisterFile,
  Thumbnail,
  UpdateFile,
} from '../../shared/api/file.ts'
import type { AddFolder, Folder } from '../../shared/api/folder.ts'
import type { Playable } from '../media/playable.ts'

/** A file of the source for sending: its real path and what it was when it was checked, a moment ago. */
export type SourceFile = { path: string; bytes: number; mtimeMs: number; inode: string; filename: string }

/** The owner's files and folders. Ids that are unknown or malformed throw AppError `not_found`. */
export interface Library {
  /** Registers a local file in place; idempotent by real path. Resolves when the row exists, reading goes on. */
  register(body: RegisterFile): Promise<File>
  get(id: string): File
  list(query: ListFiles): ListOf<File>
  update(id: string, body: UpdateFile): File
  /** Forgets the entry and its shares; the source on disk is never touched. */
  remove(id: string): void
  thumbnails(id: string, query: ListThumbnails): ListOf<Thumbnail>
  /** Path of the JPEG poster; throws `not_found` while there is none. `card` is 1200 x 630 for previews. */
  poster(id: string, kind: 'poster' | 'card'): Promise<string>

  addFolder(body: AddFolder): Promise<Folder>
  folders(): Folder[]
  folder(id: string): Folder
  /** Forgets the folder and the files in it that have no share; never touches the disk. */
  removeFolder(id: string): void
  rescan(id: string): Promise<Folder>

  /**
   * What streaming needs of a file, checked against the disk now: the real path must still be the path (no symlink
   * swapped in), size, mtime and inode as read; changed content is read again first. Throws `file_missing` (410) when
   * the source is gone, `unsupported_media` with the reason when no packager takes it, `busy` while it is being read.
   */
  playable(id: string): Promise<Playable>
  /** The source itself for a download, checked in the same way. Throws `file_missing`. */
  sourceFile(id: string): Promise<SourceFile>
  /** Scans all folders and takes up reading that a stop interrupted; resolves when that has been queued. */
  start(): Promise<void>
  close(): Promise<void>
}
