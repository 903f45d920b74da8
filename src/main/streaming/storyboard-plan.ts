import type { TilePlan } from '../media/storyboard.ts'
import type { Playable } from '../media/playable.ts'
import { presentationStartS } from './segment-plan.ts'

/** One small picture for so many seconds, but so few and so many in all. */
const SECONDS_PER_TILE = 10
const FEWEST = 10
const MOST = 100
/** Of short films one a second. */
const SHORTEST_TILE_S = 1
/** Of a film whose key frames are not known, where each picture of a window costs the decoding of all before it. */
const MOST_WITHOUT_KEYS = 10
/** Half a frame at 60 pictures a second: what a time in floats may be off. */
const TOLERANCE_S = 1 / 120

/**
 * Plans the small pictures of a film, or of the window of it alone: key frames, which cost the decoding of one picture
 * each. Others are taken where that is cheap, in short films, and where no key frame lies in a window before a tile. No
 * tile looks outside of the window.
 */
export function planStoryboard({
  media,
  index,
  window,
}: Pick<Playable, 'media' | 'index' | 'window'>): TilePlan[] {
  const { startS, endS } = window ?? { startS: 0, endS: media.durationS }
  const baseS = presentationStartS(index)
  const allKeysS = index.keyTimesS.map((it) => it - baseS)
  const keysS = allKeysS.filter((it) => it >= startS - TOLERANCE_S && it < endS - TOLERANCE_S)
  const most = keysS.length === 0 && window ? MOST_WITHOUT_KEYS : MOST
  const count = tileCount(endS - startS, most)
  const stepS = (endS - startS) / count
  const tiles: TilePlan[] = []
  for (let at = 0; at < count; at++) {
    const fromS = startS + at * stepS
    const toS = at === count - 1 ? endS : fromS + stepS
    const keyS = keysS.length > 0 ? (keyBefore(keysS, fromS) ?? startS) : fromS
    const isOld = count <= FEWEST && fromS - keyS > stepS / 2
    const frameS = isOld ? fromS : Math.max(startS, keyS)
    const before = tiles.at(-1)
    // Two tiles of one key frame are one.
    if (before && before.fromS === frameS) before.endS = toS
    else {
      const leadS = Math.max(0, frameS - (keyBefore(allKeysS, frameS) ?? 0))
      const exact = isOld || window !== undefined
      tiles.push({ startS: fromS, endS: toS, fromS: frameS, untilS: endS, exact, leadS })
    }
  }
  return tiles
}

function tileCount(durationS: number, most: number): number {
  const wanted = Math.max(Math.round(durationS / SECONDS_PER_TILE), FEWEST)
  return Math.max(1, Math.min(wanted, most, Math.floor(durationS / SHORTEST_TILE_S)))
}

/** The last key frame at or before a time; rising `keysS`. */
function keyBefore(keysS: readonly number[], timeS: number): number | undefined {
  let [low, high] = [0, keysS.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keysS[middle] ?? Infinity) <= timeS + TOLERANCE_S) low = middle + 1
    else high = middle
  }
  return keysS[low - 1]
}
