/** Knows which picture a media element shows, and how long one stands. */
export interface FrameClock {
  /** Length of a picture in seconds; of sound a tenth of a second. */
  readonly frameS: number
  /** Where the picture begins that is on the screen, or will be once the player has got there; seconds. */
  shownS(): number
  /** Notes which picture the player is sent to. Returns where to seek: inside of it, so that rounding cannot miss it. */
  aimAt(seconds: number): number
  stop(): void
}

/** Sound has no pictures to step by. */
const SOUND_STEP_S = 0.1
/** So far into a picture seeks go, as a part of its length. */
const INSIDE = 0.25

/**
 * Follows the pictures of `media`. Its clock runs on between two of them and stops anywhere, so that the browser's word
 * for the picture itself counts where it gives one (requestVideoFrameCallback).
 */
export function followFrames(media: HTMLMediaElement, frameRate: number | undefined): FrameClock {
  const isVideo = media instanceof HTMLVideoElement
  const frameS = isVideo ? 1 / (frameRate ?? 30) : SOUND_STEP_S
  const ends = new AbortController()
  const { signal } = ends
  let pictureS: number | null = null
  let aimS: number | null = null

  const arrive = (): void => {
    // A seek that waited for this one goes on to where the aim is.
    if (!media.seeking) aimS = null
  }
  const tells = isVideo && 'requestVideoFrameCallback' in media
  if (tells) {
    const note = (_now: number, { mediaTime }: { mediaTime: number }): void => {
      pictureS = mediaTime
      arrive()
      if (!signal.aborted) media.requestVideoFrameCallback(note)
    }
    media.requestVideoFrameCallback(note)
    // What is on the screen is not what is meant any more.
    media.addEventListener('seeking', () => (pictureS = null), { signal })
  } else {
    media.addEventListener('seeked', arrive, { signal })
  }

  return {
    frameS,
    shownS() {
      if (aimS !== null) return aimS
      if (pictureS !== null) return pictureS
      return isVideo ? Math.max(0, Math.floor(media.currentTime / frameS + 0.01) * frameS) : media.currentTime
    },
    aimAt(seconds) {
      aimS = Math.max(0, seconds)
      return isVideo ? aimS + INSIDE * frameS : aimS
    },
    stop: () => ends.abort(),
  }
}
