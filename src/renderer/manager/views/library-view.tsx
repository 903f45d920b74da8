import { useCallback, useState } from 'react'
import { cardGeometry } from '../grid/geometry.ts'
import { ranged } from '../grid/selection.ts'
import { VirtualGrid } from '../grid/virtual-grid.tsx'
import { useLibrary } from '../state/library.ts'
import { toast } from '../state/toasts.ts'
import { openDialog, playPreview, select, useUi } from '../state/ui.ts'
import { countText } from '../text.ts'
import { useNarrow } from '../use-narrow.ts'
import { useSync } from '../use-sync.ts'
import { BatchBar } from './batch-bar.tsx'
import { LibraryEmpty } from './library-empty.tsx'
import { FileCard, Skeleton } from './file-card.tsx'
import { FileMenu } from './file-menu.tsx'
import { LoadFailure } from './states.tsx'

const CAPTION = 46
const wideCards = (width: number) =>
  cardGeometry(width, { minWidth: 212, gapX: 16, gapY: 20, padding: 16, caption: CAPTION })
const narrowCards = (width: number) =>
  cardGeometry(width, { minWidth: 160, gapX: 12, gapY: 16, padding: 12, caption: CAPTION })

/** Most files that are selected at once: each of them may have to be asked for. */
const MOST_SELECTED = 2_000
/** Room for the bar of a multiple selection below the last row. */
const FOOT = 64

/** The grid of files. */
export function LibraryView({ label }: { label: string }) {
  const sync = useSync()
  const isNarrow = useNarrow()
  const total = useLibrary((state) => state.total)
  const ids = useLibrary((state) => state.ids)
  const failure = useLibrary((state) => state.failure)
  const view = useLibrary((state) => state.view)
  const selection = useUi((state) => state.selection)
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null)
  const onSight = useCallback((first: number, last: number) => sync.need(first, last), [sync])

  if (failure !== null && total === null) return <LoadFailure sentence={failure} onRetry={sync.retry} />
  if (total === null) return <Loading />
  if (total === 0) return <LibraryEmpty view={view} />

  const selectBetween = async (first: number, last: number, focusIndex: number): Promise<void> => {
    const range = await sync.idsBetween(Math.max(0, first), Math.min(last, first + MOST_SELECTED - 1))
    const focus = useLibrary.getState().ids[focusIndex] ?? range.at(-1)
    if (focus !== undefined) select((it) => ranged(it, range, focus))
    if (last - first >= MOST_SELECTED) toast(`The first ${countText(MOST_SELECTED)} files are selected.`)
  }
  const selectTo = (to: number): void => {
    const anchor = selection.anchor === null ? to : ids.indexOf(selection.anchor)
    const from = anchor < 0 ? to : anchor
    void selectBetween(Math.min(from, to), Math.max(from, to), to)
  }

  return (
    <>
      <VirtualGrid
        label={label}
        kind="cards"
        count={total}
        columnCount={1}
        geometryOf={isNarrow ? narrowCards : wideCards}
        idAt={(index) => ids[index]}
        indexOf={(id) => ids.indexOf(id)}
        selection={selection}
        render={(index) => <FileCard index={index} />}
        listKey={JSON.stringify(view)}
        foot={selection.ids.size > 1 ? FOOT : 0}
        onSight={onSight}
        onSelect={select}
        onRange={selectTo}
        onSelectAll={() => void selectBetween(0, total - 1, Math.max(0, ids.indexOf(selection.focus ?? '')))}
        onOpen={playPreview}
        onMenu={setMenuAt}
        onDelete={() => openDialog({ kind: 'forget-files', fileIds: [...selection.ids] })}
      />
      {selection.ids.size > 1 && <BatchBar fileIds={[...selection.ids]} />}
      {menuAt && <FileMenu fileIds={[...selection.ids]} at={menuAt} onClose={() => setMenuAt(null)} />}
    </>
  )
}

function Loading() {
  return (
    <div className="loading" aria-busy="true" aria-label="Loading the library" role="status">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="card">
          <Skeleton />
        </div>
      ))}
    </div>
  )
}
