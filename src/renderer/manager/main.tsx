import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../ui/tokens.css'
import '../ui/fonts.css'
import '../ui/base.css'
import '../ui/buttons.css'
import '../ui/fields.css'
import '../ui/signs.css'
import '../ui/overlays.css'
import './styles/frame.css'
import './styles/rail.css'
import './styles/empty.css'
import './styles/grid.css'
import './styles/rows.css'
import './styles/batch.css'
import './styles/inspector.css'
import './styles/preview.css'
import './styles/clip.css'
import './styles/segments.css'
import './styles/dialogs.css'
import './styles/choices.css'
import './styles/messages.css'
import './styles/settings.css'
import './styles/tray.css'
import './styles/drop.css'
import { saveWhenMade } from './actions/exports.ts'
import { api, EVENTS_URL } from './api.ts'
import { App } from './app.tsx'
import { without } from './grid/selection.ts'
import { HOME, hashOf, isSamePlace, placeOf } from './place.ts'
import { openEvents } from './state/events.ts'
import { useFolders } from './state/folders.ts'
import { EVERYTHING, type LibraryView } from './state/library.ts'
import { startSync } from './state/sync.ts'
import { goTo, keepSelected, useUi, type OpenDialog, type UiState } from './state/ui.ts'
import { SyncContext } from './use-sync.ts'

/** The files that the window looks at; undefined while it looks at shares. */
function viewOf({ place, search, order }: UiState): LibraryView | undefined {
  if (place.kind === 'shares') return undefined
  return {
    filter: place.kind === 'library' ? place.filter : 'all',
    folderId: place.kind === 'folder' ? place.id : undefined,
    search,
    order,
  }
}

/** Ids of what a dialog is about. */
function subjectsOf(dialog: OpenDialog | null): readonly string[] {
  switch (dialog?.kind) {
    case 'share':
    case 'export':
    case 'split':
      return [dialog.fileId]
    case 'share-link':
    case 'share-edit':
    case 'share-check':
      return [dialog.shareId]
    default:
      return []
  }
}

useUi.setState({ place: placeOf(location.hash) })

const sync = startSync({
  api,
  openEvents: (listener) => openEvents(EVENTS_URL, listener),
  kept() {
    const { selection, dialog } = useUi.getState()
    return new Set([
      ...selection.ids,
      ...(selection.focus === null ? [] : [selection.focus]),
      ...subjectsOf(dialog),
    ])
  },
  onSearched: keepSelected,
  onGone(ids) {
    useUi.setState(({ selection, dialog }) => ({
      selection: without(selection, ids),
      dialog: subjectsOf(dialog).some((id) => ids.has(id)) ? null : dialog,
    }))
  },
})

let shown: LibraryView | undefined = EVERYTHING
const show = (state: UiState): void => {
  const view = viewOf(state)
  if (!view || (shown && JSON.stringify(view) === JSON.stringify(shown))) return
  shown = view
  sync.show(view)
}
show(useUi.getState())
useUi.subscribe((state, before) => {
  show(state)
  if (!isSamePlace(state.place, before.place) && !isSamePlace(state.place, placeOf(location.hash))) {
    location.hash = hashOf(state.place)
  }
})
window.addEventListener('hashchange', () => goTo(placeOf(location.hash)))
useFolders.subscribe(({ folders }) => {
  const { place } = useUi.getState()
  if (place.kind === 'folder' && folders && !folders.some((it) => it.id === place.id)) goTo(HOME)
})

saveWhenMade()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SyncContext value={sync}>
        <App />
      </SyncContext>
    </StrictMode>,
  )
}
