/** Playing this long makes a viewer, in seconds. */
const AFTER_S = 3
const SESSION_KEY = 'matinee-viewer'

/** Tells the server once, after three seconds of playing, that somebody watches. */
export function countView(shareId: string, media: HTMLMediaElement): void {
  const ends = new AbortController()
  let playedS = 0
  let last = media.currentTime

  const report = (): void => {
    ends.abort()
    void fetch(`/share/${shareId}/view`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: viewerId() }),
      keepalive: true,
    }).catch(() => undefined)
  }
  media.addEventListener(
    'timeupdate',
    () => {
      const step = media.currentTime - last
      last = media.currentTime
      // A seek is no playing; a `timeupdate` comes at least four times a second of it.
      if (step > 0 && step < 1) playedS += step / media.playbackRate
      if (playedS >= AFTER_S) report()
    },
    { signal: ends.signal },
  )
  // What is shorter than three seconds has been seen when it ends.
  media.addEventListener('ended', report, { signal: ends.signal })
}

/** A random id of this tab's session. It names nobody and is forgotten with the tab. */
function viewerId(): string {
  try {
    const known = sessionStorage.getItem(SESSION_KEY)
    if (known) return known
    const id = randomId()
    sessionStorage.setItem(SESSION_KEY, id)
    return id
  } catch {
    // Frames of other sites may have no storage at all.
    return randomId()
  }
}

/** 128 random bits. `randomUUID` does not exist on plain http. */
const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, '0')).join('')
