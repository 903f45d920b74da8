import { useRef, useState, type PointerEvent } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { clockText } from '../../../shared/media-text.ts'
import { tileAt, type Tile } from '../../player/storyboard.ts'
import { storyboardOf } from '../storyboards.ts'
import { TilePicture } from './tile-picture.tsx'

type Shown = { tile: Tile; part: number; width: number; height: number }

/** A pointer that only passes over a card wants nothing of it, in ms. */
const REST_MS = 300

/** Over the picture of a film: where the mouse moves across it shows what is there in the film. */
export function CardScrub({ file, durationS }: { file: File; durationS: number }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const tiles = useRef<readonly Tile[]>([])
  const cameMs = useRef(Infinity)
  const move = (event: PointerEvent<HTMLElement>): void => {
    if (event.pointerType !== 'mouse' || event.timeStamp - cameMs.current < REST_MS) return
    if (tiles.current.length === 0) {
      void storyboardOf(file).then((found) => (tiles.current = found))
      return
    }
    const { left, width, height } = event.currentTarget.getBoundingClientRect()
    const part = Math.min(1, Math.max(0, (event.clientX - left) / width))
    const tile = tileAt(tiles.current, part * durationS)
    if (tile) setShown({ tile, part, width, height })
  }
  return (
    <span
      className="scrub"
      aria-hidden
      onPointerEnter={({ timeStamp }) => (cameMs.current = timeStamp)}
      onPointerMove={move}
      onPointerLeave={() => setShown(null)}
    >
      {shown && (
        <>
          <TilePicture {...shown} />
          <i className="scrub__line" style={{ left: shown.part * shown.width }} />
          <span className="badge badge--media scrub__time num">{clockText(shown.part * durationS)}</span>
        </>
      )}
    </span>
  )
}
