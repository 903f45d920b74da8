import type { Playback } from '../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../shared/embed-code.ts'
import { bytesText, clockText } from '../../shared/media-text.ts'
import type { ShareFacts } from '../../shared/share-facts.ts'
import type { Player } from '../player/player.ts'
import { copyText, showCopied } from './clipboard.ts'
import { linkAt, pageUrl } from './link.ts'
import { openTextDialog } from './text-dialog.ts'

/** Brings the buttons below the player to life: copy the link at this time, download, embed. */
export function wireActions(facts: ShareFacts, playback: Playback, player: Player): void {
  const url = pageUrl(location, facts.shareUrl)
  const atS = (): number => Math.floor(player.media.currentTime)

  const label = byId('copy-label')
  const copy = byId('copy')
  let stopDone: (() => void) | undefined
  const labelText = (): string => (atS() >= 1 ? `Copy link at ${clockText(atS())}` : 'Copy link')
  player.media.addEventListener('timeupdate', () => {
    if (label && !label.hasAttribute('data-done') && label.textContent !== labelText()) {
      label.textContent = labelText()
    }
  })
  copy?.addEventListener('click', () => {
    const link = linkAt(url, atS())
    void copyText(link).then((copied) => {
      stopDone?.()
      if (copied && label) stopDone = showCopied(label, labelText)
      else openTextDialog({ title: 'Link', hint: 'Copy it from here.', text: () => link })
    })
  })

  byId('embed')?.addEventListener('click', () => {
    player.pause()
    const at = atS()
    openTextDialog({
      title: 'Embed code',
      hint: 'Put this into your own page. It plays there from this computer, as here.',
      text: (atTime) =>
        embedCode({
          src: minimalUrl(url, atTime ? String(at) : null),
          title: facts.title,
          kind: playback.media_type,
          size: embedSize(playback),
        }),
      ...(at >= 1 ? { atTimeLabel: `Start at ${clockText(at)}` } : {}),
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
