/** A share, or the moment that a link names, has a film on its card up to this length in seconds. */
export const LONGEST_CARD_FILM_S = 60
/** The most bytes of such a film: chats fetch it as a whole, within some seconds, before they show it. */
export const MOST_CARD_FILM_BYTES = 8_000_000
