import { clockText, timeInWords } from '../../shared/media-text.ts'
import { SPEEDS, abilitiesOf, speedText, type Actions } from './actions.ts'
import { el, iconButton } from './dom.ts'
import type { Seeking } from './seeking.ts'
import { createSlider, type Slider } from './slider.ts'

/** The parts of the controls, which the two looks of the player arrange. */
export type Controls = {
  seek: Slider
  play: HTMLButtonElement
  back: HTMLButtonElement
  on: HTMLButtonElement
  mute: HTMLButtonElement
  /** Absent where the device keeps the volume to itself. */
  volume?: HTMLElement
  time: HTMLElement
  duration: HTMLElement
  speed: HTMLElement
  /** Absent when there is nothing to choose. */
  sound?: HTMLElement
  pip?: HTMLButtonElement
  fullscreen?: HTMLButtonElement
  /** Draws what the media element is at. */
  update: () => void
}

/** How far the two skip buttons go, in seconds. */
const SKIP_S = 10

type ControlsDeps = { actions: Actions; seeking: Seeking; durationS: () => number; sound?: HTMLElement }

/** Makes the controls of a player. */
export function createControls(
  media: HTMLMediaElement,
  { actions, seeking, durationS, sound }: ControlsDeps,
): Controls {
  const abilities = abilitiesOf(media)

  const seek = createSlider({
    className: 'player__seek',
    label: 'Seek',
    step: 5,
    page: 60,
    words: (value, max) => (max > 0 ? `${timeInWords(value)} of ${timeInWords(max)}` : timeInWords(value)),
    hint: clockText,
    onInput: (value) => seeking.to(value),
  })
  const volume = createSlider({
    className: 'player__volume',
    label: 'Volume',
    step: 0.05,
    page: 0.25,
    words: (value) => `${Math.round(value * 100)} percent`,
    onInput: (value) => actions.setVolume(value),
  })

  const play = iconButton('player__button player__play', 'play', 'Play (k)', () => actions.toggle())
  const back = iconButton('player__button', 'rotate-ccw', 'Back 10 seconds (j)', () =>
    actions.perform({ do: 'seekBy', seconds: -SKIP_S }),
  )
  const on = iconButton('player__button', 'rotate-cw', 'On 10 seconds (l)', () =>
    actions.perform({ do: 'seekBy', seconds: SKIP_S }),
  )
  const mute = iconButton('player__button player__mute', 'volume-2', 'Mute (m)', () => actions.toggleMute())
  const pip = iconButton('player__button player__pip', 'picture-in-picture-2', 'Picture in picture (i)', () =>
    actions.togglePip(),
  )
  const fullscreen = iconButton('player__button', 'maximize', 'Full screen (f)', () =>
    actions.toggleFullscreen(),
  )

  // The browser's own list: it works by keys, by touch and in full screen, and is never cut off by the player's edge.
  const speedList = el('select', { class: 'player__speed', 'aria-label': 'Speed', title: 'Speed (< >)' })
  for (const it of SPEEDS) speedList.append(el('option', { value: it }, speedText(it)))
  speedList.addEventListener('change', () => actions.setSpeed(Number(speedList.value)))

  const time = el('span', { class: 'player__now' })
  const duration = el('span', { class: 'player__duration' })

  const update = (): void => {
    const endS = durationS()
    const atS = seeking.position()
    const isPlaying = !media.paused && !media.ended
    seek.show(atS, endS)
    const part = loadedAround(media.buffered, atS)
    seek.showLoaded(part?.start ?? 0, part?.end ?? 0)
    setText(time, clockText(atS))
    setText(duration, endS > 0 ? clockText(endS) : '')
    play.show(isPlaying ? 'pause' : 'play', isPlaying ? 'Pause (k)' : 'Play (k)')
    const loudness = media.muted ? 0 : media.volume
    mute.show(
      loudness === 0 ? 'volume-x' : loudness < 0.5 ? 'volume-1' : 'volume-2',
      loudness === 0 ? 'Sound on (m)' : 'Mute (m)',
    )
    volume.show(loudness, 1)
    if (SPEEDS.includes(media.playbackRate)) speedList.value = String(media.playbackRate)
    const isFull = document.fullscreenElement !== null
    fullscreen.show(isFull ? 'minimize' : 'maximize', isFull ? 'Leave full screen (f)' : 'Full screen (f)')
  }

  return {
    seek,
    play: play.element,
    back: back.element,
    on: on.element,
    mute: mute.element,
    ...(abilities.volume ? { volume: volume.element } : {}),
    time,
    duration,
    speed: speedList,
    ...(sound ? { sound } : {}),
    ...(abilities.pip ? { pip: pip.element } : {}),
    ...(abilities.fullscreen ? { fullscreen: fullscreen.element } : {}),
    update,
  }
}

/** The loaded part that `atS` lies in; a moment after a seek there may be none. */
function loadedAround(ranges: TimeRanges, atS: number): { start: number; end: number } | undefined {
  for (let index = 0; index < ranges.length; index += 1) {
    const [start, end] = [ranges.start(index), ranges.end(index)]
    // The first picture may begin a moment after 0.
    if (atS >= start - 0.5 && atS <= end) return { start, end }
  }
  return undefined
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
