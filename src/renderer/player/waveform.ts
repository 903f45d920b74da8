import { fetchMade } from './made-later.ts'
import type { Slider, SliderFace } from './slider.ts'

/** Pixels of the page from one line to the next. */
const PITCH = 4
const HEIGHT = 100
const SVG = 'http://www.w3.org/2000/svg'
/** Something quieter than this part of full loudness is not drawn as if it were loud. */
const QUIET = 0.12

/**
 * Heights of `count` lines, 0 to 1, from peaks of 0 to 127: each the loudest of its stretch, against the loudest of
 * all, so that a quiet recording has a shape too.
 */
export function barsOf(peaks: readonly number[], count: number): number[] {
  const loudest = peaks.reduce((most, it) => Math.max(most, it), QUIET * 127)
  return Array.from({ length: Math.min(count, peaks.length) }, (_, index, { length } = peaks) => {
    const from = Math.floor((index * length) / Math.min(count, length))
    const to = Math.max(from + 1, Math.floor(((index + 1) * length) / Math.min(count, length)))
    return Math.max(0, ...peaks.slice(from, to)) / loudest
  })
}

/** Gives a seek bar the room of a waveform now, and its shape when it is there. */
export function wearWaveform(root: HTMLElement, seek: Slider, url: string, signal: AbortSignal): void {
  root.toggleAttribute('data-wave', true)
  const load = async (): Promise<void> => {
    const answer = await fetchMade(url, signal)
    const { peaks } = answer ? ((await answer.json()) as { peaks: number[] }) : { peaks: [] }
    if (peaks.length > 0) seek.wear(createWaveform(peaks))
  }
  load().catch(() => undefined)
}

/** Draws a waveform to seek on, the part that was played in the colour of what is filled. */
function createWaveform(peaks: readonly number[]): SliderFace {
  const element = document.createElement('span')
  element.className = 'wave'
  const rest = svgOf('wave__lines')
  const played = svgOf('wave__lines wave__lines--played')
  element.append(rest.svg, played.svg)

  new ResizeObserver(() => {
    const bars = barsOf(peaks, Math.floor(element.clientWidth / PITCH))
    const lines = bars.map((bar, index) => {
      // A silent stretch is a dot.
      const half = Math.max(0.5, (bar * HEIGHT) / 2 - 1)
      return `M${index + 0.5} ${(HEIGHT / 2 - half).toFixed(1)}v${(half * 2).toFixed(1)}`
    })
    for (const { svg, path } of [rest, played]) {
      svg.setAttribute('viewBox', `0 0 ${Math.max(1, bars.length)} ${HEIGHT}`)
      path.setAttribute('d', lines.join(''))
    }
  }).observe(element)

  return {
    element,
    show(part) {
      played.svg.style.clipPath = `inset(0 ${((1 - part) * 100).toFixed(3)}% 0 0)`
    },
  }
}

/** The lines keep their width however the drawing is stretched. */
function svgOf(className: string): { svg: SVGSVGElement; path: SVGPathElement } {
  const svg = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  svg.setAttribute('class', className)
  svg.setAttribute('preserveAspectRatio', 'none')
  svg.setAttribute('aria-hidden', 'true')
  path.setAttribute('vector-effect', 'non-scaling-stroke')
  svg.append(path)
  return { svg, path }
}
