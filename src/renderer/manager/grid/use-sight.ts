import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { rowsInSight, type Geometry } from './geometry.ts'

/** What of a scrolling grid can be seen. */
export type Sight = {
  geometry: Geometry
  /** Rows to draw, both ends included; empty (last < first) before the size is known. */
  rows: { first: number; last: number }
}

type SightOptions = {
  scroller: RefObject<HTMLElement | null>
  /** Must be the same function from one drawing to the next. */
  geometryOf: (width: number) => Geometry
  count: number
  /** Another value scrolls back to the top. */
  listKey: string
  onSight: (first: number, last: number) => void
}

/** Rows that are drawn beyond the edge, so that quick scrolling seldom shows nothing. */
const OVERSCAN = 3

/** More of a scroll bar's width than this would not fit into the free space, in CSS pixels. */
const MOST_STRIP = 10

/** Follows size and scrolling of the grid, and tells which items are in sight. */
export function useSight({ scroller, geometryOf, count, listKey, onSight }: SightOptions): Sight {
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [top, setTop] = useState(0)
  const geometry = geometryOf(size.width)
  const { columns, rowPitch } = geometry
  const rows =
    size.height === 0
      ? { first: 0, last: -1 }
      : rowsInSight(geometry, count, { top, height: size.height, overscan: OVERSCAN })
  /** The first item in sight, which stays there when the columns change. */
  const firstItem = useRef(0)

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const measure = (): void => {
      // The strip of the scroll bar counts as free space at the edge, or that would be wider on one side.
      const strip = Math.min(element.offsetWidth - element.clientWidth, MOST_STRIP)
      setSize({ width: element.clientWidth + strip, height: element.clientHeight })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    const follow = (): void => {
      // Whole pitches: nothing else is drawn differently.
      setTop(Math.floor(element.scrollTop / 16) * 16)
    }
    element.addEventListener('scroll', follow, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', follow)
    }
  }, [scroller])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element && firstItem.current > 0) {
      element.scrollTo(0, Math.floor(firstItem.current / columns) * rowPitch)
    }
  }, [scroller, columns, rowPitch])

  useLayoutEffect(() => {
    scroller.current?.scrollTo(0, 0)
    firstItem.current = 0
  }, [scroller, listKey])

  const firstRowInSight = Math.max(0, Math.floor(top / rowPitch))
  useEffect(() => {
    firstItem.current = firstRowInSight * columns
  }, [firstRowInSight, columns])

  const first = rows.first * columns
  const last = (rows.last + 1) * columns - 1
  useEffect(() => {
    if (last >= first) onSight(first, last)
  }, [first, last, listKey, onSight])

  return { geometry, rows }
}
