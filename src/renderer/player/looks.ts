import { timeInWords } from '../../shared/media-text.ts'
import type { Actions } from './actions.ts'
import type { Captions } from './captions.ts'
import type { Controls } from './controls.ts'
import { el, icon, iconButton } from './dom.ts'
import type { Status } from './status.ts'

/** What a look arranges. */
export type Parts = {
  root: HTMLElement
  media: HTMLMediaElement
  controls: Controls
  status: Status
  actions: Actions
  captions?: Captions
  poster?: HTMLImageElement
  startS: number
}

/** A picture with the controls over it: video, and audio that has to fill a frame. */
export function dressAsFrame(parts: Parts): void {
  const { root, media, controls, status, actions, captions, poster, startS } = parts
  const isAudio = media instanceof HTMLAudioElement
  const surface = el('div', { class: 'player__surface' })
  const shade = el('div', { class: 'player__shade' })
  const bar = el(
    'div',
    { class: 'player__bar', role: 'group', 'aria-label': 'Controls' },
    controls.seek.element,
    el(
      'div',
      { class: 'player__row' },
      controls.play,
      controls.mute,
      ...present(controls.volume),
      el(
        'span',
        { class: 'player__time' },
        controls.time,
        el('span', { class: 'player__of' }, controls.duration),
      ),
      ...controls.chapter,
      el('span', { class: 'player__grow' }),
      ...present(controls.captions),
      ...controls.speed,
      ...controls.settings,
      ...present(controls.pip, controls.fullscreen),
    ),
  )
  root.append(media)
  if (isAudio) {
    root.append(el('div', { class: 'player__art' }, poster ?? icon('audio-lines')), surface, shade)
    // There is no picture to wait for.
    root.toggleAttribute('data-started', true)
  } else {
    poster?.classList.add('player__poster')
    root.append(...present(poster), surface, shade)
    const label = startS > 0 ? `Play from ${timeInWords(startS)}` : 'Play'
    const big = iconButton('player__big', 'play', label, () => {
      actions.toggle()
      // The button goes away; whoever pressed it by key stays in the player.
      if (document.activeElement === big.element) controls.play.focus({ preventScroll: true })
    })
    root.append(big.element)
  }
  root.append(...present(captions?.element), ...status.elements, bar)

  surface.addEventListener('click', (event) => {
    // A finger shows and hides the controls; that is the business of `idle`.
    if (event.pointerType !== 'mouse') return
    actions.toggle()
  })
  surface.addEventListener('dblclick', () => actions.toggleFullscreen())
}

/** A panel of its own, on the surface of the page: audio beside its title. */
export function dressAsPanel({ root, media, controls, status, captions }: Parts): void {
  root.append(
    media,
    controls.seek.element,
    el('div', { class: 'player__ends' }, controls.time, controls.duration),
    ...present(captions?.element),
    el(
      'div',
      { class: 'player__row' },
      controls.play,
      controls.back,
      controls.on,
      ...controls.chapter,
      el('span', { class: 'player__grow' }),
      ...present(controls.captions),
      ...controls.speed,
      ...controls.settings,
      controls.mute,
      ...present(controls.volume),
    ),
    ...status.elements,
  )
}

const present = <Item>(...items: (Item | undefined)[]): Item[] => items.filter((it) => it !== undefined)
