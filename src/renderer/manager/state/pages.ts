import type { ListOf } from '../../../shared/api/common.ts'
import type { File, ListFiles } from '../../../shared/api/file.ts'
import type { Read } from './inbox.ts'
import { PAGE_SIZE, type LibraryView } from './library.ts'
import { ORDERS } from './order.ts'

/** Asks for pages of a view, each once at a time. */
export interface Pages {
  /** Asks for these, and lets go of what else is being asked for. */
  want(pages: readonly number[]): void
  /** What is being asked for may be old when it comes: it will have to be asked for again. */
  touch(): void
  stop(): void
}

/** What `createPages` needs. */
export type PagesDeps = {
  view: LibraryView
  list: (query: Partial<ListFiles>, signal: AbortSignal) => Promise<ListOf<File>>
  read: Read
  /** A page came. `isOld`: the list has changed while it was on its way. */
  onPage: (page: number, list: ListOf<File>, isOld: boolean) => void
  onFailure: (error: unknown) => void
}

/** The query of a view, without paging. */
export function queryOf({ filter, folderId, search, order }: LibraryView): Partial<ListFiles> {
  return {
    ...ORDERS[order].query,
    ...(filter === 'video' || filter === 'audio' ? { media_type: filter } : {}),
    ...(filter === 'missing' ? { missing: true } : {}),
    ...(folderId === undefined ? {} : { folder_id: folderId }),
    ...(search.trim() === '' ? {} : { q: search.trim() }),
  }
}

/** The query of one page of a view. */
export const pageQuery = (view: LibraryView, page: number): Partial<ListFiles> => ({
  ...queryOf(view),
  limit: PAGE_SIZE,
  offset: page * PAGE_SIZE,
})

/** Makes the asker for pages of one view. */
export function createPages({ view, list, read, onPage, onFailure }: PagesDeps): Pages {
  const asked = new Map<number, { abort: AbortController; isOld: boolean }>()

  const ask = (page: number): void => {
    const asking = { abort: new AbortController(), isOld: false }
    const { signal } = asking.abort
    asked.set(page, asking)
    read(
      () => list(pageQuery(view, page), signal),
      (got) => {
        if (signal.aborted) return
        asked.delete(page)
        onPage(page, got, asking.isOld)
      },
    ).catch((error: unknown) => {
      if (signal.aborted) return
      asked.delete(page)
      onFailure(error)
    })
  }
  const drop = (isUnwanted: (page: number) => boolean): void => {
    for (const [page, asking] of asked) {
      if (!isUnwanted(page)) continue
      asking.abort.abort()
      asked.delete(page)
    }
  }

  return {
    want(pages) {
      drop((page) => !pages.includes(page))
      for (const page of pages) if (!asked.has(page)) ask(page)
    },
    touch() {
      for (const asking of asked.values()) asking.isOld = true
    },
    stop: () => drop(() => true),
  }
}
