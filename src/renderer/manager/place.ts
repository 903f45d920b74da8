import type { LibraryView } from './state/library.ts'
import type { ShareFilter } from './state/shares.ts'

/** What the middle shows: a row of the rail. */
export type Place =
  | { kind: 'library'; filter: LibraryView['filter'] }
  | { kind: 'folder'; id: string }
  | { kind: 'shares'; filter: ShareFilter }

/** Where the manager opens. */
export const HOME: Place = { kind: 'library', filter: 'all' }

const LIBRARY_FILTERS: readonly LibraryView['filter'][] = ['all', 'video', 'audio', 'missing']
const SHARE_FILTERS: readonly ShareFilter[] = ['all', 'public', 'private', 'processing', 'failed']

/** The address of a place, behind the page's `#`. */
export function hashOf(place: Place): string {
  switch (place.kind) {
    case 'library':
      return place.filter === 'all' ? '#/' : `#/${place.filter}`
    case 'folder':
      return `#/folders/${encodeURIComponent(place.id)}`
    case 'shares':
      return place.filter === 'all' ? '#/shares' : `#/shares/${place.filter}`
  }
}

/** The place of an address; home for one that means nothing. */
export function placeOf(hash: string): Place {
  const [first = '', second = ''] = hash.replace(/^#?\/?/, '').split('/')
  if (first === 'folders' && second !== '') {
    try {
      return { kind: 'folder', id: decodeURIComponent(second) }
    } catch {
      return HOME
    }
  }
  if (first === 'shares') {
    return { kind: 'shares', filter: SHARE_FILTERS.find((it) => it === second) ?? 'all' }
  }
  return { kind: 'library', filter: LIBRARY_FILTERS.find((it) => it === first) ?? 'all' }
}

/** True when both are the same row of the rail. */
export const isSamePlace = (a: Place, b: Place): boolean => hashOf(a) === hashOf(b)
