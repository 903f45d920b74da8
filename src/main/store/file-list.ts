import type { Database } from 'better-sqlite3'
import type { FileFilter } from '../../shared/api/file-filter.ts'
import type { FileStatus } from '../../shared/api/file.ts'
import { addLike, filterConditions } from './file-filter.ts'
import { where } from './rows.ts'
import { listedText, searchWords, type ListedText, type Texts } from './search-text.ts'

/** What lists keep of a file. */
export type ListedFile = Texts & {
  id: string
  createdAt: number
  status: FileStatus
  mediaType: 'video' | 'audio' | null
  missing: boolean
  folderId: string | null
}

/** What a list of files is narrowed to, and its order. Times in Unix ms. */
export type FileQuery = {
  limit: number
  offset: number
  order: 'created_at' | 'filename'
  sort: 'asc' | 'desc'
  status?: FileStatus | undefined
  createdFrom?: number | undefined
  createdBefore?: number | undefined
  /** Every word of it is a part of a name, a folder or a tag. */
  search?: string | undefined
  filter?: FileFilter | undefined
  folderId?: string | undefined
  mediaType?: 'video' | 'audio' | undefined
  missing?: boolean | undefined
}

/** A page of a list: which files, and how many match in all. */
export type FilePage = { ids: string[]; total: number }

/** The index holds every three characters in a row, so that it knows no shorter words. */
const INDEXED_LENGTH = 3

type Values = Record<string, string | number | null>

/**
 * The tables `file_list` and `file_search`: of each file the little that lists look at, in rows a tenth as long as its
 * own, and a trigram index over its names, folders and tags. Trigrams find a word also within another ("walk" in
 * "ridgewalk"); an index by words beside them would find nothing more.
 */
export function fileListStore(db: Database) {
  addLike(db)
  const folderPath = db.prepare<[string], string>('SELECT path FROM folders WHERE id = ?').pluck()
  const insert = db.prepare<[Values]>(`
    INSERT INTO file_list (id, created_at, status, media_type, missing, folder_id, name_order, search_text)
    VALUES (@id, @createdAt, @status, @mediaType, @missing, @folderId, @nameOrder, @searchText)`)
  const update = db.prepare<[ListedText & { id: string }]>(`
    UPDATE file_list SET name_order = @nameOrder, search_text = @searchText
    WHERE id = @id AND (name_order <> @nameOrder OR search_text <> @searchText)`)
  const countAll = db.prepare<[], number>('SELECT count(*) FROM file_list').pluck()
  const countMatches = db
    .prepare<[string], number>('SELECT count(*) FROM file_search WHERE file_search MATCH ?')
    .pluck()

  const textOf = (file: ListedFile): ListedText =>
    listedText(file, file.folderId === null ? null : (folderPath.get(file.folderId) ?? null))
  const count = (from: string, values: Values): number =>
    db.prepare<[Values], number>(`SELECT count(*) FROM ${from}`).pluck().get(values) ?? 0

  return {
    /** The part of a new file; belongs into the transaction that writes its row. */
    insert(file: ListedFile): void {
      const { id, createdAt, status, mediaType, missing, folderId } = file
      const facts = { id, createdAt, status, mediaType, missing: missing ? 1 : 0, folderId }
      insert.run({ ...facts, ...textOf(file) })
    },
    /** What a change does to the texts of a file; its other columns follow its row by triggers. */
    update: (file: ListedFile): void => void update.run({ id: file.id, ...textOf(file) }),

    list(query: FileQuery): FilePage {
      const words = searchWords(query.search ?? '')
      const match = matchOf(words)
      const matches = match === null ? null : (countMatches.get(match) ?? 0)
      if (matches === 0) return { ids: [], total: 0 }

      const narrowed = narrowing(query)
      const values = { ...narrowed.values, ...wordValues(words), match }
      const { byIndex, byLook } = sources(narrowed.conditions, words, query.filter !== undefined)
      const all = countAll.get() ?? 0
      const isPlain = narrowed.conditions.length === 0 && words.every(isIndexed)
      const total =
        isPlain && (matches !== null || words.length === 0)
          ? (matches ?? all)
          : count(matches !== null && matches < all / 3 ? byIndex : byLook, values)

      if (total <= query.offset) return { ids: [], total }

      // Both come from closed lists, never from a client's text.
      const column = query.order === 'filename' ? 'name_order' : 'created_at'
      const direction = query.sort === 'asc' ? 'ASC' : 'DESC'
      // Many matches are soon met on a walk along the order; few are sorted sooner than met.
      const end = query.offset + query.limit
      const isWalk = matches === null || (query.filter === undefined && end * all < matches * matches)
      const ids = db
        .prepare<[Values], string>(
          `SELECT l.id FROM ${isWalk ? byLook : byIndex}
           ORDER BY l.${column} ${direction}, l.row ${direction} LIMIT @limit OFFSET @offset`,
        )
        .pluck()
        .all({ ...values, limit: query.limit, offset: query.offset })
      return { ids, total }
    },
  }
}

/** Conditions on `file_list l` and, for those of the filter, `files f`. */
function narrowing(query: FileQuery): { conditions: string[]; values: Values } {
  const given: [condition: string, values: Values][] = []
  const when = (value: string | number | undefined, name: string, condition: string): void => {
    if (value !== undefined) given.push([condition, { [name]: value }])
  }
  when(query.status, 'status', 'l.status = @status')
  when(query.createdFrom, 'createdFrom', 'l.created_at >= @createdFrom')
  when(query.createdBefore, 'createdBefore', 'l.created_at < @createdBefore')
  when(query.folderId, 'folderId', 'l.folder_id = @folderId')
  when(query.mediaType, 'mediaType', 'l.media_type = @mediaType')
  // Spelt out, so that the index of missing files counts.
  if (query.missing !== undefined) given.push([query.missing ? 'l.missing = 1' : 'l.missing = 0', {}])
  for (const { sql, values } of filterConditions(query.filter ?? {})) given.push([sql, values])
  return {
    conditions: given.map(([condition]) => condition),
    values: Object.assign({}, ...given.map(([, values]) => values)) as Values,
  }
}

/** FROM and WHERE of the two ways: from the index to the files, or along the files with a look at each. */
function sources(
  conditions: readonly string[],
  words: readonly string[],
  hasFilter: boolean,
): { byIndex: string; byLook: string } {
  const contains = (word: string): string => `instr(l.search_text, @word${words.indexOf(word)}) > 0`
  const notIndexed = words.filter((word) => !isIndexed(word)).map(contains)
  const lookAt = hasFilter ? 'files f CROSS JOIN file_list l ON l.id = f.id' : 'file_list l'
  const found = `file_search s CROSS JOIN file_list l ON l.row = s.rowid`
  return {
    byIndex: `${found} ${hasFilter ? 'CROSS JOIN files f ON f.id = l.id' : ''}
      ${where(['s.file_search MATCH @match', ...conditions, ...notIndexed])}`,
    byLook: `${lookAt} ${where([...conditions, ...words.map(contains)])}`,
  }
}

/** FTS5 counts code points. */
const isIndexed = (word: string): boolean => Array.from(word).length >= INDEXED_LENGTH

/** The words as FTS5 strings, which have no operators in them; null when the index knows none. */
function matchOf(words: readonly string[]): string | null {
  const strings = words.filter(isIndexed).map((word) => `"${word.replaceAll('"', '""')}"`)
  return strings.length === 0 ? null : strings.join(' AND ')
}

const wordValues = (words: readonly string[]): Values =>
  Object.fromEntries(words.map((word, index) => [`word${index}`, word]))
