import type { File } from '../../shared/api/file.ts'
import { fetchMade } from '../player/made-later.ts'
import { parseStoryboard, type Tile } from '../player/storyboard.ts'
import { storyboardUrl } from './api.ts'

/** Films whose small pictures are kept at hand; each is some kilobytes of addresses. */
const MOST = 60

const boards = new Map<string, { abort: AbortController; tiles: Promise<readonly Tile[]> }>()

/** True when a film has small pictures over its length: to be made now, or made before. */
export const hasStoryboard = (file: File): boolean =>
  file.media_type === 'video' && file.playable && !file.missing && file.media_info.duration_seconds !== null

/** The small pictures of a film; asking for them has them made. Empty when they do not come. */
export function storyboardOf(file: File): Promise<readonly Tile[]> {
  const key = `${file.id} ${file.bytes}`
  const known = boards.get(key)
  if (known) return known.tiles
  const abort = new AbortController()
  const tiles = read(storyboardUrl(file.id), abort.signal).catch(() => [])
  boards.set(key, { abort, tiles })
  void tiles.then((found) => {
    // It may come another time.
    if (found.length === 0) boards.delete(key)
  })
  for (const [oldest, { abort: waiting }] of boards) {
    if (boards.size <= MOST) break
    waiting.abort()
    boards.delete(oldest)
  }
  return tiles
}

async function read(url: string, signal: AbortSignal): Promise<readonly Tile[]> {
  const answer = await fetchMade(url, signal)
  return answer ? parseStoryboard(await answer.text(), answer.url) : []
}
