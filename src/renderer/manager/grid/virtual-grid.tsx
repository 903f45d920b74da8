import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { contentHeight, rowsOf, type Geometry } from './geometry.ts'
import type { Selection } from './selection.ts'
import { useGridInput, type GridCommands } from './use-grid-input.ts'
import { useSight } from './use-sight.ts'

type VirtualGridProps = GridCommands & {
  label: string
  /** `cards`: each item is a cell. `rows`: each item is a row, which brings its cells along. */
  kind: 'cards' | 'rows'
  count: number
  geometryOf: (width: number) => Geometry
  /** Undefined for an item that is still being read. */
  idAt: (index: number) => string | undefined
  indexOf: (id: string) => number
  selection: Selection
  render: (index: number) => ReactNode
  onSight: (first: number, last: number) => void
  /** Another value is another list: scrolled back to its top. */
  listKey: string
  /** Free space below the last item, for a bar that floats there. */
  foot: number
  columnCount: number
  /** A row of column headers that stays at the top. */
  header?: ReactNode
}

/**
 * A grid of any number of items, of which only those in sight are drawn. Focus roves: one item is in the tab order, and
 * it stays drawn when it is scrolled away. React Aria's collections are not used, since they build every item: 100 000
 * of them took 15 s.
 */
export function VirtualGrid(props: VirtualGridProps) {
  const { label, kind, count, idAt, indexOf, selection, render, foot, header, listKey } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { geometry, rows } = useSight({ ...props, scroller })
  const input = useGridInput({ ...props, scroller, geometry })

  const focusIndex = selection.focus === null ? -1 : indexOf(selection.focus)
  const tabIndex = focusIndex < 0 ? 0 : focusIndex
  useFollowFocus(scroller, focusIndex)

  const drawn: number[] = []
  for (let row = rows.first; row <= rows.last; row++) drawn.push(row)
  const focusRow = Math.floor(tabIndex / geometry.columns)
  if (rows.last >= rows.first && !drawn.includes(focusRow) && tabIndex < count) drawn.push(focusRow)

  const headerRows = header === undefined ? 0 : 1
  const rowProps = (row: number) => ({
    role: 'row',
    'aria-rowindex': row + 1 + headerRows,
    style: {
      transform: `translate(${geometry.padding}px, ${geometry.padding + row * geometry.rowPitch}px)`,
      height: geometry.itemHeight,
    },
  })
  const itemProps = (index: number) => ({
    'data-index': index,
    tabIndex: index === tabIndex ? 0 : -1,
    'aria-selected': selection.ids.has(idAt(index) ?? ''),
  })

  return (
    <div
      ref={scroller}
      className={`vgrid vgrid--${kind}`}
      role="grid"
      aria-label={label}
      aria-multiselectable
      aria-rowcount={rowsOf(geometry, count) + headerRows}
      aria-colcount={kind === 'cards' ? geometry.columns : props.columnCount}
      {...input}
    >
      {header}
      <div role="rowgroup" className="vgrid__all" style={{ height: contentHeight(geometry, count, foot) }}>
        {drawn.map((row) =>
          kind === 'rows' ? (
            <div
              key={idAt(row) ?? row}
              {...rowProps(row)}
              {...itemProps(row)}
              className="vgrid__row tr"
              data-list={listKey}
            >
              {render(row)}
            </div>
          ) : (
            <div key={row} {...rowProps(row)} className="vgrid__row">
              {cellsOf(row, geometry.columns, count).map((index, column) => (
                <div
                  key={idAt(index) ?? index}
                  role="gridcell"
                  aria-colindex={column + 1}
                  {...itemProps(index)}
                  className="vgrid__cell card"
                  style={{ width: geometry.itemWidth, left: column * geometry.columnPitch }}
                >
                  {render(index)}
                </div>
              ))}
            </div>
          ),
        )}
      </div>
    </div>
  )
}

function cellsOf(row: number, columns: number, count: number): number[] {
  const start = row * columns
  return Array.from({ length: Math.max(0, Math.min(columns, count - start)) }, (_, at) => start + at)
}

/**
 * Takes the browser's focus along with ours, while it is inside the grid. A list that changes may draw the focused
 * item anew in another row; its focus is given back then.
 */
function useFollowFocus(scroller: { current: HTMLElement | null }, focusIndex: number): void {
  const isInside = useRef(false)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const note = (): void => {
      isInside.current = true
    }
    const forget = (event: FocusEvent): void => {
      // Without a related target the element was taken away, or the window lost its focus: we still are where we were.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget))
        isInside.current = false
    }
    const leave = (event: PointerEvent): void => {
      if (event.target instanceof Node && !element.contains(event.target)) isInside.current = false
    }
    element.addEventListener('focusin', note)
    element.addEventListener('focusout', forget)
    document.addEventListener('pointerdown', leave)
    return () => {
      element.removeEventListener('focusin', note)
      element.removeEventListener('focusout', forget)
      document.removeEventListener('pointerdown', leave)
    }
  }, [scroller])
  /** Where the focus was last: when its item is gone, what has moved up to there takes it. */
  const last = useRef(0)
  useLayoutEffect(() => {
    if (focusIndex >= 0) last.current = focusIndex
    const element = scroller.current
    const active = document.activeElement
    if (!element || !isInside.current) return
    if (active !== document.body && (focusIndex < 0 || !element.contains(active))) return
    const items = [...element.querySelectorAll<HTMLElement>('[data-index]')]
    const item =
      items.find((it) => Number(it.dataset['index']) === last.current) ?? items.toSorted(byIndex).at(-1)
    if (item && !item.contains(active)) item.focus({ preventScroll: true })
  })
}

const byIndex = (a: HTMLElement, b: HTMLElement): number =>
  Number(a.dataset['index']) - Number(b.dataset['index'])
