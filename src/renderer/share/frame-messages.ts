import type { Player } from '../player/player.ts'

/** What a page that embeds the player may tell it: `{type: 'matinee', action: 'seek', time: 83}`. */
export type FrameAction = { action: 'play' } | { action: 'pause' } | { action: 'seek'; time: number }

/** Reads a message of an embedding page; null for anything that is not meant for us. */
export function frameAction(data: unknown): FrameAction | null {
  if (typeof data !== 'object' || data === null) return null
  const { type, action, time } = data as Record<string, unknown>
  if (type !== 'matinee') return null
  if (action === 'play' || action === 'pause') return { action }
  if (action === 'seek' && typeof time === 'number' && Number.isFinite(time)) return { action, time }
  return null
}

/** Told to the embedding page, each as `{type: 'matinee', event, time, duration}`; times in seconds. */
const EVENTS: readonly string[] = [
  'play',
  'pause',
  'ended',
  'timeupdate',
  'seeked',
  'volumechange',
  'ratechange',
]

/**
 * Lets an embedding page play, pause and seek, and tells it what happens. Any page may: only public shares can be
 * framed, and what is told is what a viewer sees.
 */
export function listenToFrame(player: Player): void {
  if (window.parent === window) return
  const { media } = player
  const tell = (event: string): void => {
    const duration = Number.isFinite(media.duration) ? media.duration : null
    window.parent.postMessage({ type: 'matinee', event, time: media.currentTime, duration }, '*')
  }
  for (const it of EVENTS) media.addEventListener(it, () => tell(it))
  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent) return
    const asked = frameAction(data)
    if (asked?.action === 'play') void player.play().catch(() => undefined)
    else if (asked?.action === 'pause') player.pause()
    else if (asked?.action === 'seek') player.seek(asked.time)
  })
  tell('ready')
}
