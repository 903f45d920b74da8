import type { Moment } from '../../shared/link-times.ts'
import { clockText } from '../../shared/media-text.ts'
import { el, icon } from '../player/dom.ts'
import type { Player } from '../player/player.ts'

/** The moment of a link, and where its viewer is. */
export interface MomentView {
  readonly moment: Moment
  /** False once the viewer has gone elsewhere. */
  isAt(): boolean
}

/** Seeks land on a frame, not on a time: this near counts as there, in seconds. */
const NEAR_S = 0.25

/**
 * Plays a moment: stops at its end once, and offers to come back when the viewer has gone elsewhere. It never forces:
 * playing on goes on, and any other place can be watched.
 */
export function playMoment(player: Player, moment: Moment): MomentView {
  const { media } = player
  const { startS, endS } = moment
  const back = el(
    'button',
    { type: 'button', class: 'moment', hidden: true },
    icon('rotate-ccw'),
    el('span', {}, `Back to moment ${clockText(startS)}–${clockText(endS)}`),
  )
  player.element.append(back)

  /** True until the moment has been played to its end, or left. */
  let stops = true
  let left = false
  const show = (): void => void back.toggleAttribute('hidden', stops)

  const leave = (): void => {
    stops = false
    show()
  }
  const look = (): void => {
    const atS = media.currentTime
    left = atS < startS - NEAR_S || atS > endS + NEAR_S
    if (!stops || media.seeking || atS < endS) return
    leave()
    player.pause()
    player.seek(endS)
  }
  // Between two `timeupdate`s lies a quarter of a second: the end would be heard.
  const follow = (): void => {
    look()
    if (stops && !media.paused) requestAnimationFrame(follow)
  }
  media.addEventListener('playing', () => requestAnimationFrame(follow))
  media.addEventListener('timeupdate', look)
  media.addEventListener('seeking', () => {
    // The first seek is the one to the beginning of the moment.
    const atS = media.currentTime
    if (stops && (atS < startS - NEAR_S || atS >= endS)) leave()
  })
  back.addEventListener('click', () => {
    stops = true
    left = false
    show()
    player.seek(startS)
    void player.play().catch(() => undefined)
  })
  return { moment, isAt: () => !left }
}
