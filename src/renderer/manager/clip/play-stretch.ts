import type { OpenPreview } from '../state/preview.ts'
import type { Stretch } from './marks.ts'

/** Who seeks this far outside of the part does not want to see it any more. */
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
  const stop = (): void => ends.abort()
  stopLast = stop
  const overS = endS - frames.frameS / 2
  // A seek that was under way before comes first.
  let hasBegun = false

  // Only a seek tells that somebody went away: a busy machine looks late, when the clock may be far behind the end.
  const follow = (): void => {
    const atS = media.currentTime
    if (Math.abs(atS - startS) <= frames.frameS) hasBegun = true
    else if (hasBegun && (atS < startS - AWAY_S || atS > endS + AWAY_S)) stop()
  }
  const look = (): void => {
    if (media.seeking) return
    const atS = media.currentTime
    hasBegun ||= atS >= startS - AWAY_S && atS < overS
    if (!hasBegun || atS < overS) return
    stop()
    media.pause()
    preview.show(Math.max(startS, endS - frames.frameS))
  }
  const watch = (): void => {
    if (signal.aborted || !media.isConnected) return
    look()
    requestAnimationFrame(watch)
  }

  media.addEventListener('seeking', follow, { signal })
  preview.show(startS)
  await preview.play()
  media.addEventListener('pause', stop, { signal })
  // A page that nobody sees is drawn no frames.
  media.addEventListener('timeupdate', look, { signal })
  watch()
}
