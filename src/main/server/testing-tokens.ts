import type { Share } from '../../shared/api/share.ts'
import { signToken } from '../shares/token.ts'
import type { ShareAddress } from './share-addresses.ts'

/** What a token of a share can be had for. */
export type TokenPurpose = NonNullable<ShareAddress['purpose']>

/** The token that a share hands out: by the API, or on its card, which names the very same as is signed here. */
export function tokenOf(secret: Uint8Array, share: Share, purpose: TokenPurpose): string {
  if (purpose === 'card_picture' || purpose === 'card_film') {
    return signToken(secret, { shareId: share.id, purpose, window: null, expiresAt: null })
  }
  const { stream_url, media_download_url, preview_url } = share
  const url = { stream: stream_url, download: media_download_url, poster: preview_url }[purpose] ?? ''
  return (url.split('/')[4] ?? '').replace(/\.jpg$/, '')
}
