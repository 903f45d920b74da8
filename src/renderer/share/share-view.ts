import type { Playback } from '../../shared/api/share.ts'
import { momentIn, type LinkTimes } from '../../shared/link-times.ts'
import { parseStartTime } from '../../shared/start-time.ts'
import type { ShareFacts } from '../../shared/share-facts.ts'
import { createPlayer, type Player } from '../player/player.ts'
import { aroundOf } from './around.ts'
import { listChapters } from './chapter-list.ts'
import { wireActions } from './actions.ts'
import { countView } from './count-view.ts'
import { listenToFrame } from './frame-messages.ts'
import { playMoment } from './moment.ts'
import { stayAdmitted } from './stay-admitted.ts'
import { createPreparingNote } from './preparing-note.ts'
import { waitUntilReady } from './wait-until-ready.ts'
import { createWaitingView } from './waiting-view.ts'

/** Brings the page that the server wrote to life: plays, or waits until it can and plays then. */
export function openShareView(facts: ShareFacts, place: HTMLElement): void {
  switch (facts.playback.status) {
    case 'completed':
      startPlayer(facts, facts.playback, place, { autoplay: false })
      return
    case 'failed':
      return
    case 'pending':
    case 'processing': {
      if (facts.playback.stream_url !== undefined) {
        playMeanwhile(facts, facts.playback, place, { autoplay: false })
        return
      }
      const view = createWaitingView(place)
      const waiting = new AbortController()
      void waitUntilReady(facts, {
        signal: waiting.signal,
        onGone: () => location.reload(),
        onChange(playback) {
          // What the page looks like follows from the media; the server knows how.
          if (hasOtherShape(playback, facts.playback)) location.reload()
          else if (playback.status === 'completed') startPlayer(facts, playback, place, { autoplay: true })
          else if (playback.stream_url !== undefined) {
            waiting.abort()
            playMeanwhile(facts, playback, place, { autoplay: true })
          } else view.show(playback)
        },
      })
    }
  }
}

/** Asked less often than by those who can only wait, in ms. */
const ASK_EVERY_MS = 3_000

/** Plays what is still converted, and says how far that has come. The buttons come when it is done. */
function playMeanwhile(
  facts: ShareFacts,
  playback: Playback,
  place: HTMLElement,
  options: { autoplay: boolean },
): void {
  const started = startPlayer(facts, playback, place, options)
  const note = createPreparingNote(started?.player.element ?? place)
  note.show(playback.progress ?? 0)
  void waitUntilReady(facts, {
    everyMs: ASK_EVERY_MS,
    onGone: () => location.reload(),
    onChange(now) {
      if (now.status === 'processing') note.show(now.progress ?? 0)
      else note.end()
      if (now.status === 'completed') started?.complete(now)
    },
  })
}

const hasOtherShape = (one: Playback, other: Playback): boolean =>
  one.media_type !== other.media_type ||
  one.width !== other.width ||
  one.height !== other.height ||
  one.poster_url !== other.poster_url

/** A player in its place; `complete` brings the buttons to life once all of the stream is there. */
type Started = { player: Player; complete: (playback: Playback) => void }

function startPlayer(
  facts: ShareFacts,
  playback: Playback,
  place: HTMLElement,
  { autoplay }: { autoplay: boolean },
): Started | undefined {
  const { media_type: kind = 'video', stream_url: streamUrl, duration_seconds: durationS } = playback
  if (!streamUrl) return undefined
  // A clip has its beginning and end in the stream.
  const times = facts.clip ? {} : timesIn(location.search)
  const startS = parseStartTime(times.s) ?? 0
  const isThere = durationS === undefined || startS < durationS
  const player = createPlayer({
    container: place,
    streamUrl,
    kind,
    title: facts.title,
    // A link to a time that does not exist starts at the beginning.
    startS: isThere ? startS : 0,
    ...(durationS === undefined ? {} : { durationS }),
    ...(playback.renditions ? { sounds: playback.renditions } : {}),
    ...aroundOf(playback),
    ...(playback.poster_url === undefined ? {} : { posterUrl: playback.poster_url }),
    frame: facts.minimal,
    pageKeys: true,
    autoplay,
    onError: (_message, failure) => void (failure === 'denied' && renew ? renew() : reloadWhenGone()),
  })
  // Only what ends has an end.
  const renew =
    playback.expires_at === undefined
      ? undefined
      : stayAdmitted(facts, player, ({ download_url: url }) => {
          if (url !== undefined) document.getElementById('download')?.setAttribute('href', url)
        })
  const moment = isThere ? momentIn(times) : null
  const momentView = moment && playMoment(player, moment)
  countView(facts.id, player.media)
  showOnLockScreen(facts.title, playback.poster_url)
  listChapters(player, playback)
  if (facts.minimal) listenToFrame(player, facts.embedOrigins)
  const complete = (whole: Playback): void => {
    if (!facts.minimal) wireActions(facts, whole, player, momentView)
  }
  if (playback.status === 'completed') complete(playback)
  return { player, complete }
}

function timesIn(search: string): LinkTimes {
  const query = new URLSearchParams(search)
  return { s: query.get('s'), e: query.get('e') }
}

/** The stream has ended for good. When the page is gone too, the server has a page that says why. */
async function reloadWhenGone(): Promise<void> {
  const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null)
  if (answer && answer.status >= 400 && answer.status < 500) location.reload()
}

function showOnLockScreen(title: string, posterUrl: string | undefined): void {
  if (!('mediaSession' in navigator)) return
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    ...(posterUrl === undefined ? {} : { artwork: [{ src: posterUrl, type: 'image/jpeg' }] }),
  })
}
