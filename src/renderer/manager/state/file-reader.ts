import { ApiError, sentenceOf, type Api } from '../api.ts'
import type { Read } from './inbox.ts'
import {
  EVERYTHING,
  PAGE_SIZE,
  pagesToAsk,
  useLibrary,
  withAllFiles,
  withoutFarFiles,
  withoutFile,
  withPage,
  withStalePages,
  withView,
  type LibraryView,
} from './library.ts'
import { createPages, pageQuery, type Pages } from './pages.ts'
import { throttled } from './throttle.ts'

/** Reads files as they come into sight. The part of `sync` that is about the library. */
export interface FileReader {
  show(view: LibraryView): void
  need(first: number, last: number): void
  needFiles(ids: readonly string[]): void
  idsBetween(first: number, last: number): Promise<string[]>
  /** The lists have changed: what is in sight is read again, what is not when it comes into sight. */
  readAgain(): void
  /** The line was dead: everything on the screen is read again now. */
  readAll(): Promise<void>
  stop(): void
}

/** What `createFileReader` needs. */
export type FileReaderDeps = {
  files: Pick<Api['files'], 'list' | 'get'>
  read: Read
  /** Ids of files that something beyond the list is about. */
  kept: () => ReadonlySet<string>
  /** Another search shows its first page, which holds these. */
  onSearched: (found: ReadonlySet<string>) => void
  onFailure: (error: unknown) => void
}

/** Shortest time between two readings of a list that changes all the time, in ms. */
const LIST_EVERY_MS = 400
const COUNTS_EVERY_MS = 1_000
const SIGHT_EVERY_MS = 60
/** What is on the screen may be of the view before for this long, in ms; skeletons would only flash. */
const OLD_VIEW_MS = 200

/** Makes the reader. */
export function createFileReader({ files, read, kept, onSearched, onFailure }: FileReaderDeps): FileReader {
  let view: LibraryView = EVERYTHING
  let sight = { first: 0, last: 0 }
  let oldViewTimer: ReturnType<typeof setTimeout> | undefined
  let isSearchNew = false
  /** Files that shares on the screen are of. */
  let named: readonly string[] = []
  const asked = new Set<string>()

  const pagesOf = (of: LibraryView): Pages =>
    createPages({
      view: of,
      list: files.list,
      read,
      onPage(page, list, isOld) {
        clearTimeout(oldViewTimer)
        useLibrary.setState((state) => {
          const shown = withPage(state.view === of ? state : withView(state, of), page, list)
          const fresh = isOld ? new Set([...shown.fresh].filter((it) => it !== page)) : shown.fresh
          const needed = kept()
          return withoutFarFiles({ ...shown, fresh }, sight.first, sight.last, (id) => needed.has(id))
        })
        if (isSearchNew) onSearched(new Set(list.data.map((file) => file.id)))
        isSearchNew = false
        fill()
      },
      onFailure(error) {
        onFailure(error)
        clearTimeout(oldViewTimer)
        useLibrary.setState((state) =>
          state.view === of && state.total !== null
            ? state
            : { ...withView(state, of), failure: sentenceOf(error) },
        )
      },
    })
  let pages = pagesOf(view)

  const fill = (): void => {
    const state = useLibrary.getState()
    const isKnown = state.view === view && state.total !== null
    pages.want(isKnown ? pagesToAsk(state, sight.first, sight.last) : [0])
  }
  const fillSoon = throttled(SIGHT_EVERY_MS, fill)
  const readPagesAgain = throttled(LIST_EVERY_MS, () => {
    useLibrary.setState(withStalePages)
    fill()
  })

  const countOf = async (query: object): Promise<number> =>
    (await files.list({ ...query, limit: 1, offset: 0 })).total
  const readCounts = (): Promise<void> =>
    read(
      async () => {
        const [all, video, audio, missing] = await Promise.all([
          countOf({}),
          countOf({ media_type: 'video' }),
          countOf({ media_type: 'audio' }),
          countOf({ missing: true }),
        ])
        return { all, video, audio, missing }
      },
      (counts) => useLibrary.setState({ counts }),
    )
  const readCountsAgain = throttled(COUNTS_EVERY_MS, () => void readCounts().catch(onFailure))

  const readFile = async (id: string): Promise<void> => {
    if (asked.has(id)) return
    asked.add(id)
    try {
      await read(
        () => files.get(id),
        (file) => useLibrary.setState((state) => withAllFiles(state, [file])),
      )
    } catch (error) {
      onFailure(error)
      if (error instanceof ApiError && error.code === 'not_found') {
        useLibrary.setState((state) => withoutFile(state, id))
      }
    } finally {
      asked.delete(id)
    }
  }

  return {
    show(next) {
      pages.stop()
      clearTimeout(oldViewTimer)
      isSearchNew ||= next.search !== view.search
      view = next
      sight = { first: 0, last: 0 }
      pages = pagesOf(next)
      oldViewTimer = setTimeout(() => useLibrary.setState((state) => withView(state, next)), OLD_VIEW_MS)
      fill()
    },
    need(first, last) {
      sight = { first, last }
      fillSoon()
    },
    needFiles(ids) {
      named = ids
      const known = useLibrary.getState().files
      for (const id of ids) if (!known.has(id)) void readFile(id)
    },
    async idsBetween(first, last) {
      const of = view
      for (let page = Math.floor(first / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page++) {
        const start = Math.max(first, page * PAGE_SIZE)
        const here = useLibrary.getState().ids.slice(start, Math.min(last, (page + 1) * PAGE_SIZE - 1) + 1)
        if (!here.includes(undefined)) continue
        await read(
          () => files.list(pageQuery(of, page)),
          (list) => useLibrary.setState((state) => (state.view === of ? withPage(state, page, list) : state)),
        )
      }
      if (view !== of) return []
      return useLibrary
        .getState()
        .ids.slice(first, last + 1)
        .filter((id) => id !== undefined)
    },
    readAgain() {
      pages.touch()
      readPagesAgain()
      readCountsAgain()
    },
    async readAll() {
      pages.touch()
      useLibrary.setState(withStalePages)
      fill()
      const { ids, files: known } = useLibrary.getState()
      const onScreen = new Set(ids.slice(sight.first, sight.last + 1))
      const others = [...new Set([...named, ...kept()])].filter((id) => known.has(id) && !onScreen.has(id))
      await Promise.all([readCounts(), ...others.map(readFile)])
    },
    stop() {
      pages.stop()
      clearTimeout(oldViewTimer)
      for (const it of [fillSoon, readPagesAgain, readCountsAgain]) it.cancel()
    },
  }
}
