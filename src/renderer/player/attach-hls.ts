import type Hls from 'hls.js'
import type { ErrorData, HlsConfig } from 'hls.js'
import type { AttachedStream, StreamOptions } from './attached-stream.ts'
import { levelOf, qualitiesOf } from './qualities.ts'
import { movedUrl } from './moved-url.ts'
import { FRESH, after, remedyFor, type Trouble } from './recovery.ts'

/** How long a stream has to play, in seconds, until earlier trouble is forgiven. */
const FORGIVEN_AFTER_S = 10
/** Loaded ahead while playing, and kept behind, in seconds and bytes. */
const AHEAD_S = 30
const BEHIND_S = 60
const AHEAD_BYTES = 60_000_000

/** A line that carries any segment at once: then hls.js changes quality with the segment after the one that is shown. */
const PROMPT_BPS = 1e9

/** A Media Segment may have to be made first, and come over a slow line; what fails is told soon, `remedyFor` goes on. */
const FRAGMENT_LOADING = {
  default: {
    maxTimeToFirstByteMs: 20_000,
    maxLoadTimeMs: 120_000,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 2_000 },
  },
}

/**
 * Plays HLS by hls.js, a chunk of its own that is loaded now. Its light build knows no more than one track of sound, and
 * is two thirds of the whole.
 */
export function attachWithHlsJs(
  media: HTMLMediaElement,
  { url, startS, hasSounds, onQualities, onFailure }: StreamOptions,
): AttachedStream {
  let destroyed = false
  let ahead = false
  let attempts = FRESH
  let timer: ReturnType<typeof setTimeout> | undefined
  let hls: Hls | undefined
  /** Where the stream lies now. What hls.js has read of it may name where it lay before. */
  let address = url
  let readFrom = url
  /** Chosen by the viewer; it stays when the stream is started over. */
  let sound: string | null = null
  let quality: string | null = null
  /** Where the last trouble was; played past it for long enough, it is forgiven. */
  let troubleAtS = -Infinity

  const forgive = (): void => {
    if (attempts !== FRESH && media.currentTime > troubleAtS + FORGIVEN_AFTER_S) attempts = FRESH
  }
  media.addEventListener('timeupdate', forgive)

  const switchSound = (): void => {
    const wanted = hls?.audioTracks.findIndex((it) => it.name === sound) ?? -1
    if (hls && wanted >= 0 && wanted !== hls.audioTrack) hls.audioTrack = wanted
  }

  const tellQualities = (): void => {
    if (!hls || !onQualities) return
    const qualities = qualitiesOf(hls.levels)
    onQualities(
      qualities.map((it) => it.name),
      qualities.find((it) => it.levels.includes(hls?.currentLevel ?? -1))?.name,
    )
  }
  const beginQuality = (): void => {
    // By itself it never takes a lower one: what is converted comes as fast as it is made, which hls.js would take for a
    // slow link, and a lower one would have to be made beside the other.
    if (hls) hls.config.minAutoBitrate = Math.max(...hls.levels.map(({ maxBitrate }) => maxBitrate))
    if (hls && quality !== null) hls.startLevel = levelOf(hls.levels, quality)
    if (hls && quality !== null) hls.nextLevel = levelOf(hls.levels, quality)
    tellQualities()
  }

  /** Asks for every part below the newest address, whatever the playlist stood below. */
  const moved = (xhr: XMLHttpRequest, asked: string): void => {
    xhr.open('GET', movedUrl(asked, readFrom, address), true)
  }

  const start = async (fromS: number): Promise<void> => {
    let Hls
    try {
      ;({ default: Hls } = await (hasSounds ? import('hls.js') : import('hls.js/light')))
    } catch {
      onFailure('network')
      return
    }
    if (destroyed) return
    if (!Hls.isSupported()) {
      onFailure('unplayable')
      return
    }
    hls?.destroy()
    hls = new Hls({
      // Fragments are passed through as they are; a worker would only delay the first of them.
      enableWorker: false,
      startFragPrefetch: true,
      startPosition: fromS > 0 ? fromS : -1,
      backBufferLength: BEHIND_S,
      fragLoadPolicy: FRAGMENT_LOADING,
      // The first variant is the file as it is; lower ones are made for who needs them. Until the line is known it is
      // taken to carry the first one.
      abrEwmaDefaultEstimateMax: Infinity,
      // Captions are files of their own, which the browser reads.
      enableWebVTT: false,
      enableIMSC1: false,
      enableCEA708Captions: false,
      // Nobody reads these; their tracks would begin with a `data:` address, which the page's policy refuses.
      enableID3MetadataCues: false,
      enableEmsgMetadataCues: false,
      enableDateRangeMetadataCues: false,
      ...soundsStay(Hls),
      ...(ahead ? bufferAhead : bufferLittle),
    })
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (data.fatal) handle(data)
    })
    if (hasSounds) hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, switchSound)
    hls.on(Hls.Events.MANIFEST_PARSED, beginQuality)
    hls.on(Hls.Events.LEVEL_SWITCHED, tellQualities)
    readFrom = address
    hls.loadSource(address)
    hls.attachMedia(media)
  }

  const handle = (data: ErrorData): void => {
    const remedy = remedyFor(troubleOf(data), attempts)
    attempts = after(remedy, attempts)
    troubleAtS = media.currentTime
    switch (remedy.do) {
      case 'reload':
        timer = setTimeout(() => {
          // Without a playlist there is nothing to go on with.
          if (hls?.levels.length && !isAboutPlaylist(data)) hls.startLoad()
          else {
            readFrom = address
            hls?.loadSource(address)
          }
        }, remedy.afterMs)
        return
      case 'swapAudioAndRecover':
        hls?.swapAudioCodec()
        hls?.recoverMediaError()
        return
      case 'recover':
        hls?.recoverMediaError()
        return
      case 'end':
        // Told first: taking hls.js away also pauses the element.
        onFailure(remedy.failure)
        hls?.destroy()
        hls = undefined
    }
  }

  void start(startS)
  return {
    loadAhead() {
      ahead = true
      if (hls) Object.assign(hls.config, bufferAhead)
    },
    chooseSound(name) {
      sound = name
      switchSound()
    },
    chooseQuality(name) {
      quality = name
      if (!hls) return
      // What it measured is how fast segments are made: by that it would play all that is loaded before it changes.
      hls.bandwidthEstimate = PROMPT_BPS
      // Automatic is the first one: by itself hls.js keeps the lower, for the slow link that it takes converting for.
      // Loaded pictures of another quality that lie ahead are loaded again; those that are shown play on.
      hls.nextLevel = levelOf(hls.levels, name ?? qualitiesOf(hls.levels)[0]?.name ?? '')
    },
    renew(fresh) {
      address = fresh
      // Read by hls.js for each request anew.
      if (hls) hls.config.xhrSetup = moved
    },
    retry() {
      const fromS = Number.isFinite(troubleAtS) ? troubleAtS : startS
      attempts = FRESH
      void start(fromS)
    },
    destroy() {
      destroyed = true
      clearTimeout(timer)
      media.removeEventListener('timeupdate', forgive)
      hls?.destroy()
    },
  }
}

