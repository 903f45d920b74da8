import { Copy, Trash2, X } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { copyLinks } from '../actions/links.ts'
import { deleteShares } from '../actions/shares.ts'
import { rowGeometry } from '../grid/geometry.ts'
import { cleared, ranged } from '../grid/selection.ts'
import { VirtualGrid } from '../grid/virtual-grid.tsx'
import { copyLabel } from '../share-text.ts'
import { sharesToShow, useShares, type ShareFilter } from '../state/shares.ts'
import { openDialog, select, useUi } from '../state/ui.ts'
import { countText } from '../text.ts'
import { useSync } from '../use-sync.ts'
import { ShareMenu } from './share-menu.tsx'
import { ShareRow } from './share-row.tsx'
import { LoadFailure } from './states.tsx'
import { SharesEmpty } from './shares-empty.tsx'

const rows = (width: number) => rowGeometry(width, { height: 64, gap: 1, padding: 4 })
const FOOT = 64

/** The list of shares. */
export function SharesView({ filter, label }: { filter: ShareFilter; label: string }) {
  const sync = useSync()
  const byId = useShares((state) => state.byId)
  const isComplete = useShares((state) => state.isComplete)
  const failure = useShares((state) => state.failure)
  const search = useUi((state) => state.search)
  const order = useUi((state) => state.order)
  const selection = useUi((state) => state.selection)
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null)
  const shares = useMemo(
    () => sharesToShow(byId.values(), { filter, search, order }),
    [byId, filter, search, order],
  )
  const onSight = useCallback(
    (first: number, last: number) =>
      sync.needFiles([...new Set(shares.slice(first, last + 1).map((share) => share.file_id))]),
    [sync, shares],
  )

  if (!isComplete && failure !== null) return <LoadFailure sentence={failure} onRetry={sync.retry} />
  if (!isComplete) return <Loading />
  if (shares.length === 0) return <SharesEmpty filter={filter} search={search} hasAny={byId.size > 0} />

  const indexOf = (id: string): number => shares.findIndex((share) => share.id === id)
  const selectBetween = (from: number, to: number): void => {
    const range = shares.slice(Math.min(from, to), Math.max(from, to) + 1).map((share) => share.id)
    const focus = shares[to]?.id
    if (focus !== undefined) select((it) => ranged(it, range, focus))
  }
  const selected = shares.filter((share) => selection.ids.has(share.id))
  const remove = (): void => void deleteShares(selected.map((share) => share.id))

  return (
    <>
      <VirtualGrid
        label={label}
        kind="rows"
        count={shares.length}
        columnCount={6}
        geometryOf={rows}
        idAt={(index) => shares[index]?.id}
        indexOf={indexOf}
        selection={selection}
        header={<Header />}
        render={(index) => {
          const share = shares[index]
          return share && <ShareRow share={share} isFocusable={selection.focus === share.id} />
        }}
        listKey={`${filter} ${search} ${order}`}
        foot={selected.length > 1 ? FOOT : 0}
        onSight={onSight}
        onSelect={select}
        onRange={(to) => {
          const anchor = selection.anchor === null ? -1 : indexOf(selection.anchor)
          selectBetween(anchor < 0 ? to : anchor, to)
        }}
        onSelectAll={() => selectBetween(0, shares.length - 1)}
        onOpen={(id) => openDialog({ kind: 'share-link', shareId: id, why: 'shown' })}
        onMenu={setMenuAt}
        onDelete={remove}
      />
      {selected.length > 1 && (
        <div className="batch" role="toolbar" aria-label="Selected shares">
          <span className="batch__sum num">
            <b>{countText(selected.length)} selected</b>
          </span>
          <Button look="quiet" icon={Copy} onPress={() => void copyLinks(selected)}>
            {copyLabel(selected)}
          </Button>
          <Button look="danger" icon={Trash2} onPress={remove}>
            Delete
          </Button>
          <span className="batch__rule" />
          <IconButton label="Clear selection" keys="Esc" icon={X} onPress={() => select(cleared)} />
        </div>
      )}
      {menuAt && <ShareMenu shares={selected} at={menuAt} onClose={() => setMenuAt(null)} />}
    </>
  )
}

function Header() {
  return (
    <div className="tr tr--head" role="row" aria-rowindex={1}>
      <span role="columnheader">Title</span>
      <span role="columnheader">Who</span>
      <span role="columnheader">State</span>
      <span role="columnheader" className="right">
        Views
      </span>
      <span role="columnheader">Created</span>
      <span role="columnheader">
        <span className="vh">Actions</span>
      </span>
    </div>
  )
}

function Loading() {
  return (
    <div className="loading-rows" role="status" aria-busy="true" aria-label="Loading the shares">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="tr tr--loading">
          <span className="thumb skeleton" />
          <span className="skeleton card__line" />
        </div>
      ))}
    </div>
  )
}
