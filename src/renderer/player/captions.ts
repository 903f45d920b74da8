import { el } from './dom.ts'

/** Captions to choose; no others are called so. */
export type CaptionChoice = { name: string; language?: string; forced: boolean; url: string }

/** Captions of a player, drawn by ourselves. */
export interface Captions {
  /** The lines, over the picture. */
  readonly element: HTMLElement
  /** Name of those that are shown; null for none. */
  readonly shown: string | null
  /** True when somebody turned some on; those of single scenes are shown unasked. */
  readonly isOn: boolean
  show(name: string | null): void
  /** Turns on those that were shown last, or off again. Returns the name of those that were turned on. */
  toggle(): string | null
  /** What was not read yet lies elsewhere now: `moved` tells where. */
  renew(moved: (url: string) => string): void
}

/**
 * Draws captions over the picture. The browser reads them, by `<track>` elements; it would draw them under our
 * controls, and each browser in its own way. `onFailure` is told when some could not be had.
 */
export function createCaptions(
  media: HTMLMediaElement,
  choices: readonly CaptionChoice[],
  onFailure: (name: string) => void,
): Captions {
  const element = el('div', { class: 'captions' })
  let shown: string | null = null
  let last = preferred(choices, navigator.languages)
  // Those of single scenes are meant for whoever chose nothing.
  const scenes = choices.filter((it) => it.forced)
  const unasked = scenes.length === 1 ? (scenes[0]?.name ?? null) : null
  // iPhones play full screen without our page around the picture: there the browser has to draw.
  let isBare = false

  const draw = (): void => {
    const track = isBare ? undefined : tracks.find((it) => it.track.label === shown)?.track
    const cues = Array.from(track?.activeCues ?? []).filter((it) => it instanceof VTTCue)
    element.replaceChildren(...groups(cues))
  }
  const tracks = choices.map(({ name, language, url }) => {
    const track = el('track', { kind: 'subtitles', label: name, srclang: language, src: url })
    track.addEventListener('cuechange', draw)
    track.addEventListener('load', draw)
    track.addEventListener('error', () => {
      if (shown !== name) return
      captions.show(null)
      onFailure(name)
    })
    return track
  })
  media.append(...tracks)

  const dress = (): void => {
    // Not only our tracks: the browser's own HLS lists those of the stream too.
    for (const track of media.textTracks) {
      if (track.kind === 'metadata') continue
      const isOurs = tracks.some((it) => it.track === track)
      track.mode = isOurs && track.label === shown ? (isBare ? 'showing' : 'hidden') : 'disabled'
    }
    draw()
  }
  for (const [event, bare] of [
    ['webkitbeginfullscreen', true],
    ['webkitendfullscreen', false],
    ['enterpictureinpicture', true],
    ['leavepictureinpicture', false],
  ] as const) {
    media.addEventListener(event, () => {
      isBare = bare
      dress()
    })
  }

  media.textTracks.addEventListener('addtrack', dress)

  const captions: Captions = {
    element,
    get shown() {
      return shown
    },
    get isOn() {
      return shown !== null && shown !== unasked
    },
    show(name) {
      const wanted = choices.find((it) => it.name === name)
      if (name !== unasked) last = wanted ?? last
      shown = wanted?.name ?? null
      element.lang = wanted?.language ?? ''
      dress()
    },
    toggle() {
      captions.show(captions.isOn ? unasked : (last?.name ?? null))
      return captions.isOn ? shown : null
    },
    renew(moved) {
      for (const [at, track] of tracks.entries()) {
        const url = choices[at]?.url
        if (url !== undefined && track.readyState !== HTMLTrackElement.LOADED) track.src = moved(url)
      }
    },
  }
  if (unasked !== null) captions.show(unasked)
  return captions
}

/** Those in a language of the viewer, the first of which counts most; else the first that tell everything. */
export function preferred(
  choices: readonly CaptionChoice[],
  languages: readonly string[],
): CaptionChoice | undefined {
  const base = (language: string | undefined): string | undefined => language?.split('-')[0]?.toLowerCase()
  const whole = choices.filter((it) => !it.forced)
  for (const language of languages) {
    const found = whole.find((it) => it.language !== undefined && base(it.language) === base(language))
    if (found) return found
  }
  return whole[0] ?? choices[0]
}

/** Cues where they belong: most along the lower edge, some along the upper one, and to a side. */
function groups(cues: readonly VTTCue[]): HTMLElement[] {
  const upper = cues.filter(isUpper)
  const lower = cues.filter((it) => !isUpper(it))
  return [
    { name: 'upper', of: upper },
    { name: 'lower', of: lower },
  ]
    .filter(({ of }) => of.length > 0)
    .map(({ name, of }) => el('div', { class: `captions__${name}` }, ...of.map(lineOf)))
}

/** WebVTT section 3.1: `line` counts lines from above, those below 0 from below, or is a percentage. */
const isUpper = ({ line, snapToLines }: VTTCue): boolean =>
  typeof line === 'number' && line >= 0 && (snapToLines ? line < 5 : line < 50)

/** The browser has made elements of the cue's tags: of none but those of WebVTT, and its text is text. */
function lineOf(cue: VTTCue): HTMLElement {
  const text = el('span', { class: 'captions__text' })
  text.append(cue.getCueAsHTML())
  const side = { start: 'start', left: 'start', end: 'end', right: 'end', center: undefined }[cue.align]
  return el('div', { class: 'captions__cue', 'data-side': side }, text)
}
