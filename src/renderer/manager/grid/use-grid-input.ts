import { useEffect, useRef, type KeyboardEvent, type MouseEvent, type RefObject } from 'react'
import { isMoveKey, moved, scrollTopFor, type Geometry, type MoveKey } from './geometry.ts'
import { cleared, focused, only, toggled, type Selection } from './selection.ts'

/** What a grid can be asked to do. */
export type GridCommands = {
  onSelect: (next: (selection: Selection) => Selection) => void
  /** Selects from the anchor to an item. */
  onRange: (toIndex: number) => void
  onSelectAll: () => void
  /** Enter or double click. */
  onOpen: (id: string) => void
  /** The context menu of what is selected, at a point of the window. */
  onMenu: (at: { x: number; y: number }) => void
  onDelete: () => void
}

type InputOptions = GridCommands & {
  scroller: RefObject<HTMLElement | null>
  geometry: Geometry
  count: number
  idAt: (index: number) => string | undefined
  indexOf: (id: string) => number
  selection: Selection
}

/** The element of an item. */
const itemOf = (target: EventTarget): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null

const indexOfItem = (item: HTMLElement | null): number => (item ? Number(item.dataset['index']) : -1)

/** Keyboard and mouse of a grid, as in the file manager of a system. */
export function useGridInput(options: InputOptions) {
  const { scroller, geometry, count, idAt, indexOf, selection } = options
  const { onSelect, onRange, onSelectAll, onOpen, onMenu, onDelete } = options
  /** The keyboard has gone to an item that is still being read. */
  const awaited = useRef<number | null>(null)

  useEffect(() => {
    const index = awaited.current
    const id = index === null ? undefined : idAt(index)
    if (id === undefined) return
    awaited.current = null
    onSelect(() => only(id))
  })

  const move = (key: MoveKey, event: KeyboardEvent): void => {
    const element = scroller.current
    if (!element) return
    const known = selection.focus === null ? -1 : indexOf(selection.focus)
    // Nothing is focused but by the Tab key: on from where that has led.
    const from = awaited.current ?? (known >= 0 ? known : indexOfItem(itemOf(event.target)))
    const pageRows = Math.max(1, Math.floor(element.clientHeight / geometry.rowPitch) - 1)
    const to = moved(key, from, { count, columns: geometry.columns, pageRows })
    const id = idAt(to)
    element.scrollTo(0, scrollTopFor(geometry, to, { top: element.scrollTop, height: element.clientHeight }))
    awaited.current = null
    if (event.shiftKey) onRange(to)
    else if (id === undefined) awaited.current = to
    else if (event.ctrlKey || event.metaKey) onSelect((it) => focused(it, id))
    else onSelect(() => only(id))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const item = itemOf(event.target)
    if (event.defaultPrevented || event.altKey) return
    if (isMoveKey(event.key)) {
      event.preventDefault()
      move(event.key, event)
      return
    }
    // Buttons inside an item have keys of their own.
    if (item !== event.target) return
    const id = idAt(indexOfItem(item))
    const command = event.ctrlKey || event.metaKey
    if (event.key === ' ' && id !== undefined) onSelect((it) => toggled(it, id))
    else if (event.key === 'Enter' && id !== undefined) {
      if (!selection.ids.has(id)) onSelect(() => only(id))
      onOpen(id)
    } else if (command && event.key.toLowerCase() === 'a') onSelectAll()
    else if (event.key === 'Escape' && selection.ids.size > 0) onSelect(cleared)
    else if ((event.key === 'Delete' || event.key === 'Backspace') && selection.ids.size > 0) onDelete()
    else return
    event.preventDefault()
  }

  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target as Element
    const item = itemOf(target)
    if (target.closest('button, a')) return
    const index = indexOfItem(item)
    const id = idAt(index)
    if (!item) onSelect(cleared)
    else if (event.shiftKey) onRange(index)
    else if (id === undefined) return
    else if (event.ctrlKey || event.metaKey || target.closest('[data-check]'))
      onSelect((it) => toggled(it, id))
    else onSelect(() => only(id))
  }

  const onDoubleClick = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target as Element
    const id = idAt(indexOfItem(itemOf(target)))
    if (id !== undefined && !target.closest('button, a, [data-check]')) onOpen(id)
  }

  const onContextMenu = (event: MouseEvent<HTMLElement>): void => {
    const item = itemOf(event.target)
    const id = idAt(indexOfItem(item))
    if (!item || id === undefined) return
    event.preventDefault()
    if (!selection.ids.has(id)) onSelect(() => only(id))
    // The menu key tells no point.
    const isByKey = event.clientX <= 0 && event.clientY <= 0
    const box = item.getBoundingClientRect()
    onMenu(isByKey ? { x: box.left + 16, y: box.top + 32 } : { x: event.clientX, y: event.clientY })
  }

  return { onKeyDown, onClick, onDoubleClick, onContextMenu }
}
