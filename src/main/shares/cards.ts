import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { StoredShare } from '../store/shares.ts'
import { isOnCard } from './access.ts'
import type { ClipQuery } from './clip.ts'
import type { CardFilms } from './deps.ts'
import type { createDoor } from './door.ts'
import type { OpenedShare } from './opened-share.ts'
import type { ShareCard } from './share-card.ts'
import type { ShareViews } from './share-views.ts'
import type { Purpose } from './token.ts'

/**
 * A film is begun so long after its share was made or changed, in ms: before a link is posted anywhere, but not of one that
 * is taken back at once, and not while its first page is loaded.
 */
const BEGIN_AFTER_MS = 1_500

/** What chats show of shares. All of it comes through the door, and throws as that does. */
export interface Cards {
  /** The card of a share by its id, with purpose `card`. Throws AppError `bad_request` for a clip that cannot be. */
  card(id: string, clip?: ClipQuery): ShareCard
  /** Where the film behind a key lies, which opens it with purpose `card_film`; null while there is none. */
  findCardFilm(key: string): Promise<string | null>
  /** Has it made, and resolves to where it lies then. Throws the reason when its share goes meanwhile. */
  makeCardFilm(key: string): Promise<string>
}

/** Keeps the films of cards in step with their shares. */
export interface CardKeeper {
  readonly cards: Cards
  /** Begins to make the film of a share that is to have one; ends that of one that is not to have it any more. */
  follow(share: StoredShare): void
  /** Ends what is made for a share that is gone; what another share wants too goes on for that. */
  stop(shareId: string): void
  /** Begins no more. */
  close(): void
}

type CardDeps = {
  door: ReturnType<typeof createDoor>
  open: (key: string, purpose: Purpose) => OpenedShare
  views: Pick<ShareViews, 'card'>
  films: CardFilms
  log: Log
}

/** Makes the keeper of cards. */
export function createCards({ door, open, views, films, log }: CardDeps): CardKeeper {
  const making = new Map<string, Set<AbortController>>()
  const waiting = new Map<string, NodeJS.Timeout>()

  const make = async (key: string): Promise<string> => {
    const { id } = door(key, 'card_film').share
    const run = new AbortController()
    const runs = making.get(id) ?? new Set()
    making.set(id, runs.add(run))
    try {
      return await films.make(open(key, 'card_film'), run.signal)
    } finally {
      runs.delete(run)
      if (runs.size === 0 && making.get(id) === runs) making.delete(id)
    }
  }
  const begin = async (share: StoredShare): Promise<void> => {
    const { film } = views.card(share, {})
    if (film) await make(film.key)
  }
  const stop = (shareId: string): void => {
    clearTimeout(waiting.get(shareId))
    waiting.delete(shareId)
    for (const run of making.get(shareId) ?? []) run.abort(new AppError('not_found', 'This share is gone.'))
    making.delete(shareId)
  }

  return {
    cards: {
      card: (id, clip = {}) => views.card(door(id, 'card').share, clip),
      findCardFilm: async (key) => films.find(open(key, 'card_film')),
      makeCardFilm: make,
    },
    follow(share) {
      if (share.deletedAt !== null || !isOnCard(share, 'card_film')) stop(share.id)
      else if (share.status === 'completed' && !waiting.has(share.id)) {
        const timer = setTimeout(() => {
          waiting.delete(share.id)
          begin(share).catch((error: unknown) => {
            // Without a film the card has its picture; whoever reads it next has it tried again.
            if (!(error instanceof AppError))
              log.warn({ err: error, shareId: share.id }, 'a card has no film')
          })
        }, BEGIN_AFTER_MS)
        waiting.set(share.id, timer.unref())
      }
    },
    stop,
    close() {
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
