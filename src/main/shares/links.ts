import type { StoredShare } from '../store/shares.ts'
import { needsPass } from './access.ts'
import { signToken, type Purpose, type Window } from './token.ts'

/** How long the stream and poster of a share that is not for everyone can be fetched by one address, in ms. */
const STREAM_MS = 12 * 60 * 60_000
/** How long its download can, in ms: the address of a whole file is worth more than its time. */
const DOWNLOAD_MS = 5 * 60_000
/**
 * Ends of tokens are rounded up to this, in ms. Those handed out within one step are the same to the byte, and with
 * them the answer of the API and its `ETag`: a client that asks again soon gets its 304, and what it holds is still
 * good for the time promised.
 */
const STEP_MS = 10_000

/** Paths of a share's media on the share listener. */
export type MediaPaths = {
  stream: string
  poster: string
  download: string
  /** When the stream can be fetched no more, in Unix ms; null when that is at no time. */
  streamExpiresAt: number | null
  /** When a download can begin no more, in Unix ms; null when that is at no time. */
  downloadExpiresAt: number | null
}

/** Paths of what chats show of a share. */
export type CardPaths = {
  picture: string
  /** The key of its film, which may not have been made. */
  filmKey: string
}

/** What of a share is to be addressed: the name that a download gets, and the part that it is asked for. */
export type Linked = {
  filename: string
  /** Only this stretch of the file; null for all that the share is of. */
  clip: Window | null
  /** The session of the viewer whom the addresses are for, and with which they end; none when they are for the owner. */
  session?: string | undefined
}

/**
 * Makes the addresses of media: the id of a share for everyone opens it, others get tokens that end. A part of a share
 * always has tokens; those of a share for everyone do not end.
 */
export function createLinks({
  secret,
  now,
}: {
  secret: Uint8Array
  now: () => number
}): (share: StoredShare, linked: Linked) => MediaPaths {
  return (share, { filename, clip, session }) => {
    const isOpen = !needsPass(share)
    const endOf = (validMs: number): number => Math.ceil((now() + validMs) / STEP_MS) * STEP_MS
    const key = (purpose: Purpose, validMs: number): string =>
      isOpen && !clip
        ? share.id
        : signToken(secret, {
            ...{ shareId: share.id, purpose, window: clip },
            expiresAt: isOpen ? null : endOf(validMs),
            ...(session === undefined || isOpen ? {} : { session }),
          })
    return {
      stream: `/stream/${key('stream', STREAM_MS)}/main.m3u8`,
      poster: `/poster/${key('poster', STREAM_MS)}.jpg`,
      download: `/download/${key('download', DOWNLOAD_MS)}/${inUrl(filename)}`,
      streamExpiresAt: isOpen ? null : Math.min(endOf(STREAM_MS), share.expiresAt ?? Infinity),
      // The share itself may end before its token.
      downloadExpiresAt: isOpen ? null : Math.min(endOf(DOWNLOAD_MS), share.expiresAt ?? Infinity),
    }
  }
}

/**
 * Makes the addresses that stand on a share's card, of all of it or of a part. What not everybody may see has tokens
 * without an end: they hold until the share is gone, or its card is to show less.
 */
export const createCardLinks =
  (secret: Uint8Array): ((share: StoredShare, clip: Window | null) => CardPaths) =>
  (share, clip) => {
    const isOpen = !needsPass(share)
    const key = (purpose: Purpose): string =>
      isOpen && !clip
        ? share.id
        : signToken(secret, { shareId: share.id, purpose, window: clip, expiresAt: null })
    return {
      picture: isOpen ? `/poster/${key('poster')}.jpg?size=card` : `/card-picture/${key('card_picture')}.jpg`,
      filmKey: key('card_film'),
    }
  }

/** Lone surrogates of a strange file name would make encodeURIComponent throw. */
const inUrl = (name: string): string => encodeURIComponent(name.toWellFormed())
