import type { Playback, Share } from '../../shared/api/share.ts'
import { minimalUrl } from '../../shared/embed-code.ts'
import { markup, type Markup } from './markup.ts'

/** Size of the card picture, `GET /poster/<id>.jpg?size=card`. */
export const CARD = { width: 1200, height: 630 } as const

/** Address of the oEmbed answer about a share. */
export const oembedUrl = ({ share_url: url }: Share): string =>
  `${new URL(url).origin}/oembed?format=json&url=${encodeURIComponent(url)}`

/** Chats play a file themselves up to about this size; a larger one they would only fetch and drop. */
const MAX_INLINE_BYTES = 32_000_000

/** The head of a public share's page for chats and networks: Open Graph, Twitter card, oEmbed discovery. */
export function shareCard(share: Share, playback: Playback): Markup {
  const title = share.title ?? ''
  const isVideo = playback.media_type !== 'audio'
  const { width = 1280, height = 720 } = playback
  const player = share.status === 'completed' && share.share_url.startsWith('https:')
  return markup`${share.description && property('description', share.description, 'name')}
<link rel="canonical" href="${share.share_url}">
<link rel="alternate" type="application/json+oembed" href="${oembedUrl(share)}" title="${title}">
${property('og:site_name', 'Matinee')}
${property('og:type', isVideo ? 'video.other' : 'music.song')}
${property('og:title', title)}
${property('og:url', share.share_url)}
${share.description && property('og:description', share.description)}
${share.preview_url && picture(share.preview_url, title)}
${isVideo && inlineVideo(share, playback)}
${property('twitter:card', player ? 'player' : share.preview_url ? 'summary_large_image' : 'summary', 'name')}
${
  player &&
  markup`${property('twitter:player', minimalUrl(share.share_url, null), 'name')}
${property('twitter:player:width', width, 'name')}
${property('twitter:player:height', height, 'name')}`
}`
}

const picture = (
  previewUrl: string,
  title: string,
): Markup => markup`${property('og:image', `${previewUrl}?size=card`)}
${property('og:image:type', 'image/jpeg')}
${property('og:image:width', CARD.width)}
${property('og:image:height', CARD.height)}
${property('og:image:alt', title)}`

/** The file itself, where a chat can play it: a small MP4. */
function inlineVideo({ media_download_url: url }: Share, playback: Playback): Markup | null {
  const { download_bytes: bytes = Infinity, width, height } = playback
  if (!url || !/\.mp4$/i.test(url) || bytes > MAX_INLINE_BYTES || !width || !height) return null
  return markup`${property('og:video', url)}
${property('og:video:type', 'video/mp4')}
${property('og:video:width', width)}
${property('og:video:height', height)}`
}

/** Open Graph names its tags by `property`, everybody else by `name`. */
function property(name: string, content: string | number, kind: 'property' | 'name' = 'property'): Markup {
  return kind === 'property'
    ? markup`<meta property="${name}" content="${content}">`
    : markup`<meta name="${name}" content="${content}">`
}
