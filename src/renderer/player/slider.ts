import { el, setAttribute } from './dom.ts'

/** A bar to set a value on: by dragging, by a tap, by keys. */
export interface Slider {
  readonly element: HTMLElement
  /** True while a pointer holds it; what it shows then is the pointer's, not what `show` says. */
  readonly held: boolean
  show(value: number, max: number): void
  /** Shows a part as loaded. */
  showLoaded(start: number, end: number): void
  /** Leaves gaps in the bar at these parts of it, 0 to 1. */
  divide(parts: readonly number[]): void
  /** Draws the value by `face` instead of by a plain bar. */
  wear(face: SliderFace): void
}

/** What a slider draws its value by. */
export type SliderFace = {
  element: Element
  /** Draws this part of it as passed, 0 to 1. */
  show: (part: number) => void
}

/** What stands over the place that a pointer, or the focus, is at. */
export type SliderHint = { element: HTMLElement; show: (value: number) => void }

/** How a slider looks and what it does. */
export type SliderOptions = {
  className: string
  label: string
  /** What one arrow key moves, and what Page Up moves. */
  step: number
  page: number
  /** The value in words for `aria-valuetext`. */
  words: (value: number, max: number) => string
  /** None without. */
  hint?: SliderHint
  /** The value that was asked for; `held` while a pointer may still move on. */
  onInput: (value: number, held: boolean) => void
}

/** Makes a slider. Its parts move by transform only, so that playing costs no layout. */
export function createSlider({ className, label, step, page, words, hint, onInput }: SliderOptions): Slider {
  const loaded = el('span', { class: 'slider__loaded' })
  const filled = el('span', { class: 'slider__filled' })
  const track = el('span', { class: 'slider__track' }, loaded, filled)
  const knob = el('span', { class: 'slider__knob' })
  const rail = el('span', { class: 'slider__rail' }, knob)
  const bubble = el('span', { class: 'slider__hint', 'aria-hidden': 'true' })
  const element = el(
    'div',
    { class: `slider ${className}`, role: 'slider', tabindex: 0, 'aria-label': label, 'aria-valuemin': 0 },
    track,
    rail,
  )
  if (hint) {
    bubble.append(hint.element)
    element.append(bubble)
  }

  let value = 0
  let max = 0
  let held = false
  let pointed = false
  let told = ''
  let face: SliderFace = {
    element: track,
    show(part) {
      filled.style.transform = `scaleX(${part.toFixed(5)})`
    },
  }

  const paint = (): void => {
    const part = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0
    face.show(part)
    rail.style.transform = `translateX(${(part * 100).toFixed(3)}%)`
    // By keys the value is what is pointed at.
    if (!pointed && document.activeElement === element) point(value)
    // Told when the words change, not with every picture.
    const text = words(value, max)
    if (text === told) return
    told = text
    setAttribute(element, 'aria-valuemax', round(max))
    setAttribute(element, 'aria-valuenow', round(value))
    setAttribute(element, 'aria-valuetext', text)
  }
  const valueAt = (event: PointerEvent): number => {
    const { left, width } = element.getBoundingClientRect()
    return width > 0 ? Math.min(1, Math.max(0, (event.clientX - left) / width)) * max : 0
  }
  const point = (at: number): void => {
    if (!hint || max <= 0) return
    hint.show(at)
    // Kept inside the bar, however near its end the pointer is.
    const half = bubble.offsetWidth / 2
    const x = (at / max) * element.clientWidth
    bubble.style.transform = `translateX(${Math.min(Math.max(x, half), element.clientWidth - half) - half}px)`
  }
  const input = (next: number): void => {
    value = Math.min(max, Math.max(0, next))
    paint()
    onInput(value, held)
  }
  const release = (event: PointerEvent): void => {
    if (!held) return
    held = false
    element.toggleAttribute('data-held', false)
    if (event.type === 'pointerup') input(valueAt(event))
    else onInput(value, false)
    // A finger that has gone points at nothing.
    if (event.pointerType !== 'mouse') pointed = false
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || max <= 0) return
    element.setPointerCapture(event.pointerId)
    held = true
    pointed = true
    element.toggleAttribute('data-held', true)
    point(valueAt(event))
    input(valueAt(event))
  })
  element.addEventListener('pointermove', (event) => {
    pointed = true
    point(valueAt(event))
    if (held) input(valueAt(event))
  })
  element.addEventListener('pointerleave', () => {
    pointed = held
  })
  element.addEventListener('pointerup', release)
  element.addEventListener('pointercancel', release)
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || max <= 0) return
    const moves: Partial<Record<string, number>> = {
      ArrowRight: value + step,
      ArrowUp: value + step,
      ArrowLeft: value - step,
      ArrowDown: value - step,
      PageUp: value + page,
      PageDown: value - page,
      Home: 0,
      End: max,
    }
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    pointed = false
    input(next)
  })
  element.addEventListener('focus', () => point(value))

  return {
    element,
    get held() {
      return held
    },
    show(next, nextMax) {
      if (!held) value = next
      max = nextMax
      paint()
    },
    showLoaded(start, end) {
      const from = max > 0 ? start / max : 0
      const part = max > 0 ? Math.min(1, (end - start) / max) : 0
      loaded.style.transform = `translateX(${(from * 100).toFixed(3)}%) scaleX(${part.toFixed(5)})`
    },
    divide(parts) {
      // Real gaps, whatever the picture behind the bar is.
      const gaps = parts.map((part) => {
        const at = `${(part * 100).toFixed(3)}%`
        return `#000 calc(${at} - 1.5px), transparent 0 calc(${at} + 1.5px), #000 0`
      })
      track.style.maskImage = gaps.length > 0 ? `linear-gradient(90deg, ${gaps.join(', ')})` : ''
    },
    wear(next) {
      face.element.replaceWith(next.element)
      face = next
      paint()
    },
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
