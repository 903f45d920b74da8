import { el, setAttribute } from './dom.ts'

/** A bar to set a value on: by dragging, by a tap, by keys. */
export interface Slider {
  readonly element: HTMLElement
  /** True while a pointer holds it; what it shows then is the pointer's, not what `show` says. */
  readonly held: boolean
  show(value: number, max: number): void
  /** Shows a part as loaded. */
  showLoaded(start: number, end: number): void
}

/** How a slider looks and what it does. */
export type SliderOptions = {
  className: string
  label: string
  /** What one arrow key moves, and what Page Up moves. */
  step: number
  page: number
  /** The value in words for `aria-valuetext`. */
  words: (value: number, max: number) => string
  /** Text that stands over the pointer; none without. */
  hint?: (value: number) => string
  /** The value that was asked for; `held` while a pointer may still move on. */
  onInput: (value: number, held: boolean) => void
}

/** Makes a slider. Its parts move by transform only, so that playing costs no layout. */
export function createSlider({ className, label, step, page, words, hint, onInput }: SliderOptions): Slider {
  const loaded = el('span', { class: 'slider__loaded' })
  const filled = el('span', { class: 'slider__filled' })
  const knob = el('span', { class: 'slider__knob' })
  const rail = el('span', { class: 'slider__rail' }, knob)
  const bubble = el('span', { class: 'slider__hint', 'aria-hidden': 'true' })
  const element = el(
    'div',
    { class: `slider ${className}`, role: 'slider', tabindex: 0, 'aria-label': label, 'aria-valuemin': 0 },
    el('span', { class: 'slider__track' }, loaded, filled),
    rail,
  )
  if (hint) element.append(bubble)

  let value = 0
  let max = 0
  let held = false
  let told = ''

  const paint = (): void => {
    const part = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0
    filled.style.transform = `scaleX(${part.toFixed(5)})`
    rail.style.transform = `translateX(${(part * 100).toFixed(3)}%)`
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
  const point = (event: PointerEvent): void => {
    if (!hint || max <= 0) return
    const at = valueAt(event)
    bubble.textContent = hint(at)
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
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || max <= 0) return
    element.setPointerCapture(event.pointerId)
    held = true
    element.toggleAttribute('data-held', true)
    point(event)
    input(valueAt(event))
  })
  element.addEventListener('pointermove', (event) => {
    point(event)
    if (held) input(valueAt(event))
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
    input(next)
  })

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
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
