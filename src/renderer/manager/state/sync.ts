import type { ListOf } from '../../../shared/api/common.ts'
import { ApiError, sentenceOf, type Api } from '../api.ts'
import { applyEvents } from './apply.ts'
import { useEngine } from './engine.ts'
import type { EventLine, EventListener } from './events.ts'
import { createFileReader, type FileReader } from './file-reader.ts'
import { sorted, useFolders } from './folders.ts'
import { createInbox } from './inbox.ts'
import { jobsOf, useJobs } from './jobs.ts'
import { createSegmentReader, type SegmentReader } from './segment-reader.ts'
import { sharesOf, useShares } from './shares.ts'

/**
 * The one writer of what the engine says. It reads lists when a line to the engine opens, keeps them right by the
 * events of that line, and asks for pages as they come into sight. It never guesses: what an action has done shows
 * when the engine tells it.
 */
export interface Sync
  extends
    Pick<FileReader, 'show' | 'need' | 'needFiles' | 'idsBetween'>,
    Pick<SegmentReader, 'needSegments'> {
  /** Tries to reach the engine now. */
  retry: () => void
  stop(): void
}

/** What `startSync` needs. */
export type SyncDeps = {
  api: Pick<Api, 'health'> & {
    files: Pick<Api['files'], 'list' | 'get'>
    folders: Pick<Api['folders'], 'list'>
    shares: Pick<Api['shares'], 'list'>
    jobs: Pick<Api['jobs'], 'list'>
    segments: Pick<Api['segments'], 'list'>
    segmentations: Pick<Api['segmentations'], 'list'>
  }
  openEvents: (listener: EventListener) => EventLine
  /** Ids of files that something beyond the list is about. */
  kept: () => ReadonlySet<string>
  /** A search has found files: the first of them. */
  onSearched: (found: ReadonlySet<string>) => void
  /** Files and shares are gone. */
  onGone: (ids: ReadonlySet<string>) => void
}

/** Starts to follow the engine. */
export function startSync({ api, openEvents, kept, onSearched, onGone }: SyncDeps): Sync {
  const noteFailure = (error: unknown): void => {
    if (error instanceof ApiError && error.code === 'sign_in_required') {
      useEngine.setState({ connection: 'signed_out' })
    }
  }
  const inbox = createInbox((events) => {
    const { listsChanged, gone, segmented } = applyEvents(events)
    if (gone.size > 0) onGone(gone)
    if (listsChanged) files.readAgain()
    segments.changed(segmented)
  })
  const { read } = inbox
  const files = createFileReader({ files: api.files, read, kept, onSearched, onFailure: noteFailure })
  const segments = createSegmentReader({ api, read, onFailure: noteFailure })

  const readAll = async (): Promise<void> => {
    try {
      await Promise.all([
        files.readAll(),
        segments.readAll(),
        read(api.health, (health) => useEngine.setState({ health })),
        read(
          () => allOf(api.folders.list),
          (folders) => useFolders.setState({ folders: sorted(folders) }),
        ),
        read(
          () => allOf(api.shares.list),
          (shares) => useShares.setState(sharesOf(shares)),
        ),
        read(
          () => allOf(api.jobs.list),
          (jobs) => useJobs.setState(jobsOf(jobs)),
        ),
      ])
    } catch (error) {
      noteFailure(error)
      useShares.setState((state) => (state.isComplete ? state : { ...state, failure: sentenceOf(error) }))
    }
  }

  const line = openEvents({
    onOpen() {
      useEngine.setState({ connection: 'live' })
      void readAll()
    },
    onEvent: (event) => inbox.put(event),
    onLost() {
      // EventSource does not tell why it broke; a request does.
      api.health().then(
        () => useEngine.setState({ connection: 'connecting' }),
        (error: unknown) => {
          useEngine.setState({ connection: 'lost' })
          noteFailure(error)
        },
      )
    },
  })

  return {
    ...files,
    needSegments: (fileId, count) => segments.needSegments(fileId, count),
    retry: () => line.retry(),
    stop() {
      line.close()
      inbox.stop()
      files.stop()
      segments.stop()
    },
  }
}

/** How often a list is read anew because it has changed between two of its pages. */
const MOST_READINGS = 3
const PAGE = 100

/** All items of a list, page after page; anew when its length has changed meanwhile, since items may have shifted. */
export async function allOf<T>(
  list: (query: { limit: number; offset: number }) => Promise<ListOf<T>>,
): Promise<T[]> {
  for (let reading = 1; ; reading++) {
    const items: T[] = []
    let total: number | undefined
    let isSteady = true
    do {
      const page = await list({ limit: PAGE, offset: items.length })
      isSteady &&= total === undefined || total === page.total
      total = page.total
      items.push(...page.data)
      if (page.data.length === 0) break
    } while (items.length < total && (isSteady || reading === MOST_READINGS))
    if (isSteady || reading === MOST_READINGS) return items
  }
}
