import { minimalUrl } from '../../shared/embed-code.ts'
import { timesQuery, type LinkTimes } from '../../shared/link-times.ts'
import type { ShareCard } from '../shares/share-card.ts'
import { markup, type Markup } from './markup.ts'

/** Size of the card picture, `GET /poster/<id>.jpg?size=card`. */
export const CARD = { width: 1200, height: 630 } as const

/** Address of the oEmbed answer about a share's page. */
const oembedUrl = (pageUrl: string): string =>
  `${new URL(pageUrl).origin}/oembed?format=json&url=${encodeURIComponent(pageUrl)}`

/** How a card is shown: with the times of the link that was posted, and its film when that has been made. */
type Shown = { times: LinkTimes; hasFilm: boolean }

/**
 * The head of a share's page for chats and networks: Open Graph, Twitter card, oEmbed discovery. A link to a moment stays
 * that: who shows the card reads the address that it names.
 */
export function shareCard(card: ShareCard, { times, hasFilm }: Shown): Markup {
  const { title, description, pictureUrl, isFramable } = card
  const isVideo = card.mediaType !== 'audio'
  const query = timesQuery(times)
  const pageUrl = `${card.pageUrl}${query && `?${query}`}`
  const filmUrl = hasFilm ? card.film?.url : card.fileUrl
  const hasPlayer = isFramable && pageUrl.startsWith('https:')
  return markup`${description && property('description', description, 'name')}
<link rel="canonical" href="${card.pageUrl}">
${isFramable && markup`<link rel="alternate" type="application/json+oembed" href="${oembedUrl(pageUrl)}" title="${title}">`}
${property('og:site_name', 'Matinee')}
${property('og:type', isVideo ? 'video.other' : 'music.song')}
${property('og:title', title)}
${property('og:url', pageUrl)}
${description && property('og:description', description)}
${pictureUrl && picture(pictureUrl, title)}
${filmUrl && film(filmUrl, card)}
${property('twitter:card', hasPlayer ? 'player' : pictureUrl ? 'summary_large_image' : 'summary', 'name')}
${hasPlayer && player(card, times)}
${filmUrl?.startsWith('https:') && streamed(filmUrl)}`
}

const picture = (url: string, title: string): Markup => markup`${property('og:image', url)}
${url.startsWith('https:') && property('og:image:secure_url', url)}
${property('og:image:type', 'image/jpeg')}
${property('og:image:width', CARD.width)}
${property('og:image:height', CARD.height)}
${property('og:image:alt', title)}`

/** A file that chats play themselves: a small MP4. Of its size they take the shape. */
function film(url: string, { width, height }: ShareCard): Markup {
  return markup`${property('og:video', url)}
${url.startsWith('https:') && property('og:video:secure_url', url)}
${property('og:video:type', 'video/mp4')}
${width && property('og:video:width', width)}
${height && property('og:video:height', height)}`
}

/** The player of a share for everyone in a frame, which is shown on https alone. */
function player({ pageUrl, width = 1280, height = 720 }: ShareCard, times: LinkTimes): Markup {
  return markup`${property('twitter:player', minimalUrl(pageUrl, times), 'name')}
${property('twitter:player:width', width, 'name')}
${property('twitter:player:height', height, 'name')}`
}

const streamed = (url: string): Markup => markup`${property('twitter:player:stream', url, 'name')}
${property('twitter:player:stream:content_type', 'video/mp4', 'name')}`

/** Open Graph names its tags by `property`, everybody else by `name`. */
function property(name: string, content: string | number, kind: 'property' | 'name' = 'property'): Markup {
  return kind === 'property'
    ? markup`<meta property="${name}" content="${content}">`
    : markup`<meta name="${name}" content="${content}">`
}
