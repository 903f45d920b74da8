import { clockText } from '../../shared/media-text.ts'
import { chapterAt, type Chapter } from '../../shared/chapters.ts'
import { el } from './dom.ts'
import type { SliderHint } from './slider.ts'
import { tileAt, type Pictures, type Tile } from './storyboard.ts'

/** The largest picture in the hint, in pixels of the page. */
const MAX_WIDTH = 176
const MAX_HEIGHT = 140
/** What the words below the picture and the edge above it need; a picture lower than this shows nothing. */
const AROUND = 36
const MIN_HEIGHT = 36

/** What is over the place of the seek bar that a pointer is at: the picture there, the chapter, the time. */
export function createSeekHint(
  root: HTMLElement,
  { chapters, pictures }: { chapters: () => readonly Chapter[]; pictures?: Pictures },
): SliderHint {
  const picture = el('span', { class: 'hint__picture', hidden: true })
  const text = el('span', { class: 'hint__text' })
  const element = el('span', { class: 'hint' }, picture, text)
  /** One element for each image, so that none is decoded twice. */
  const images = new Map<string, HTMLImageElement>()
  let shown: Tile | undefined

  const imageOf = (tile: Tile): HTMLImageElement => {
    const known = images.get(tile.url)
    if (known) return known
    const image = el('img', { src: pictures?.addressOf(tile), alt: '', draggable: 'false' })
    images.set(tile.url, image)
    return image
  }
  const draw = (tile: Tile, room: number): void => {
    const scale = Math.min(MAX_WIDTH / tile.width, Math.min(MAX_HEIGHT, room) / tile.height)
    picture.style.width = `${Math.round(tile.width * scale)}px`
    picture.style.height = `${Math.round(tile.height * scale)}px`
    const image = imageOf(tile)
    image.style.transform = `scale(${scale.toFixed(4)}) translate(${-tile.x}px, ${-tile.y}px)`
    picture.replaceChildren(image)
  }

  return {
    element,
    show(seconds) {
      const title = chapterAt(chapters(), seconds)?.title
      text.replaceChildren(
        ...(title === undefined ? [] : [el('span', { class: 'hint__title' }, title)]),
        clockText(seconds),
      )
      pictures?.want()
      const room = element.getBoundingClientRect().bottom - root.getBoundingClientRect().top - AROUND
      const tile = room < MIN_HEIGHT ? undefined : tileAt(pictures?.tiles() ?? [], seconds)
      picture.hidden = tile === undefined
      if (tile && tile !== shown) draw(tile, room)
      shown = tile
    },
  }
}
