import { useEffect, useRef, useState } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { tileAt, type Tile } from '../../player/storyboard.ts'
import { hasStoryboard, storyboardOf } from '../storyboards.ts'
import { TilePicture } from './tile-picture.tsx'

/** Small pictures of a film side by side, from its start to its end. Empty until they have been made. */
export function FilmStrip({ file, durationS }: { file: File; durationS: number }) {
  const strip = useRef<HTMLSpanElement>(null)
  const [tiles, setTiles] = useState<readonly Tile[]>([])
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (!hasStoryboard(file)) return undefined
    let isThere = true
    void storyboardOf(file).then((found) => {
      if (isThere) setTiles(found)
    })
    return () => {
      isThere = false
    }
  }, [file])
  useEffect(() => {
    const element = strip.current
    if (!element) return undefined
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const [first] = tiles
  const count = first ? Math.ceil(size.width / ((size.height * first.width) / first.height)) : 0
  return (
    <span ref={strip} className="film" aria-hidden>
      {Array.from({ length: count }, (_, at) => {
        const tile = tileAt(tiles, ((at + 0.5) / count) * durationS)
        return tile && <TilePicture key={at} {...{ tile, width: size.width / count, height: size.height }} />
      })}
    </span>
  )
}
