import type { Player } from '../player/player.ts'

/**
 * Version of the messages, in each that is sent. One without a version is read as of this one; one of another version
 * is not read, since nobody knows yet what it will mean.
 */
const VERSION = 1

/** What a page that embeds the player may tell it: `{type: 'matinee', version: 1, action: 'seek', time: 83}`. */
export type FrameAction = { action: 'play' } | { action: 'pause' } | { action: 'seek'; time: number }

/** Reads a message of an embedding page; null for anything that is not meant for us. */
export function frameAction(data: unknown): FrameAction | null {
  if (typeof data !== 'object' || data === null) return null
  const { type, version = VERSION, action, time } = data as Record<string, unknown>
  if (type !== 'matinee' || version !== VERSION) return null
  if (action === 'play' || action === 'pause') return { action }
  if (action === 'seek' && typeof time === 'number' && Number.isFinite(time)) return { action, time }
  return null
}

/** Told to the embedding page, each as `{type: 'matinee', version: 1, event, time, duration}`; times in seconds. */
const EVENTS: readonly string[] = [
  'play',
  'pause',
  'ended',
  'timeupdate',
  'seeked',
  'volumechange',
  'ratechange',
]

/** Whether pages of `origin` may talk to the player: those of the owner's list, any where there is none. */
export const mayTalk = (origin: string, sites: readonly string[] | undefined): boolean =>
  sites === undefined || sites.includes(origin)

/**
 * Lets an embedding page play, pause and seek, and tells it what happens; nothing else can be asked for. `sites` are the
 * origins that may, any when absent: only public shares can be framed, and what is told is what a viewer sees. The
 * policy of the page keeps others from framing it at all; the list counts here too, for browsers that know no policy.
 */
export function listenToFrame(player: Player, sites: readonly string[] | undefined): void {
  if (window.parent === window) return
  // Where the browser tells who frames us (not in older Firefoxes), nobody else gets a message.
  const embedder = 'ancestorOrigins' in location ? location.ancestorOrigins[0] : undefined
  if (embedder !== undefined && !mayTalk(embedder, sites)) return
  const { media } = player
  const tell = (event: string): void => {
    const duration = Number.isFinite(media.duration) ? media.duration : null
    const message = { type: 'matinee', version: VERSION, event, time: media.currentTime, duration }
    // A sandboxed frame's page has the origin `null`, which is no target.
    window.parent.postMessage(message, embedder === undefined || embedder === 'null' ? '*' : embedder)
  }
  for (const it of EVENTS) media.addEventListener(it, () => tell(it))
  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent || !mayTalk(origin, sites)) return
    const asked = frameAction(data)
    if (asked?.action === 'play') void player.play().catch(() => undefined)
    else if (asked?.action === 'pause') player.pause()
    else if (asked?.action === 'seek') player.seek(asked.time)
  })
  tell('ready')
}
