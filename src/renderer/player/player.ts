import './styles/player.css'
import './styles/controls.css'
import './styles/slider.css'
import './styles/hint.css'
import './styles/menu.css'
import './styles/captions.css'
import './styles/status.css'
import './styles/panel.css'
import './styles/wave.css'
import './styles/narrow.css'
import { createActions } from './actions.ts'
import { attachStream } from './attach-stream.ts'
import { createCaptions, type CaptionChoice } from './captions.ts'
import { shownChapters, type Chapter } from '../../shared/chapters.ts'
import { createControls } from './controls.ts'
import { el } from './dom.ts'
import { hideWhenIdle } from './idle.ts'
import { isTaken, keyCommand } from './keyboard.ts'
import { dressAsFrame, dressAsPanel } from './looks.ts'
import { movedUrl } from './moved-url.ts'
import { FAILURE_TEXT, type StreamFailure } from './recovery.ts'
import { createSeeking } from './seeking.ts'
import { captionSection, qualitySection, soundSection, type SoundChoice } from './settings.ts'
import { createStatus } from './status.ts'
import { openPictures } from './storyboard.ts'
import { wearWaveform } from './waveform.ts'

/** What to play and where. */
export type PlayerOptions = {
  /** Filled by the player; its size decides. A poster `<img>` that stands in it is taken over. */
  container: HTMLElement
  /** HLS multivariant playlist. */
  streamUrl: string
  posterUrl?: string
  kind: 'video' | 'audio'
  title: string
  /** Shown until the stream says it itself; seconds. */
  durationS?: number
  startS?: number
  /** Tracks of sound to choose from; a menu shows when there are several. */
  sounds?: readonly SoundChoice[]
  captions?: readonly CaptionChoice[]
  chapters?: readonly Chapter[]
  /** Pictures for the seek bar, as WebVTT; and how loud it is where, for sound alone. Either may still be made. */
  storyboardUrl?: string
  waveformUrl?: string
  /** A small player inside another screen: audio becomes a frame too. */
  compact?: boolean
  /** Audio as a frame with its cover instead of a panel. */
  frame?: boolean
  /** Starts by itself where the browser allows it. */
  autoplay?: boolean
  /** Keys count everywhere on the page, not only inside the player. */
  pageKeys?: boolean
  /** Playing has ended for good; the player shows the message by itself. */
  onError?: (message: string, failure: StreamFailure) => void
}

/** A player on the page. */
export interface Player {
  readonly media: HTMLMediaElement
  readonly element: HTMLElement
  /** Resolves when playing began, or when the browser wants a click first. */
  play(): Promise<void>
  pause(): void
  /** Goes to a second of the media. */
  seek(seconds: number): void
  /** Goes on with the same stream under another address. */
  renew(streamUrl: string): void
  /** Takes the player off the page and stops loading. */
  destroy(): void
}

