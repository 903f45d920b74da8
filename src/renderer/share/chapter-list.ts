import type { Playback } from '../../shared/api/share.ts'
import { chapterAt, shownChapters } from '../../shared/chapters.ts'
import type { Player } from '../player/player.ts'
import { chaptersOf } from './around.ts'

/**
 * Brings the chapters below the player to life: a click goes there in the player instead of by a link, and the one that
 * plays is marked. The server has written the list; without it there is nothing to do.
 */
export function listChapters(player: Player, playback: Playback): void {
  const list = document.getElementById('chapters')
  if (!list) return
  const chapters = shownChapters(chaptersOf(playback), playback.duration_seconds ?? 0)
  const links = [...list.querySelectorAll('a')]
  list.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const chapter = link ? chapters[links.indexOf(link)] : undefined
    // With a modifier the link opens elsewhere, as links do.
    if (!chapter || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    player.seek(chapter.startS)
    void player.play().catch(() => undefined)
  })
  const mark = (): void => {
    const current = chapterAt(chapters, player.media.currentTime)
    for (const [index, link] of links.entries()) {
      if (chapters[index] === current) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }
  for (const event of ['timeupdate', 'seeking', 'seeked']) player.media.addEventListener(event, mark)
  mark()
}
