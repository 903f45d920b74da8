import type { OpenPreview } from '../state/preview.ts'
import type { Stretch } from './marks.ts'

/** A clock this far outside of the part was moved by somebody: the part is not what they want to see any more. */
const AWAY_S = 1

let stopLast = (): void => undefined

/**
 * Plays a part of what a player has open, and stops on its last picture. Whoever pauses or seeks away has the player
 * for themselves again; a second call takes the place of the first.
 */
export async function playStretch(preview: OpenPreview, { startS, endS }: Stretch): Promise<void> {
  stopLast()
  const { media, frames } = preview
  const ends = new AbortController()
  const { signal } = ends
  stopLast = () => ends.abort()

  preview.show(startS)
  await preview.play()
  media.addEventListener('pause', stopLast, { signal })
  const watch = (): void => {
    if (signal.aborted || !media.isConnected) return
    const atS = media.currentTime
    if (!media.seeking && (atS < startS - AWAY_S || atS > endS + AWAY_S)) {
      ends.abort()
      return
    }
    if (!media.seeking && atS >= endS - frames.frameS / 2) {
      ends.abort()
      media.pause()
      preview.show(Math.max(startS, endS - frames.frameS))
      return
    }
    requestAnimationFrame(watch)
  }
  watch()
}
