import { basename, dirname, relative, sep } from 'node:path'
import type { Metadata } from '../../shared/api/common.ts'

/** What of a file its texts are made of. */
export type Texts = {
  filename: string
  path: string
  source: 'local' | 'upload'
  metadata: Metadata | null
}

/** What of a file is searched, and how its name is put in order. */
export type ListedText = { searchText: string; nameOrder: string }

/** Most characters of tags that are searched; a file of novels is no tag. */
const MAX_TAG_LENGTH = 4_000

/**
 * Text as searches compare it: case, accents and ways to write the same character (a name from macOS is NFD) make no
 * difference. FTS5 could fold too, but only some scripts; done here, the index and `instr` agree on all of them.
 */
export const folded = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    // Upper case first turns ß into ss.
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')

/** The words of a search: each must be a part of a name, a folder or a tag. What separates them is no part of any. */
export const searchWords = (text: string): string[] => [
  ...new Set(
    folded(text)
      .split(/[\s\p{Cc}]+/u)
      .filter((word) => word !== ''),
  ),
]

/**
 * The text of a file for searches: its name, the folders of the library that it lies in, its tags. `folderPath` is
 * that of the library's folder, null outside of all. Chapters and subtitles have their place here, once they are read.
 */
export function listedText(file: Texts, folderPath: string | null): ListedText {
  const parts = [file.filename, ...foldersOf(file, folderPath), ...tagsOf(file.metadata)]
  return { searchText: folded(parts.join('\n')), nameOrder: nameOrder(file.filename) }
}

/** What lies above the library's folder is the same for all of its files and would only find everything. */
function foldersOf({ path, source }: Texts, folderPath: string | null): string[] {
  // An upload lies where Matinee put it.
  if (source === 'upload') return []
  const folder = dirname(path)
  return folderPath === null
    ? [basename(folder)]
    : [basename(folderPath), ...relative(folderPath, folder).split(sep)]
}

/** `tags` of the metadata: a list of texts, or one text. */
function tagsOf(metadata: Texts['metadata']): string[] {
  const tags = metadata?.['tags']
  const texts = (Array.isArray(tags) ? tags : [tags]).filter((tag) => typeof tag === 'string')
  return [texts.join('\n').slice(0, MAX_TAG_LENGTH)]
}

/**
 * A text whose plain order is that of names as people see it: without case, and numbers by their value. A number is
 * written behind the count of its digits, so that 2 comes before 10.
 */
export const nameOrder = (filename: string): string =>
  folded(filename).replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, '')
    return String(value.length).padStart(3, '0') + value
  })