/** Puts a player into `options.container`. It begins to load at once, but little until somebody plays. */
export function createPlayer(options: PlayerOptions): Player {
  const { container, kind, title, startS = 0, sounds = [], storyboardUrl, waveformUrl } = options
  const isFrame = kind === 'video' || options.compact === true || options.frame === true
  const media = el(kind, { class: 'player__media', playsinline: true, preload: 'auto' })
  const root = el('div', {
    class: `player player--${isFrame ? 'frame' : 'panel'} player--${kind}`,
    role: 'region',
    'aria-label': `${kind === 'video' ? 'Video' : 'Audio'} player: ${title}`,
  })
  root.toggleAttribute('data-compact', options.compact === true)
  const ends = new AbortController()
  const { signal } = ends
  const on = (events: string, listener: () => void): void => {
    for (const it of events.split(' ')) media.addEventListener(it, listener, { signal })
  }

  const durationS = (): number =>
    Number.isFinite(media.duration) && media.duration > 0 ? media.duration : (options.durationS ?? 0)
  /** Where the stream lies now; all that belongs to it lies beside it. */
  let address = options.streamUrl
  const moved = (url: string): string => movedUrl(url, options.streamUrl, address)
  const seeking = createSeeking(media, durationS)
  const status = createStatus(root)
  const captions =
    options.captions && options.captions.length > 0
      ? createCaptions(media, options.captions, (name) => status.say(`${name} cannot be had right now.`))
      : undefined
  const withCaptions = captions ? { captions } : {}
  const actions = createActions(root, media, {
    ...{ seeking, durationS, ...withCaptions, say: (note) => status.say(note) },
  })
  const chapters = chaptersOf(options.chapters ?? [], durationS)
  const hasSounds = sounds.length > 1
  const quality = qualitySection((name) => stream.chooseQuality(name))
  const controls = createControls(media, {
    ...{ root, actions, seeking, durationS, chapters, ...withCaptions },
    ...(storyboardUrl === undefined ? {} : { pictures: openPictures(storyboardUrl, { moved, signal }) }),
    sections: [
      quality.section,
      soundSection(sounds, (name) => {
        stream.chooseSound(name)
        status.say(name)
      }),
      ...(captions ? [captionSection(options.captions ?? [], captions, (name) => captions.show(name))] : []),
    ],
  })
  const parts = { root, media, controls, status, actions, startS, ...withCaptions, ...posterIn(options) }
  if (isFrame) dressAsFrame(parts)
  else dressAsPanel(parts)
  container.replaceChildren(root)
  if (kind === 'audio' && waveformUrl !== undefined) wearWaveform(root, controls.seek, waveformUrl, signal)

  let lost: StreamFailure | null = null
  let wasPlaying = false
  const retry = (): void => {
    lost = null
    status.clearFailure()
    stream.retry()
    if (wasPlaying) void actions.play().catch(() => undefined)
  }
  const stream = attachStream(media, {
    url: options.streamUrl,
    startS,
    hasSounds,
    onQualities(names, current) {
      quality.tell(names, current)
      controls.refresh()
    },
    onFailure(failure) {
      const { message, retry: mayRetry } = FAILURE_TEXT[failure]
      lost = failure
      wasPlaying = !media.paused
      status.fail(message, mayRetry ? retry : undefined)
      root.toggleAttribute('data-pictured', false)
      options.onError?.(message, failure)
    },
  })
  // While a device is offline hls.js waits and goes on by itself.
  window.addEventListener('offline', () => status.say('No network. It goes on when it is back.', true), {
    signal,
  })
  window.addEventListener(
    'online',
    () => {
      status.hush()
      if (lost === 'network') retry()
    },
    { signal },
  )

  on('play', () => {
    root.toggleAttribute('data-started', true)
    stream.loadAhead()
  })
  // From now on the element shows a picture of its own.
  on('playing seeked', () => root.toggleAttribute('data-pictured', media.readyState >= 2))
  on('waiting seeking', () => status.waiting(!media.paused))
  on('playing seeked pause ended', () => status.waiting(false))
  on(
    'play pause ended seeking seeked timeupdate progress durationchange volumechange ratechange',
    controls.update,
  )
  media.textTracks.addEventListener('change', controls.update, { signal })
  document.addEventListener('fullscreenchange', controls.update, { signal })

  // Between two `timeupdate`s the bar moves with the pictures.
  const follow = (): void => {
    if (signal.aborted || media.paused) return
    if (!root.hasAttribute('data-idle')) controls.update()
    requestAnimationFrame(follow)
  }
  on('playing', () => requestAnimationFrame(follow))

  const keys = options.pageKeys === true ? document : root
  keys.addEventListener(
    'keydown',
    (event) => {
      if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return
      if (event.target instanceof HTMLElement && isTaken(event.target, event.key)) return
      const command = keyCommand(event)
      if (!command) return
      event.preventDefault()
      actions.perform(command)
    },
    { signal },
  )
  const stopIdle = isFrame ? hideWhenIdle(root, media, () => controls.seek.held) : undefined

  controls.update()
  controls.refresh()
  if (options.autoplay === true) void actions.play().catch(() => undefined)
  return {
    media,
    element: root,
    play: () => actions.play(),
    pause: () => media.pause(),
    seek: (seconds) => seeking.to(seconds),
    renew(streamUrl) {
      address = streamUrl
      stream.renew(streamUrl)
      captions?.renew(moved)
      // It had run out while nobody could know, such as on a computer that slept.
      if (lost === 'denied') retry()
    },
    destroy() {
      ends.abort()
      stopIdle?.()
      controls.destroy()
      status.destroy()
      seeking.destroy()
      stream.destroy()
      root.remove()
    },
  }
}

/** The chapters as they are shown, made anew when the length of the media is told. */
function chaptersOf(given: readonly Chapter[], durationS: () => number): () => readonly Chapter[] {
  let forS = durationS()
  let shown = shownChapters(given, forS)
  return () => {
    if (durationS() === forS) return shown
    forS = durationS()
    shown = shownChapters(given, forS)
    return shown
  }
}

/** The poster that stands in the container already, or one of the given address: at once, and never loaded twice. */
function posterIn({ container, posterUrl }: PlayerOptions): { poster?: HTMLImageElement } {
  const there = container.querySelector('img')
  if (there) return { poster: there }
  return posterUrl === undefined ? {} : { poster: el('img', { src: posterUrl, alt: '' }) }
}