/**
 * At a change of the track of sound, hls.js first drops all that is loaded of the old one, and then once more what lies
 * behind the Media Segment that is heard: up to where it takes that to begin. It knows nothing of edit lists, so that is
 * as much too late as they shift the presentation, and the first sounds of that segment would be lost for good.
 */
function soundsStay({ DefaultConfig }: typeof Hls): Partial<HlsConfig> {
  const { audioStreamController: Loader } = DefaultConfig
  // The light build has none.
  if (!Loader) return {}
  return {
    audioStreamController: class extends Loader {
      override cleanupBackBuffer(): void {}
    },
  }
}

/** hls.js loads until it has the length; more than that as long as it stays under the size. */
const bufferLittle = { maxBufferLength: 1, maxMaxBufferLength: 1, maxBufferSize: 0 }
const bufferAhead = { maxBufferLength: AHEAD_S, maxMaxBufferLength: 2 * AHEAD_S, maxBufferSize: AHEAD_BYTES }

/** hls.js names its errors by string enums, which a type import cannot compare with. */
const detailsOf = ({ details }: ErrorData): string => details

const isAboutPlaylist = (data: ErrorData): boolean => /^(manifest|level)/.test(detailsOf(data))

function troubleOf(data: ErrorData): Trouble {
  const type: string = data.type
  if (/^(manifestIncompatibleCodecs|bufferAddCodec|bufferIncompatibleCodecs)Error$/.test(detailsOf(data))) {
    return { kind: 'codec' }
  }
  if (type === 'networkError') return { kind: 'network', status: data.response?.code }
  return { kind: type === 'mediaError' ? 'media' : 'other' }
}
