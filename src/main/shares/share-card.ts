import type { File } from '../../shared/api/file.ts'
import { LONGEST_CARD_FILM_S } from '../../shared/card-film.ts'
import type { StoredShare } from '../store/shares.ts'
import { isOnCard, needsPass } from './access.ts'
import type { CardPaths, MediaPaths } from './links.ts'
import { durationOf, hasPicture, titleOf, type Asset, type Base } from './share-view.ts'
import type { Window } from './token.ts'

/**
 * What a chat shows of a share where its link is posted, to whoever reads along. Addresses are absolute; those of a
 * private share are of the card alone, and end when its owner has less of it shown.
 */
export type ShareCard = {
  title: string
  description?: string
  /** Address of the share's page. */
  pageUrl: string
  mediaType: File['media_type'] | null
  /** Pixels of its picture as it is shown. */
  width?: number
  height?: number
  pictureUrl?: string
  /** Its film, which may not have been made, and the key that opens it; absent where it gets none. */
  film?: { key: string; url: string }
  /** The file itself, where a chat can play it: a small MP4 that everyone may have. */
  fileUrl?: string
  /** True for one that plays in the frame of another site. */
  isFramable: boolean
}

/** Chats play a file themselves up to about this size; a larger one they would only fetch and drop. */
const MOST_FILE_BYTES = 32_000_000

/** The card of a row; `clip` is the part of it that the link names, which only a share for everyone can be asked for. */
export function toCard(
  share: StoredShare,
  asset: Asset,
  {
    paths,
    window,
    base,
  }: { paths: CardPaths & Pick<MediaPaths, 'download'>; window: Window | null; base: Base },
): ShareCard {
  const { file } = asset
  const { video } = file.media ?? {}
  const lengthS = durationOf(file, window)
  const isShort = lengthS !== undefined && lengthS <= LONGEST_CARD_FILM_S
  const film = { key: paths.filmKey, url: `${base.url}/card-film/${paths.filmKey}.mp4` }
  const isReady = share.status === 'completed'
  const isOpen = isReady && !needsPass(share)
  return {
    title: titleOf(share, asset),
    ...(share.description === null ? {} : { description: share.description }),
    pageUrl: `${base.url}/share/${share.id}`,
    mediaType: file.mediaType,
    ...(video ? { width: video.width, height: video.height } : {}),
    ...(hasPicture(file, window) ? { pictureUrl: `${base.url}${paths.picture}` } : {}),
    ...(isReady && video && isShort && isOnCard(share, 'card_film') ? { film } : {}),
    ...(isOpen && video && isSmallMp4(file) && !window ? { fileUrl: `${base.url}${paths.download}` } : {}),
    isFramable: isOpen,
  }
}

const isSmallMp4 = ({ filename, bytes }: Asset['file']): boolean =>
  /\.mp4$/i.test(filename) && bytes <= MOST_FILE_BYTES
