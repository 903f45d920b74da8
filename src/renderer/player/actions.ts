import type { Captions } from './captions.ts'
import type { Command } from './keyboard.ts'
import type { Seeking } from './seeking.ts'

/** Speeds to choose from. */
export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

/** `1×`, `1.25×`. */
export const speedText = (speed: number): string => `${speed}×`

/** iPhones know no full screen but the video's own. */
type WebKitVideo = HTMLVideoElement & {
  webkitEnterFullscreen?: () => void
  webkitSupportsFullscreen?: boolean
}

/** What the player can be told to do. */
export interface Actions {
  play(): Promise<void>
  toggle(): void
  setVolume(volume: number): void
  setSpeed(speed: number): void
  toggleMute(): void
  toggleFullscreen(): void
  togglePip(): void
  toggleCaptions(): void
  perform(command: Command): void
}

/** What this browser, on this page, lets a player do. */
export type Abilities = { fullscreen: boolean; pip: boolean; volume: boolean }

/** Finds out what can be done; a frame of another site may not go full screen unless it was allowed to. */
export function abilitiesOf(media: HTMLMediaElement): Abilities {
  const video = media instanceof HTMLVideoElement
  return {
    fullscreen: video && (document.fullscreenEnabled || hasOwnFullscreen(media)),
    pip: video && document.pictureInPictureEnabled,
    // iPhones and iPads leave the volume to their buttons: what is set does not stay.
    volume: keepsVolume(),
  }
}

type ActionsDeps = {
  seeking: Seeking
  durationS: () => number
  /** Absent where there are none. */
  captions?: Pick<Captions, 'toggle'>
  /** Shows a short note of what a key has changed. */
  say: (note: string) => void
}

/** Makes the actions of a player. */
export function createActions(
  root: HTMLElement,
  media: HTMLMediaElement,
  { seeking, durationS, captions, say }: ActionsDeps,
): Actions {
  const abilities = abilitiesOf(media)
  const actions: Actions = {
    async play() {
      try {
        await media.play()
      } catch (error) {
        // The browser wants a click first, or a pause came before playing began: both are no trouble.
        if (!(error instanceof DOMException && /^(NotAllowed|Abort)Error$/.test(error.name))) throw error
      }
    },
    toggle() {
      if (media.paused || media.ended) void actions.play().catch(() => undefined)
      else media.pause()
    },
    setVolume(volume) {
      media.volume = Math.min(1, Math.max(0, volume))
      media.muted = media.volume === 0
    },
    setSpeed(speed) {
      media.playbackRate = speed
    },
    toggleMute() {
      media.muted = !media.muted
      // Sound that is on and silent is what nobody wants who asks for sound.
      if (!media.muted && media.volume === 0) media.volume = 0.5
    },
    toggleFullscreen() {
      if (!abilities.fullscreen) return
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined)
      else if (document.fullscreenEnabled) void root.requestFullscreen().catch(() => undefined)
      else (media as WebKitVideo).webkitEnterFullscreen?.()
    },
    togglePip() {
      if (!abilities.pip || !(media instanceof HTMLVideoElement)) return
      const done = document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : media.requestPictureInPicture()
      void done.catch(() => undefined)
    },
    toggleCaptions() {
      if (captions) say(captions.toggle() ?? 'Captions off')
    },
    perform(command) {
      switch (command.do) {
        case 'toggle':
          actions.toggle()
          break
        case 'seekBy':
          seeking.to(seeking.position() + command.seconds)
          break
        case 'seekToPart':
          seeking.to(durationS() * command.part)
          break
        case 'volumeBy':
          actions.setVolume(Math.round(((media.muted ? 0 : media.volume) + command.by) * 100) / 100)
          say(`Volume ${Math.round(media.volume * 100)} %`)
          break
        case 'mute':
          actions.toggleMute()
          say(media.muted ? 'Muted' : 'Sound on')
          break
        case 'speedBy':
          actions.setSpeed(nextSpeed(media.playbackRate, command.steps))
          say(speedText(media.playbackRate))
          break
        case 'fullscreen':
          actions.toggleFullscreen()
          break
        case 'pip':
          actions.togglePip()
          break
        case 'captions':
          actions.toggleCaptions()
      }
    },
  }
  return actions
}

/** The next faster or slower speed; the same at either end. */
export function nextSpeed(speed: number, steps: 1 | -1): number {
  const others = SPEEDS.filter((it) => (steps > 0 ? it > speed : it < speed))
  return (steps > 0 ? others[0] : others.at(-1)) ?? speed
}

function hasOwnFullscreen(video: WebKitVideo): boolean {
  return video.webkitSupportsFullscreen === true || video.webkitEnterFullscreen !== undefined
}

function keepsVolume(): boolean {
  const probe = document.createElement('video')
  probe.volume = 0.5
  return probe.volume === 0.5
}
