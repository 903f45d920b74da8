import { useEffect } from 'react'
import { useEngine } from './state/engine.ts'
import { useFolders } from './state/folders.ts'
import { useLibrary } from './state/library.ts'
import { countShares, useShares } from './state/shares.ts'
import { useUi } from './state/ui.ts'
import { countText } from './text.ts'
import { usePhone } from './use-narrow.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { ConnectionBanner, SignedOut } from './views/connection.tsx'
import { Dialogs } from './views/dialogs.tsx'
import { DropOverlay } from './views/drop-overlay.tsx'
import { ExportTray } from './views/export-tray.tsx'
import { FolderBar } from './views/folder-bar.tsx'
import { Inspector } from './views/inspector.tsx'
import { LibraryView } from './views/library-view.tsx'
import { Rail } from './views/rail.tsx'
import { SharesView } from './views/shares-view.tsx'
import { Toasts } from './views/toasts.tsx'
import { TopBar } from './views/top-bar.tsx'
import { UploadTray } from './views/upload-tray.tsx'

const LIBRARY_TITLES = { all: 'All', video: 'Video', audio: 'Audio', missing: 'Missing' }
const SHARE_TITLES = {
  all: 'Shares',
  public: 'Public shares',
  private: 'Private shares',
  processing: 'Shares being prepared',
  failed: 'Failed shares',
}

/** The file manager. */
export function App() {
  const isSignedOut = useEngine((state) => state.connection === 'signed_out')
  return isSignedOut ? <SignedOut /> : <Manager />
}

function Manager() {
  useShortcuts()
  const place = useUi((state) => state.place)
  const isInspectorOpen = useUi((state) => state.isInspectorOpen)
  const isEmpty = useLibrary(({ total, view }) => total === 0 && view.search === '')
  const folder = useFolders(({ folders }) =>
    place.kind === 'folder' ? folders?.find((it) => it.id === place.id) : undefined,
  )
  const fileCount = useLibrary((state) => state.total)
  const shares = useShares((state) => state.byId)
  const title =
    place.kind === 'library'
      ? LIBRARY_TITLES[place.filter]
      : place.kind === 'shares'
        ? SHARE_TITLES[place.filter]
        : (folder?.name ?? 'Folder')
  const count = place.kind === 'shares' ? countShares(shares.values())[place.filter] : fileCount
  const isEmptyHere = place.kind === 'shares' ? shares.size === 0 : isEmpty
  const isPhone = usePhone()
  // A sheet covers the cards: it is there for the one that was chosen, and gone with the choice.
  const hasOne = useUi((state) => state.selection.ids.size === 1)
  const hasInspector = place.kind !== 'shares' && !isEmptyHere && (isPhone ? hasOne : isInspectorOpen)
  useEffect(() => {
    document.title = `${title} – Matinee`
  }, [title])

  return (
    <>
      <div className={hasInspector && !isPhone ? 'app' : 'app app--two'}>
        <Rail />
        <TopBar
          title={title}
          count={count === null ? '' : countText(count)}
          isEmpty={isEmptyHere}
          searchLabel={place.kind === 'shares' ? 'Search shares' : 'Search files'}
        />
        <main className="main">
          <ConnectionBanner />
          {place.kind === 'folder' && <FolderBar folderId={place.id} />}
          <div className="main__view">
            {place.kind === 'shares' ? (
              <SharesView filter={place.filter} label={title} />
            ) : (
              <LibraryView label={title} />
            )}
            <Toasts />
          </div>
          <ExportTray />
          <UploadTray />
        </main>
        {hasInspector && <Inspector isSheet={isPhone} />}
      </div>
      <DropOverlay />
      <Dialogs />
    </>
  )
}
