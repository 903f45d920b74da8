import type { Playback } from '../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../shared/embed-code.ts'
import { bytesText, clockText } from '../../shared/media-text.ts'
import type { ShareFacts } from '../../shared/share-facts.ts'
import { el } from '../player/dom.ts'
import type { Player } from '../player/player.ts'
import { copyText } from '../ui/copy-text.ts'
import { showCopied } from './show-copied.ts'
import { linkAt, pageUrl } from './link.ts'
import { openTextDialog } from './text-dialog.ts'

/** Brings the buttons below the player to life: copy the link at this time, download, embed. */
export function wireActions(facts: ShareFacts, playback: Playback, player: Player): void {
  const url = pageUrl(location, facts.shareUrl)
  const atS = (): number => Math.floor(player.media.currentTime)

  const label = byId('copy-label')
  const at = el('span', { class: 'btn__at' })
  label?.append(at)
  player.media.addEventListener('timeupdate', () => {
    const text = atS() >= 1 ? ` at ${clockText(atS())}` : ''
    if (at.textContent !== text) at.textContent = text
  })
  const copy = byId('copy')
  copy?.addEventListener('click', () => {
    const link = linkAt(url, atS())
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
          src: minimalUrl(url, atTime ? String(secondS) : null),
          title: facts.title,
          kind: playback.media_type,
          size: embedSize(playback),
        }),
      ...(secondS >= 1 ? { atTimeLabel: `Start at ${clockText(secondS)}` } : {}),
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
