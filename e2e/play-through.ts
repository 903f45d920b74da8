import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { serveSite, type Site } from './sites.ts'

/*
 * A page of somebody else's that plays streams by hls.js, and what a browser does on it: it plays a stream, jumps four
 * times, then loads all of it. What runs in the page is a function that needs nothing from around it, so that any
 * browser can be given its text.
 */

const require = createRequire(import.meta.url)
const SCRIPTS: Readonly<Record<string, string>> = {
  '/light.js': require.resolve('hls.js/dist/hls.light.min.js'),
  '/full.js': require.resolve('hls.js/dist/hls.min.js'),
}

/** Serves a page at `/light` and one at `/full`, each with that build of hls.js. */
export const servePlayers = (): Promise<Site> =>
  serveSite((path) => {
    const script = SCRIPTS[path]
    if (script !== undefined) return { type: 'text/javascript', body: readFileSync(script) }
    const body = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="${path}.js"></script>`
    return { type: 'text/html', body }
  })

/** What is played; `isHeard`: with its sound, whose level is measured, where the browser may play sound unasked. */
export type PlayRequest = { url: string; isHeard: boolean }

/** What became of one stream. */
export type Outcome = {
  /** In words; none when it played without fault. */
  errors: string[]
  /** What was buffered at the end, in seconds. */
  ranges: [number, number][]
  /** 0 while nobody knows. */
  durationS: number
  /** 0 for sound alone. */
  width: number
  height: number
  /** The loudest sample that was heard, 0 to 1; null when nobody listened. */
  loudest: number | null
  /** The browser says that it decoded sound. */
  decodesSound: boolean
  /** Choices of sound in the player. */
  sounds: number
}

/** Runs in the page. Plays a stream, jumps in it, waits until all of it is loaded. */
export async function playThrough({ url, isHeard }: PlayRequest): Promise<Outcome> {
  type HlsLike = {
    loadSource(url: string): void
    attachMedia(media: HTMLMediaElement): void
    destroy(): void
    on(event: string, listen: (name: string, data: { details: string; fatal: boolean }) => void): void
    readonly audioTracks?: readonly unknown[]
  }
  const Hls = (window as unknown as { Hls: new (config: object) => HlsLike }).Hls
  const errors: string[] = []
  // It plays on behind them.
  const holes = new Set<string>()
  const media = document.body.appendChild(document.createElement('video'))
  media.muted = !isHeard
  media.addEventListener('error', () => errors.push(`media: ${media.error?.message ?? ''}`))

  let loudest: number | null = null
  const audio = isHeard ? new AudioContext() : null
  if (audio) {
    const analyser = audio.createAnalyser()
    audio.createMediaElementSource(media).connect(analyser)
    // It runs only while something wants its result; nobody has to hear it.
    const silence = audio.createGain()
    silence.gain.value = 0
    analyser.connect(silence).connect(audio.destination)
    const samples = new Float32Array(analyser.fftSize)
    loudest = 0
    const listen = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      loudest = samples.reduce((most, it) => Math.max(most, Math.abs(it)), loudest ?? 0)
      if (audio.state === 'closed') clearInterval(listen)
    }, 25)
  }

  // The best of several pictures from the start on: it is the one that is laid beside the source.
  const hls = new Hls({ maxBufferLength: 120, backBufferLength: 120, abrEwmaDefaultEstimate: 50_000_000 })
  hls.on('hlsError', (_, { details, fatal }) => {
    // Sound of Opus and pictures of FLV begin some ms late. hls.js steps over that, to at least 0.1 s behind it.
    const isHole = details.includes('Hole') && media.currentTime > 0.2
    if (fatal) errors.push(`hls.js: ${details}`)
    else if (isHole) holes.add(`hls.js: ${details} at ${media.currentTime.toFixed(1)} s`)
  })
  hls.loadSource(url)
  hls.attachMedia(media)

  const until = (what: string, condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const startedMs = performance.now()
      const look = (): void => {
        const isLate = performance.now() - startedMs > 30_000
        if (isLate) errors.push(`${what}: never, at ${media.currentTime} s`)
        if (isLate || errors.length > 0 || condition()) resolve()
        else setTimeout(look, 20)
      }
      look()
    })
  // A stream may be shorter than what is waited for.
  const passes = (toS: number): boolean =>
    media.ended || (!media.seeking && media.currentTime > Math.min(toS, media.duration - 0.05))
  // WebKitGTK may leave it open for ever.
  const play = async (): Promise<void> => {
    let isSettled = false
    const settle = (): boolean => (isSettled = true)
    media.play().then(settle, (error: unknown) => settle() && errors.push(`play: ${String(error)}`))
    await until('play', () => isSettled)
  }
  await play()
  await until('begins', () => passes(0.3))
  for (const part of errors.length === 0 ? [0.65, 0.2, 0.85, 0.45] : []) {
    const toS = media.duration * part
    media.currentTime = toS
    await until(`seek to ${toS} s`, () => passes(toS + 0.15))
    if (media.ended) await play()
  }
  if (audio && errors.length === 0) await until('is heard', () => (loudest ?? 0) > 0.01 || media.ended)
  media.pause()
  // Players load on from where they stand.
  media.currentTime = 0
  const ranges = (): [number, number][] =>
    Array.from({ length: media.buffered.length }, (_, at) => [
      media.buffered.start(at),
      media.buffered.end(at),
    ])
  await until('is loaded whole', () => {
    const [[, endS] = [1, 0], ...more] = ranges()
    return more.length === 0 && endS > media.duration - 0.3
  })
  const startS = ranges()[0]?.[0] ?? 0
  if (startS >= 0.1) errors.push(`begins at ${startS.toFixed(1)} s`)
  const engine = media as unknown as { webkitAudioDecodedByteCount?: number; mozHasAudio?: boolean }
  const outcome = {
    decodesSound: engine.mozHasAudio ?? (engine.webkitAudioDecodedByteCount ?? 0) > 0,
    ...{ errors: [...errors, ...holes], ranges: ranges(), durationS: media.duration || 0, loudest },
    ...{ width: media.videoWidth, height: media.videoHeight },
    sounds: hls.audioTracks?.length ?? 0,
  }
  hls.destroy()
  media.remove()
  // Nobody waits for it: see `play`.
  void audio?.close()
  return outcome
}
