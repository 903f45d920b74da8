import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { timeInWords } from '../../../shared/media-text.ts'
import { showEdge } from '../actions/clip.ts'
import { rounded, withEnd, withStart, type Marks } from '../clip/marks.ts'
import { timeCode } from '../clip/times.ts'
import { mark } from '../state/marks.ts'
import { usePreview } from '../state/preview.ts'
import { useSegments } from '../state/segments.ts'
import { FilmStrip } from './film-strip.tsx'

type Edge = 'start' | 'end'

type ClipStripProps = { file: File; durationS: number; marks: Marks }

/** The whole file as a strip: where it plays, what is marked, with an end to drag on each side, and its segments. */
export function ClipStrip({ file, durationS, marks }: ClipStripProps) {
  const { startS, endS } = { startS: marks.startS ?? 0, endS: marks.endS ?? durationS }
  const frameS = 1 / (file.frame_rate ?? 10)
  const isMarked = marks.startS !== null || marks.endS !== null
  const percent = (seconds: number): string => `${((100 * seconds) / durationS).toFixed(3)}%`

  /** Moves an end, at least one picture away from the other. */
  const move = (edge: Edge, seconds: number): void => {
    const wishedS = edge === 'start' ? Math.min(seconds, endS - frameS) : Math.max(seconds, startS + frameS)
    const toS = rounded(Math.min(Math.max(0, wishedS), durationS))
    mark(file.id, (it) => (edge === 'start' ? withStart(it, toS) : withEnd(it, toS)))
    showEdge(file.id, edge, toS)
  }
  const end = (edge: Edge, atS: number) => (
    <StripEnd {...{ edge, atS, frameS, durationS, left: percent(atS) }} onMove={(to) => move(edge, to)} />
  )

  return (
    <div
      className="strip"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        usePreview.getState().preview?.seek(durationS * partAt(event.currentTarget, event.clientX))
      }}
    >
      <FilmStrip file={file} durationS={durationS} />
      <Segments fileId={file.id} percent={percent} />
      <span
        className="strip__part"
        data-marked={isMarked}
        style={{ left: percent(startS), right: percent(durationS - endS) }}
      />
      <i className="strip__rest" style={{ right: percent(durationS - startS) }} />
      <i className="strip__rest strip__rest--end" style={{ left: percent(endS) }} />
      {end('start', startS)}
      {end('end', endS)}
      <Playhead fileId={file.id} durationS={durationS} />
    </div>
  )
}

/** How far along an element a point of the window is, 0..1. */
function partAt(element: Element, clientX: number): number {
  const { left, width } = element.getBoundingClientRect()
  return width > 0 ? Math.min(1, Math.max(0, (clientX - left) / width)) : 0
}

type StripEndProps = {
  edge: Edge
  atS: number
  frameS: number
  durationS: number
  left: string
  /** Hears the second that is asked for. */
  onMove: (seconds: number) => void
}

function StripEnd({ edge, atS, frameS, durationS, left, onMove }: StripEndProps) {
  return (
    <span
      className={`strip__end strip__end--${edge}`}
      style={{ left }}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'start' ? 'In' : 'Out'}
      aria-valuemin={0}
      aria-valuemax={rounded(durationS)}
      aria-valuenow={rounded(atS)}
      aria-valuetext={timeInWords(atS)}
      title={timeCode(atS)}
      onKeyDown={(event) => {
        const to = keyTarget(event, atS, { frameS, durationS })
        if (to === null) return
        event.preventDefault()
        onMove(to)
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={({ currentTarget, pointerId, clientX }) => {
        if (!currentTarget.hasPointerCapture(pointerId) || !currentTarget.parentElement) return
        onMove(durationS * partAt(currentTarget.parentElement, clientX))
      }}
    />
  )
}

/** Where a key takes an end; null for a key that does not move it. */
function keyTarget(
  { key, shiftKey }: KeyboardEvent,
  atS: number,
  { frameS, durationS }: { frameS: number; durationS: number },
): number | null {
  const stepS = shiftKey ? 1 : frameS
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return atS - stepS
    case 'ArrowRight':
    case 'ArrowUp':
      return atS + stepS
    case 'PageDown':
      return atS - 10
    case 'PageUp':
      return atS + 10
    case 'Home':
      return 0
    case 'End':
      return durationS
    default:
      return null
  }
}

function Segments({ fileId, percent }: { fileId: string; percent: (seconds: number) => string }) {
  const segments = useSegments((state) => (state.fileId === fileId ? state.segments : null))
  return segments?.map((it) => (
    <i
      key={it.id}
      className="strip__segment"
      style={{ left: percent(it.start_time), width: percent(it.end_time - it.start_time) }}
    />
  ))
}

/** Where the player is; moved without drawing the rest anew. */
function Playhead({ fileId, durationS }: { fileId: string; durationS: number }) {
  const line = useRef<HTMLSpanElement>(null)
  const preview = usePreview((state) => (state.preview?.fileId === fileId ? state.preview : null))
  useEffect(() => {
    if (!preview) return undefined
    let frame = 0
    const draw = (): void => {
      const part = Math.min(1, preview.media.currentTime / durationS)
      if (line.current) line.current.style.left = `${(part * 100).toFixed(3)}%`
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [preview, durationS])
  return preview && <span ref={line} className="strip__now" aria-hidden />
}
