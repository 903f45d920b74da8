import { rounded, withEnd, withStart, type Stretch } from '../clip/marks.ts'
import { playStretch } from '../clip/play-stretch.ts'
import { useLibrary } from '../state/library.ts'
import { mark } from '../state/marks.ts'
import { usePreview } from '../state/preview.ts'
import { playPreview } from '../state/ui.ts'

const durationOf = (fileId: string): number | null =>
  useLibrary.getState().files.get(fileId)?.media_info.duration_seconds ?? null

/** Marks the picture that is shown as the first or the last of a part. Without an open player, opens one. */
export function markHere(fileId: string, which: 'start' | 'end'): void {
  const { preview } = usePreview.getState()
  if (preview?.fileId !== fileId) {
    playPreview(fileId)
    return
  }
  const { frames } = preview
  const shownS = frames.shownS()
  if (which === 'start') {
    mark(fileId, (marks) => withStart(marks, rounded(shownS)))
    return
  }
  // What is seen is the last picture of the part, so that it ends where the next one begins.
  const durationS = durationOf(fileId) ?? Infinity
  const endS = shownS + frames.frameS
  mark(fileId, (marks) => withEnd(marks, rounded(endS > durationS - frames.frameS / 2 ? durationS : endS)))
}

/** Shows a picture some pictures on or back, and stands there. */
export function stepFrames(count: number): void {
  const { preview } = usePreview.getState()
  if (!preview) return
  const { media, frames } = preview
  media.pause()
  preview.show(frames.shownS() + count * frames.frameS)
}

/** Goes on or back by seconds, and stands there. */
export function stepSeconds(seconds: number): void {
  const { preview } = usePreview.getState()
  if (!preview) return
  preview.media.pause()
  preview.show(preview.frames.shownS() + seconds)
}

/** Shows the first or the last picture of a part. */
export function showEdge(fileId: string, which: 'start' | 'end', seconds: number): void {
  const { preview } = usePreview.getState()
  if (preview?.fileId !== fileId) return
  const { media, frames } = preview
  media.pause()
  preview.show(which === 'start' ? seconds : seconds - frames.frameS)
}

/** Plays a part of a file in the inspector, and nothing behind it. */
export function playPart(fileId: string, stretch: Stretch): void {
  const { preview } = usePreview.getState()
  if (preview?.fileId === fileId) {
    void playStretch(preview, stretch)
    return
  }
  usePreview.setState({ wanted: { fileId, stretch } })
  playPreview(fileId)
}
