/** Knows which picture a media element shows, and how long one stands. */
export interface FrameClock {
  /** Length of a picture in seconds; of sound a tenth of a second. */
  readonly frameS: number
  /** Where the picture begins that is on the screen; seconds. */
  shownS(): number
  /** A point inside the picture that begins at `seconds`, for seeks: rounding cannot lead to the one before. */
  inside(seconds: number): number
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
  let pictureS: number | null = null

  if (isVideo && 'requestVideoFrameCallback' in media) {
    const note = (_now: number, { mediaTime }: { mediaTime: number }): void => {
      pictureS = mediaTime
      if (!ends.signal.aborted) media.requestVideoFrameCallback(note)
    }
    media.requestVideoFrameCallback(note)
    // From now on until it is shown, another picture is meant.
    media.addEventListener('seeking', () => (pictureS = null), { signal: ends.signal })
  }

  return {
    frameS,
    shownS() {
      if (pictureS !== null) return pictureS
      return isVideo ? Math.max(0, Math.floor(media.currentTime / frameS + 0.01) * frameS) : media.currentTime
    },
    inside: (seconds) => (isVideo ? seconds + INSIDE * frameS : seconds),
    stop: () => ends.abort(),
  }
}
