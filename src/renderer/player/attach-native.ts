import type { AttachedStream, StreamOptions } from './attached-stream.ts'
import { remedyFor } from './recovery.ts'

/** Tracks of sound as Safari shows them (HTML section 4.8.11.10); other browsers, and TypeScript, do not. */
type WithAudioTracks = { audioTracks?: ArrayLike<{ label: string; enabled: boolean }> }

/** Plays HLS by the browser itself: iPhones have no Media Source Extensions. */
export function attachNative(
  media: HTMLMediaElement,
  { url, startS, onFailure }: StreamOptions,
): AttachedStream {
  let address = url
  let fromS = startS
  let sound: string | null = null
  const enableSound = (): void => {
    const tracks = Array.from((media as WithAudioTracks).audioTracks ?? [])
    if (!tracks.some((it) => it.label === sound)) return
    for (const track of tracks) track.enabled = track.label === sound
  }
  const begin = (): void => {
    if (fromS > 0) media.currentTime = fromS
    enableSound()
  }
  const fail = (): void => {
    // The element does not tell what the server said: ask.
    fetch(address, { cache: 'no-store' }).then(
      ({ status }) => {
        const remedy = remedyFor(
          { kind: status < 400 ? 'other' : 'network', status },
          { reloads: 9, recoveries: 9 },
        )
        if (remedy.do === 'end') onFailure(remedy.failure)
      },
      () => onFailure('network'),
    )
  }
  media.addEventListener('loadedmetadata', begin)
  media.addEventListener('error', fail)
  media.src = url
  return {
    loadAhead: () => undefined,
    chooseSound(name) {
      sound = name
      enableSound()
    },
    // The browser goes by the line, and lets nobody else choose.
    chooseQuality: () => undefined,
    // The browser took the addresses of all parts from the first one, and takes others only by starting over.
    renew(fresh) {
      address = fresh
    },
    retry() {
      fromS = media.currentTime || startS
      media.src = address
      media.load()
    },
    destroy() {
      media.removeEventListener('loadedmetadata', begin)
      media.removeEventListener('error', fail)
      media.removeAttribute('src')
      media.load()
    },
  }
}
