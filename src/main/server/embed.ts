import type { Playback, Share } from '../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../shared/embed-code.ts'
import type { LinkTimes } from '../../shared/link-times.ts'
import { CARD } from './share-card.ts'

/** The share and the times that a page address names; null when it is none of ours. */
export function shareIn(address: string): { id: string; times: LinkTimes } | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  const id = /^\/share\/([^/]+)\/?$/.exec(url.pathname)?.[1]
  if (!id || !/^https?:$/.test(url.protocol)) return null
  const [s, e, clip] = ['s', 'e', 'clip'].map((name) => url.searchParams.get(name))
  return { id, times: { s: s ?? null, e: e ?? null, clip: clip ?? null } }
}

/** What somebody wants to embed, where, and how much room there is for it (CSS pixels). */
export type EmbedRequest = {
  /** Address of the share's page to build on. */
  pageUrl: string
  times: LinkTimes
  maxwidth?: number | undefined
  maxheight?: number | undefined
}

/** The answer about a public share (oEmbed 1.0, section 2.3.4). */
export function oembedAnswer(share: Share, playback: Playback, request: EmbedRequest) {
  const { pageUrl, times, maxwidth, maxheight } = request
  const { origin } = new URL(pageUrl)
  const title = share.title ?? ''
  const size = embedSize(playback, { width: maxwidth, height: maxheight })
  return {
    version: '1.0',
    type: 'video',
    provider_name: 'Matinee',
    provider_url: origin,
    title,
    ...size,
    html: embedCode({ src: minimalUrl(pageUrl, times), title, kind: playback.media_type, size }),
    ...(share.preview_url
      ? {
          thumbnail_url: `${origin}${new URL(share.preview_url).pathname}?size=card`,
          thumbnail_width: CARD.width,
          thumbnail_height: CARD.height,
        }
      : {}),
  }
}
