import type { Playback } from '../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../shared/embed-code.ts'
import { bytesText, clockText } from '../../shared/media-text.ts'
import type { LinkTimes } from '../../shared/link-times.ts'
import type { ShareFacts } from '../../shared/share-facts.ts'
import { el } from '../player/dom.ts'
import type { Player } from '../player/player.ts'
import { copyText } from '../ui/copy-text.ts'
import { showCopied } from './show-copied.ts'
import { linkAt, linkWith, pageUrl, timesOf } from './link.ts'
import type { MomentView } from './moment.ts'
import { openTextDialog } from './text-dialog.ts'

/**
 * Brings the buttons below the player to life: copy the link at this time or to this moment, download, embed. A clip
 * is linked to as a clip.
 */
export function wireActions(
  facts: ShareFacts,
  playback: Playback,
  player: Player,
  moment: MomentView | null,
): void {
  const url = pageUrl(location, facts.shareUrl)
  const atS = (): number => Math.floor(player.media.currentTime)

  /** The clip, or the moment that the viewer is at. */
  const part = (): LinkTimes | null => {
    if (facts.clip) return timesOf(facts.clip, true)
    return moment?.isAt() ? timesOf(moment.moment, false) : null
  }

  const label = byId('copy-label')
  const at = el('span', { class: 'btn__at' })
  label?.append(at)
  const sayWhere = (): void => {
    const here = atS() >= 1 ? ` at ${clockText(atS())}` : ''
    const text = facts.clip ? ' to this clip' : moment?.isAt() ? ' to this moment' : here
    if (at.textContent !== text) at.textContent = text
  }
  player.media.addEventListener('timeupdate', sayWhere)
  sayWhere()
  const copy = byId('copy')
  copy?.addEventListener('click', () => {
    const times = part()
    const link = times ? linkWith(url, times) : linkAt(url, atS())
    void copyText(link).then((copied) => {
      if (copied && label) showCopied(label)
      else openTextDialog({ title: 'Link', hint: 'Copy it from here.', text: () => link })
    })
  })

  byId('embed')?.addEventListener('click', () => {
    player.pause()
    const secondS = atS()
    openTextDialog({
      title: 'Embed code',
      hint: 'Put this into a page of yours. It plays there straight from its owner’s computer.',
      text: (atTime) =>
        embedCode({
          src: minimalUrl(url, part() ?? (atTime ? { s: String(secondS) } : null)),
          title: facts.title,
          kind: playback.media_type,
          size: embedSize(playback),
        }),
      ...(secondS >= 1 && !part() ? { atTimeLabel: `Start at ${clockText(secondS)}` } : {}),
    })
  })

  const { download_url: file, download_bytes: bytes } = playback
  const download = byId('download')
  if (file) download?.setAttribute('href', file)
  const size = byId('download-size')
  if (size && bytes !== undefined) size.textContent = bytesText(bytes)
  for (const it of [copy, byId('embed'), byId('actions')]) it?.removeAttribute('hidden')
}

const byId = (id: string): HTMLElement | null => document.getElementById(id)
