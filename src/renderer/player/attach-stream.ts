import { attachWithHlsJs } from './attach-hls.ts'
import { attachNative } from './attach-native.ts'
import type { AttachedStream, StreamOptions } from './attached-stream.ts'

/**
 * Plays an HLS stream: by hls.js where there is Media Source Extensions, else by the browser's own HLS (iPhones). Who
 * does not need hls.js does not load it.
 */
export function attachStream(media: HTMLMediaElement, options: StreamOptions): AttachedStream {
  if ('MediaSource' in window) return attachWithHlsJs(media, options)
  if (media.canPlayType('application/vnd.apple.mpegurl') !== '') return attachNative(media, options)
  queueMicrotask(() => options.onFailure('unplayable'))
  const nothing = (): void => undefined
  return {
    loadAhead: nothing,
    chooseSound: nothing,
    chooseQuality: nothing,
    renew: nothing,
    retry: nothing,
    destroy: nothing,
  }
}
