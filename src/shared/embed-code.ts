import type { Playback } from './api/share.ts'
import { timesQuery, type LinkTimes } from './link-times.ts'

/** Height of an embedded audio player, in CSS pixels: the controls and a little of the cover. */
const AUDIO_HEIGHT = 200
/** Box that an embed fits in unless somebody says how much room there is. */
const DEFAULT_BOX = { width: 960, height: 720 }

/** Address of the player alone. Times of a link that mean nothing are left out. */
export function minimalUrl(pageUrl: string, times: LinkTimes | null): string {
  const query = times ? timesQuery(times) : ''
  return `${pageUrl}?layout=minimal${query && `&${query}`}`
}

/** The largest size, in CSS pixels, with the shape of the media that fits into what is allowed. */
export function embedSize(
  { media_type: kind, width = 16, height = 9 }: Pick<Playback, 'media_type' | 'width' | 'height'>,
  max: { width?: number | undefined; height?: number | undefined } = {},
): { width: number; height: number } {
  const room = { width: max.width ?? DEFAULT_BOX.width, height: max.height ?? DEFAULT_BOX.height }
  if (kind === 'audio') {
    return { width: Math.min(room.width, 640), height: Math.min(room.height, AUDIO_HEIGHT) }
  }
  const scale = Math.min(room.width / width, room.height / height)
  const fit = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  return { width: fit(width), height: fit(height) }
}

/** HTML that puts a share's player into another page, at most as large as `size` and never wider than its place. */
export function embedCode(embed: {
  src: string
  title: string
  kind: Playback['media_type']
  size: { width: number; height: number }
}): string {
  const { width, height } = embed.size
  const shape = embed.kind === 'audio' ? `height:${height}px` : `height:auto;aspect-ratio:${width}/${height}`
  const attributes = {
    src: embed.src,
    title: embed.title,
    width,
    height,
    style: `border:0;width:100%;max-width:${width}px;${shape}`,
    loading: 'lazy',
    allow: 'autoplay; fullscreen; picture-in-picture',
  }
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escapeAttribute(value)}"`)
  return `<iframe ${written.join(' ')} allowfullscreen></iframe>`
}

/** Text that may stand in a quoted attribute, whatever reads it (S20). */
const escapeAttribute = (value: string | number): string =>
  String(value).replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
