import { create } from 'zustand'
import type { Visibility } from '../../../shared/api/share.ts'
import { chief, NOTHING, within, type Selection } from '../grid/selection.ts'
import type { Stretch } from '../clip/marks.ts'
import { HOME, isSamePlace, type Place } from '../place.ts'
import type { Order } from './order.ts'

/** A part of a file that something is done with: a segment, or what becomes one by it. */
export type Part = Stretch & { segmentId?: string; name?: string }

/** An open dialog and what it is about. */
export type OpenDialog =
  | { kind: 'share'; fileId: string; visibility: Visibility; part?: Part }
  | { kind: 'share-link'; shareId: string; why: 'shown' | 'exists' }
  | { kind: 'share-edit'; shareId: string }
  | { kind: 'share-check'; shareId: string }
  | { kind: 'share-many'; fileIds: readonly string[] }
  | { kind: 'forget-files'; fileIds: readonly string[] }
  | { kind: 'forget-folder'; folderId: string }
  | { kind: 'add'; what: 'folder' | 'files' }
  | { kind: 'upload-folders'; names: readonly string[]; files: readonly File[]; isShared: boolean }
  | { kind: 'export'; fileId: string; part?: Part }
  | { kind: 'split'; fileId: string; how: 'evenly' | 'scenes' }
  | { kind: 'storage' }
  | { kind: 'settings'; page: 'members' | 'keys' | 'embedding' }
  | { kind: 'shortcuts' }

/** What only this window knows: where it looks, what is selected, which dialog is open. */
export type UiState = {
  place: Place
  search: string
  order: Order
  selection: Selection
  isInspectorOpen: boolean
  /** File whose preview was asked to play; the inspector takes it up. */
  playing: string | null
  /** Segment whose name is being written. */
  renaming: string | null
  dialog: OpenDialog | null
}

/** What only this window knows. */
export const useUi = create<UiState>()(() => ({
  place: HOME,
  search: '',
  order: 'newest',
  selection: NOTHING,
  isInspectorOpen: true,
  playing: null,
  renaming: null,
  dialog: null,
}))

/** Looks at another row of the rail; search and selection belong to the one before. */
export function goTo(place: Place): void {
  useUi.setState((state) =>
    isSamePlace(state.place, place) ? state : { place, search: '', selection: NOTHING, playing: null },
  )
}

/** Looks for words. Which of the selected files are still there shows when they are found. */
export const searchFor = (search: string): void =>
  useUi.setState(({ place }) =>
    place.kind === 'shares' ? { search, selection: NOTHING, playing: null } : { search },
  )

/** A search has found these: what is selected and not among them would be out of sight. */
export const keepSelected = (found: ReadonlySet<string>): void =>
  useUi.setState(({ selection, playing }) => {
    const kept = within(selection, found)
    return { selection: kept, playing: chief(kept) === playing ? playing : null }
  })

/** Puts the list in order. */
export const orderBy = (order: Order): void => useUi.setState({ order })

/** Selects. What plays goes on as long as its file stays the one that the inspector shows. */
export const select = (next: (selection: Selection) => Selection): void =>
  useUi.setState((state) => ({ selection: next(state.selection) }))

/** Opens a dialog, in place of another that is open. */
export const openDialog = (dialog: OpenDialog): void => useUi.setState({ dialog })

/** Closes the dialog that is open. */
export const closeDialog = (): void => useUi.setState({ dialog: null })

/** Shows or hides the inspector. */
export const setInspector = (isInspectorOpen: boolean): void => useUi.setState({ isInspectorOpen })

/** Plays the preview of a file in the inspector. */
export const playPreview = (fileId: string): void =>
  useUi.setState({ playing: fileId, isInspectorOpen: true })

/** Begins or ends to write the name of a segment. */
export const renameSegment = (id: string | null): void => useUi.setState({ renaming: id })
