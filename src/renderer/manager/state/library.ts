import { create } from 'zustand'
import type { ListOf } from '../../../shared/api/common.ts'
import type { File } from '../../../shared/api/file.ts'
import type { Order } from './order.ts'

/** Files asked for at once; the most that the API gives. */
export const PAGE_SIZE = 100

/** Which files the middle shows, and in what order. */
export type LibraryView = {
  filter: 'all' | 'video' | 'audio' | 'missing'
  folderId: string | undefined
  search: string
  order: Order
}

/** How many files there are of each kind, over the whole library. */
export type LibraryCounts = { all: number; video: number; audio: number; missing: number }

/**
 * The files that are shown, as far as they were needed: `ids[i]` is the i-th file of the view, with holes where no
 * page has been asked for. A library of any size costs what is on the screen, not what is on the disk.
 */
export type LibraryState = {
  view: LibraryView
  /** Files of the view; null until the first answer. */
  total: number | null
  ids: readonly (string | undefined)[]
  /** Pages that are as the engine has them; others are shown as they were until they come into sight. */
  fresh: ReadonlySet<number>
  /** Every file that was needed: of the pages, of shares, of the inspector. */
  files: ReadonlyMap<string, File>
  counts: LibraryCounts | null
  /** Why the view could not be read. */
  failure: string | null
}

/** What is shown at first: everything, nothing of it known. */
export const EVERYTHING: LibraryView = { filter: 'all', folderId: undefined, search: '', order: 'newest' }

/** A library of which nothing is known yet. */
export const UNKNOWN_LIBRARY: LibraryState = {
  view: EVERYTHING,
  total: null,
  ids: [],
  fresh: new Set(),
  files: new Map(),
  counts: null,
  failure: null,
}

/** The files of the library; written by `sync` alone. */
export const useLibrary = create<LibraryState>()(() => UNKNOWN_LIBRARY)

/** The state that shows `view`, of which nothing is known yet. */
export const withView = (state: LibraryState, view: LibraryView): LibraryState => ({
  ...state,
  view,
  total: null,
  ids: [],
  fresh: new Set(),
  failure: null,
})

/** The state with one page of its view as the engine has it now. */
export function withPage(state: LibraryState, page: number, list: ListOf<File>): LibraryState {
  const start = page * PAGE_SIZE
  const there = new Set(list.data.map((file) => file.id))
  // What has moved onto this page must not show twice.
  const ids = state.ids.map((id) => (id !== undefined && there.has(id) ? undefined : id))
  ids.length = list.total
  for (const [index, file] of list.data.entries()) ids[start + index] = file.id
  for (let index = start + list.data.length; index < Math.min(start + PAGE_SIZE, list.total); index++) {
    ids[index] = undefined
  }
  const files = new Map(state.files)
  for (const file of list.data) files.set(file.id, file)
  // Another number of files means that other pages have shifted.
  const fresh = state.total === list.total ? new Set(state.fresh) : new Set<number>()
  fresh.add(page)
  return { ...state, total: list.total, ids, files, fresh, failure: null }
}

/** The state with `files` as they are now, those that are known already. */
export function withFiles(state: LibraryState, changed: readonly File[]): LibraryState {
  const known = changed.filter((file) => state.files.has(file.id))
  return known.length === 0 ? state : withAllFiles(state, known)
}

/** The state with `files`, whether they were known or not. */
export function withAllFiles(state: LibraryState, changed: readonly File[]): LibraryState {
  const files = new Map(state.files)
  for (const file of changed) files.set(file.id, file)
  return { ...state, files }
}

/** The state without a file; what comes after it moves up. */
export function withoutFile(state: LibraryState, id: string): LibraryState {
  const files = new Map(state.files)
  files.delete(id)
  const at = state.ids.indexOf(id)
  if (at < 0) return files.size === state.files.size ? state : { ...state, files }
  const total = state.total === null ? null : state.total - 1
  return { ...state, files, ids: state.ids.toSpliced(at, 1), total, fresh: new Set() }
}

/** The state in which every page has to be asked for again once it is in sight. */
export const withStalePages = (state: LibraryState): LibraryState => ({ ...state, fresh: new Set() })

/** The pages that hold the files from `first` to `last` and are not fresh. */
export function pagesToAsk({ fresh, total }: LibraryState, first: number, last: number): number[] {
  const end = total === null ? 0 : Math.max(0, total - 1)
  const pages: number[] = []
  for (
    let page = Math.floor(first / PAGE_SIZE);
    page <= Math.floor(Math.min(last, end) / PAGE_SIZE);
    page++
  ) {
    if (!fresh.has(page)) pages.push(page)
  }
  return pages
}

/** Files in memory from which on those far from sight are forgotten. */
const MOST_FILES = 3000

/** The state without the files that lie far from `first`..`last`; those in `kept` stay. */
export function withoutFarFiles(
  state: LibraryState,
  first: number,
  last: number,
  kept: (id: string) => boolean,
): LibraryState {
  if (state.files.size <= MOST_FILES) return state
  const near = { first: first - MOST_FILES / 4, last: last + MOST_FILES / 4 }
  const ids = state.ids.map((id, index) => (index < near.first || index > near.last ? undefined : id))
  const needed = new Set(ids)
  const files = new Map([...state.files].filter(([id]) => needed.has(id) || kept(id)))
  const fresh = new Set(
    [...state.fresh].filter(
      (page) => page * PAGE_SIZE >= near.first && (page + 1) * PAGE_SIZE - 1 <= near.last,
    ),
  )
  return { ...state, ids, files, fresh }
}

/** True when a change of a file can move it into, out of or within a list. */
export function movesInLists(before: File | undefined, after: File): boolean {
  if (!before) return true
  return (
    before.media_type !== after.media_type ||
    before.missing !== after.missing ||
    before.folder_id !== after.folder_id ||
    before.filename !== after.filename ||
    // Searches find tags.
    JSON.stringify(before.metadata) !== JSON.stringify(after.metadata)
  )
}
