import { create } from 'zustand'
import type { Share, Visibility } from '../../../shared/api/share.ts'
import type { Order } from './order.ts'

/** Which shares the middle shows. */
export type ShareFilter = 'all' | 'public' | 'private' | 'processing' | 'failed'

/** All shares. They are made by hand, so that they fit into memory, and cards and rail need every one of them. */
export type SharesState = {
  byId: ReadonlyMap<string, Share>
  /** Ids of the shares of a file, newest first. */
  byFile: ReadonlyMap<string, readonly string[]>
  /** False until all have been read. */
  isComplete: boolean
  failure: string | null
}

/** No share is known yet. */
export const UNKNOWN_SHARES: SharesState = {
  byId: new Map(),
  byFile: new Map(),
  isComplete: false,
  failure: null,
}

/** The shares; written by `sync` alone. */
export const useShares = create<SharesState>()(() => UNKNOWN_SHARES)

/** The state with exactly these shares. */
export const sharesOf = (shares: readonly Share[]): SharesState => indexed(shares, true)

/** The state with shares as they are now, new ones among them. */
export function withShares(state: SharesState, changed: readonly Share[]): SharesState {
  const byId = new Map(state.byId)
  const isNew = changed.some((share) => !byId.has(share.id))
  for (const share of changed) byId.set(share.id, share)
  return isNew ? { ...indexed([...byId.values()], state.isComplete) } : { ...state, byId }
}

/** The state without these shares. */
export function withoutShares(state: SharesState, ids: ReadonlySet<string>): SharesState {
  if (![...ids].some((id) => state.byId.has(id))) return state
  return indexed(
    [...state.byId.values()].filter((share) => !ids.has(share.id)),
    state.isComplete,
  )
}

function indexed(shares: readonly Share[], isComplete: boolean): SharesState {
  const newestFirst = shares.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? 1 : -1))
  const byFile = new Map<string, string[]>()
  for (const { id, file_id: fileId } of newestFirst) {
    const of = byFile.get(fileId)
    if (of) of.push(id)
    else byFile.set(fileId, [id])
  }
  return { byId: new Map(newestFirst.map((share) => [share.id, share])), byFile, isComplete, failure: null }
}

/** The share of that kind of a file, or of a segment of it. */
export const shareOf = (
  { byId, byFile }: SharesState,
  fileId: string,
  visibility: Visibility,
  segmentId?: string,
): Share | undefined =>
  byFile
    .get(fileId)
    ?.map((id) => byId.get(id))
    .find((share) => share?.visibility === visibility && share.file_segment_id === segmentId)

/** The shares of a segment, the public one first. */
export const sharesOfSegment = (byId: SharesState['byId'], { id }: { id: string }): Share[] =>
  [...byId.values()]
    .filter((share) => share.file_segment_id === id)
    .sort((a) => (a.visibility === 'public' ? -1 : 1))

/** True when a share belongs under a row of the rail. */
export function matches(share: Share, filter: ShareFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'public':
    case 'private':
      return share.visibility === filter
    case 'processing':
      return share.status === 'pending' || share.status === 'processing'
    case 'failed':
      return share.status === 'failed'
  }
}

/** How many shares stand under each row of the rail. */
export function countShares(shares: Iterable<Share>): Record<ShareFilter, number> {
  const counts: Record<ShareFilter, number> = { all: 0, public: 0, private: 0, processing: 0, failed: 0 }
  for (const share of shares) {
    for (const filter of Object.keys(counts) as ShareFilter[]) if (matches(share, filter)) counts[filter] += 1
  }
  return counts
}

/** The shares to show: of a filter, with `search` in the title. `shares` are newest first. */
export function sharesToShow(
  shares: Iterable<Share>,
  { filter, search, order }: { filter: ShareFilter; search: string; order: Order },
): Share[] {
  const wanted = search.trim().toLocaleLowerCase()
  const found = [...shares].filter(
    (share) =>
      matches(share, filter) && (wanted === '' || (share.title ?? '').toLocaleLowerCase().includes(wanted)),
  )
  if (order === 'name' || order === 'name_down') {
    found.sort((a, b) => COLLATOR.compare(a.title ?? '', b.title ?? ''))
  }
  return order === 'oldest' || order === 'name_down' ? found.reverse() : found
}

const COLLATOR = new Intl.Collator('en', { numeric: true })
