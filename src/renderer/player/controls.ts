import { clockText, timeInWords } from '../../shared/media-text.ts'
import { abilitiesOf, speedText, type Actions } from './actions.ts'
import type { Captions } from './captions.ts'
import { chapterAt, divisions, type Chapter } from '../../shared/chapters.ts'
import { el, iconButton } from './dom.ts'
import { createMenu, type MenuSection } from './menu.ts'
import { createSeekHint } from './seek-hint.ts'
import type { Seeking } from './seeking.ts'
import { chapterSection, speedSection } from './settings.ts'
import { createSlider, type Slider } from './slider.ts'
import type { Pictures } from './storyboard.ts'

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
  /** The name of the chapter, with the menu of all; nothing where there are none. */
  chapter: HTMLElement[]
  /** Absent where there are none. */
  captions?: HTMLButtonElement
  speed: HTMLElement[]
  settings: HTMLElement[]
  pip?: HTMLButtonElement
  fullscreen?: HTMLButtonElement
  /** Draws what the media element is at. */
  update: () => void
  /** Shows the settings where there are some; which ones is known when the stream has begun to load. */
  refresh: () => void
  destroy: () => void
}

/** How far the two skip buttons go, in seconds. */
const SKIP_S = 10

type ControlsDeps = {
  root: HTMLElement
  actions: Actions
  seeking: Seeking
  durationS: () => number
  captions?: Captions
  chapters: () => readonly Chapter[]
  pictures?: Pictures
  /** What the settings menu offers. */
  sections: readonly MenuSection[]
}

/** Makes the controls of a player. */
export function createControls(
  media: HTMLMediaElement,
  { root, actions, seeking, durationS, captions, chapters, pictures, sections }: ControlsDeps,
): Controls {
  const abilities = abilitiesOf(media)

  const seek = createSlider({
    className: 'player__seek',
    label: 'Seek',
    step: 5,
    page: 60,
    words(value, max) {
      const title = chapterAt(chapters(), value)?.title
      const place = max > 0 ? `${timeInWords(value)} of ${timeInWords(max)}` : timeInWords(value)
      return title === undefined ? place : `${place}, ${title}`
    },
    hint: createSeekHint(root, { chapters, ...(pictures ? { pictures } : {}) }),
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

  const captionsButton = iconButton('player__button player__captions', 'captions', 'Captions (c)', () =>
    actions.toggleCaptions(),
  )

  const chapterSections = chapterSection(
    chapters,
    () => seeking.position(),
    (seconds) => seeking.to(seconds),
  )
  const chapterName = el('span', { class: 'player__chapter-name' })
  const chapterButton = el('button', { type: 'button', class: 'player__chapter' }, chapterName)
  const chapterMenu = createMenu({
    ...{ root, button: chapterButton, label: 'Chapters' },
    sections: () => [chapterSections],
  })
  const settingsButton = iconButton(
    'player__button player__settings',
    'settings-2',
    'Settings',
    () => undefined,
  )
  const speeds = speedSection(media, actions)
  const speedButton = el('button', { type: 'button', class: 'player__speed', title: 'Speed (< >)' })
  const speedMenu = createMenu({ root, button: speedButton, label: 'Speed', sections: () => [speeds] })
  const settingsMenu = createMenu({
    ...{ root, button: settingsButton.element, label: 'Settings' },
    // What there is no room for in the row is chosen here.
    sections: () => [
      ...sections,
      ...(speedButton.checkVisibility() ? [] : [speeds]),
      ...(chapterButton.checkVisibility() ? [] : [chapterSections]),
    ],
  })

  const time = el('span', { class: 'player__now' })
  const duration = el('span', { class: 'player__duration' })

  let dividedFor: readonly Chapter[] = []
  const showChapter = (atS: number, endS: number): void => {
    const all = chapters()
    if (all !== dividedFor) seek.divide(divisions(all, endS))
    dividedFor = all
    const title = chapterAt(all, atS)?.title ?? ''
    chapterButton.hidden = title === ''
    setText(chapterName, title)
    if (chapterButton.title !== title) {
      chapterButton.title = title
      chapterButton.setAttribute('aria-label', `Chapters, ${title}`)
    }
  }
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
    captionsButton.element.setAttribute('aria-pressed', captions?.isOn === true ? 'true' : 'false')
    showChapter(atS, endS)
    const speed = speedText(media.playbackRate)
    if (speedButton.textContent !== speed) {
      speedButton.textContent = speed
      speedButton.setAttribute('aria-label', `Speed, ${speed}`)
    }
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
    chapter: [chapterButton, chapterMenu.panel],
    ...(captions ? { captions: captionsButton.element } : {}),
    speed: [speedButton, speedMenu.panel],
    settings: [settingsButton.element, settingsMenu.panel],
    ...(abilities.pip ? { pip: pip.element } : {}),
    ...(abilities.fullscreen ? { fullscreen: fullscreen.element } : {}),
    update,
    refresh() {
      const hasSome = sections.some((it) => it.choices().length > 1)
      settingsButton.element.toggleAttribute('data-some', hasSome)
    },
    destroy() {
      chapterMenu.destroy()
      speedMenu.destroy()
      settingsMenu.destroy()
    },
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
