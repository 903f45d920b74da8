import { momentIn, type LinkTimes } from '../../shared/link-times.ts'
import { AppError } from '../base/errors.ts'
import { within } from '../base/within.ts'
import type { ShareCard } from '../shares/share-card.ts'
import type { Deps } from './deps.ts'
import type { Markup } from './markup.ts'
import { shareCard } from './share-card.ts'

/** Chats read a page once, and give up on it after some seconds: a film that is copied is ready by then. */
const PATIENCE_MS = 2_000

/** Writes the card of a share for the head of its page; `isForChat`: who asks comes for nothing else. */
export type PageCard = (id: string, times: LinkTimes, isForChat: boolean) => Promise<Markup>

/** Makes the writer. It throws AppError as `shares.card` does, of a private share that shows none. */
export function createPageCard({ shares }: Pick<Deps, 'shares'>): PageCard {
  /** The card of the moment that the link names; of all of it when that is no moment of this share. */
  const cardOf = (id: string, times: LinkTimes): ShareCard => {
    const moment = momentIn(times)
    try {
      if (moment) return shares.card(id, { clip_start: moment.startS, clip_end: moment.endS })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'bad_request') throw error
    }
    return shares.card(id)
  }
  /** A chat never asks twice: a film is named when it is there, and waited for a little by who shows it. */
  const isThere = async (key: string, isForChat: boolean): Promise<boolean> => {
    try {
      if ((await shares.findCardFilm(key)) !== null) return true
      if (!isForChat) return false
      await within(shares.makeCardFilm(key), PATIENCE_MS, () => new AppError('busy', 'It is not ready yet.'))
      return true
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }
  return async (id, times, isForChat) => {
    const card = cardOf(id, times)
    const hasFilm = card.film !== undefined && (await isThere(card.film.key, isForChat))
    return shareCard(card, { times, hasFilm })
  }
}
