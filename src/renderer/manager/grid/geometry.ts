/** Where the items of a grid lie, in CSS pixels. */
export type Geometry = {
  columns: number
  itemWidth: number
  itemHeight: number
  /** From the top of one row to the top of the next. */
  rowPitch: number
  columnPitch: number
  /** Free space around all items. */
  padding: number
}

/** Cards of a picture with a caption below: as many columns as fit, each at least `minWidth` wide. */
export function cardGeometry(
  width: number,
  card: { minWidth: number; gapX: number; gapY: number; padding: number; caption: number },
): Geometry {
  const { minWidth, gapX, gapY, padding, caption } = card
  const room = Math.max(minWidth, width - 2 * padding)
  const columns = Math.max(1, Math.floor((room + gapX) / (minWidth + gapX)))
  const itemWidth = (room - (columns - 1) * gapX) / columns
  const itemHeight = Math.round((itemWidth * 9) / 16) + caption
  return {
    columns,
    itemWidth,
    itemHeight,
    rowPitch: itemHeight + gapY,
    columnPitch: itemWidth + gapX,
    padding,
  }
}

/** Rows over the whole width. */
export const rowGeometry = (
  width: number,
  row: { height: number; gap: number; padding: number },
): Geometry => ({
  columns: 1,
  itemWidth: Math.max(0, width - 2 * row.padding),
  itemHeight: row.height,
  rowPitch: row.height + row.gap,
  columnPitch: width,
  padding: row.padding,
})

/** Rows that `count` items take. */
export const rowsOf = ({ columns }: Geometry, count: number): number => Math.ceil(count / columns)

/** Height of everything, `foot` pixels of free space at the end included. */
export function contentHeight(geometry: Geometry, count: number, foot = 0): number {
  const rows = rowsOf(geometry, count)
  const { rowPitch, itemHeight, padding } = geometry
  return rows === 0 ? 0 : (rows - 1) * rowPitch + itemHeight + 2 * padding + foot
}

/** The rows that can be seen, and `overscan` more on either side. Empty (last < first) without items. */
export function rowsInSight(
  geometry: Geometry,
  count: number,
  window: { top: number; height: number; overscan: number },
): { first: number; last: number } {
  const { rowPitch, padding } = geometry
  const rows = rowsOf(geometry, count)
  const first = Math.floor((window.top - padding) / rowPitch) - window.overscan
  const last = Math.floor((window.top + window.height - padding) / rowPitch) + window.overscan
  return { first: Math.max(0, Math.min(first, rows - 1)), last: Math.min(rows - 1, Math.max(0, last)) }
}

/** Where to scroll so that the row of an item is in sight whole; `top` itself when it is already. */
export function scrollTopFor(
  { columns, rowPitch, itemHeight, padding }: Geometry,
  index: number,
  window: { top: number; height: number },
): number {
  const start = padding + Math.floor(index / columns) * rowPitch
  if (start - padding < window.top) return Math.max(0, start - padding)
  const least = start + itemHeight + padding - window.height
  return Math.max(window.top, least)
}

/** Keys that move through a grid. */
export type MoveKey =
  'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End' | 'PageUp' | 'PageDown'

const MOVES: readonly string[] = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'PageUp',
  'PageDown',
]

/** True for keys that move through a grid. */
export const isMoveKey = (key: string): key is MoveKey => MOVES.includes(key)

/** The item that a key leads to from `index`; `index` itself at an edge. From nowhere (-1) any key leads to the first. */
export function moved(
  key: MoveKey,
  index: number,
  { count, columns, pageRows }: { count: number; columns: number; pageRows: number },
): number {
  if (count === 0) return -1
  if (index < 0) return 0
  const last = count - 1
  /** Down a column; from the last full row to the last item where the column ends earlier. */
  const down = (rows: number): number => {
    const to = index + rows * columns
    if (to <= last) return to
    const isInLastRow = Math.floor(index / columns) === Math.floor(last / columns)
    if (isInLastRow) return index
    const column = index % columns
    const lastRowStart = Math.floor(last / columns) * columns
    return Math.min(last, lastRowStart + column)
  }
  const up = (rows: number): number => {
    const to = index - rows * columns
    return to >= 0 ? to : index % columns
  }
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1)
    case 'ArrowRight':
      return Math.min(last, index + 1)
    case 'ArrowUp':
      return up(1)
    case 'ArrowDown':
      return down(1)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'PageUp':
      return up(pageRows)
    case 'PageDown':
      return down(pageRows)
  }
}
