import { isMediaName } from '../../shared/media-names.ts'

/** The media files of a dropped folder and those below it, by their names; hidden ones are passed over. */
export async function mediaFilesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const files: File[] = []
  const entries = (await entriesOf(folder)).filter(({ name }) => !name.startsWith('.'))
  entries.sort((a, b) => a.name.localeCompare(b.name))
  for (const entry of entries) {
    if (entry.isDirectory) files.push(...(await mediaFilesIn(entry as FileSystemDirectoryEntry)))
    else if (isMediaName(entry.name)) files.push(await fileOf(entry as FileSystemFileEntry))
  }
  return files
}

/** All entries of a folder; a browser hands them out in parts, the last of them empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return entries
    entries.push(...part)
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))
