/** Seeks of a media element, never more than one at a time. */
export interface Seeking {
  /** Where the element is, or will be when the running seek has ended; seconds. */
  position(): number
  to(seconds: number): void
  destroy(): void
}

/**
 * Makes seeks orderly: while one runs, only the newest wish is kept, so that dragging along the bar does not queue up
 * loading that nobody will see. `durationS` says where the end is.
 */
export function createSeeking(media: HTMLMediaElement, durationS: () => number): Seeking {
  /** Where the element shall go, until it is there; and where it was sent last. */
  let wish: number | null = null
  let sentTo: number | null = null

  const send = (seconds: number): void => {
    sentTo = seconds
    media.currentTime = seconds
  }
  const settled = (): void => {
    // Compared with what was sent, not with where it landed: an element may land beside it, at its own end.
    if (wish !== null && wish !== sentTo) send(wish)
    else wish = null
  }
  media.addEventListener('seeked', settled)

  return {
    position: () => wish ?? media.currentTime,
    to(seconds) {
      const endS = durationS()
      wish = Math.min(Math.max(0, seconds), endS > 0 ? endS : seconds)
      // Before the first data there is nothing to seek in; the element takes it as where to start.
      if (!media.seeking || media.readyState === 0) send(wish)
    },
    destroy() {
      media.removeEventListener('seeked', settled)
    },
  }
}
