import { fetchMade } from './made-later.ts'

/** One picture of a storyboard: the part of an image that shows the media from `startS` to `endS`, in seconds. */
export type Tile = {
  startS: number
  endS: number
  /** Address of the image. */
  url: string
  /** The part of it, in pixels. */
  x: number
  y: number
  width: number
  height: number
}

const CUE = /^(?:(\d+):)?(\d+):(\d+\.\d+)\s+-->\s+(?:(\d+):)?(\d+):(\d+\.\d+)/
const PART = /#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)$/

/**
 * Reads a storyboard: WebVTT whose cues are addresses, each with the part of the image as a spatial media fragment
 * (Media Fragments URI section 4.2.2). `base` is the address that they are relative to. Cues of anything else are left
 * out.
 */
export function parseStoryboard(text: string, base: string): Tile[] {
  const tiles: Tile[] = []
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const times = CUE.exec(line)
    const address = lines[index + 1]?.trim()
    const part = address === undefined ? null : PART.exec(address)
    if (!times || !part || address === undefined) continue
    const [x = 0, y = 0, width = 0, height = 0] = part.slice(1).map(Number)
    if (width === 0 || height === 0) continue
    const url = new URL(address.slice(0, part.index), base).href
    tiles.push({
      startS: secondsOf(times.slice(1, 4)),
      endS: secondsOf(times.slice(4, 7)),
      ...{ url, x, y, width, height },
    })
  }
  return tiles
}

/** The picture of a second; before the first one that, after the last one that. */
export const tileAt = (tiles: readonly Tile[], seconds: number): Tile | undefined =>
  tiles.findLast((it) => it.startS <= seconds) ?? tiles[0]

/** Pictures of a storyboard, once they are there. */
export type Pictures = {
  /** Where the image of a tile lies now. */
  addressOf: (tile: Tile) => string
  /** Sees to it that they are fetched. */
  want: () => void
  tiles: () => readonly Tile[]
}

/**
 * The pictures of the storyboard at `url`. It is fetched when somebody looks for one, which many viewers never do.
 * `moved` tells where something lies now that lay elsewhere when the page was opened.
 */
export function openPictures(
  url: string,
  { moved, signal }: { moved: (url: string) => string; signal: AbortSignal },
): Pictures {
  let tiles: Tile[] = []
  let isWanted = false
  const load = async (): Promise<void> => {
    const answer = await fetchMade(moved(url), signal)
    if (answer) tiles = parseStoryboard(await answer.text(), new URL(url, location.href).href)
    else isWanted = false
  }
  return {
    want() {
      if (isWanted) return
      isWanted = true
      load().catch(() => undefined)
    },
    tiles: () => tiles,
    addressOf: (tile) => moved(tile.url),
  }
}

const secondsOf = ([hours, minutes, seconds]: (string | undefined)[]): number =>
  Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds)
