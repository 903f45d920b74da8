import { clockText } from '../../shared/media-text.ts'
import { SPEEDS, speedText, type Actions } from './actions.ts'
import type { CaptionChoice, Captions } from './captions.ts'
import { chapterAt, type Chapter } from '../../shared/chapters.ts'
import type { MenuSection } from './menu.ts'

/** A track of sound to choose; no other one is called so. */
export type SoundChoice = { name: string; language?: string; default: boolean }

/** Choices that stand for no value of their own. */
const OFF = ''
const AUTO = ''

/** The speeds to play at. */
export function speedSection(media: HTMLMediaElement, actions: Pick<Actions, 'setSpeed'>): MenuSection {
  return {
    label: 'Speed',
    choices: () => SPEEDS.map((it) => ({ value: String(it), label: speedText(it) })),
    value: () => String(media.playbackRate),
    onChoose: (value) => actions.setSpeed(Number(value)),
  }
}

/** The qualities of a stream, which are known once it has begun to load. */
export function qualitySection(onChoose: (name: string | null) => void): {
  section: MenuSection
  tell: (names: readonly string[], current: string | undefined) => void
} {
  let names: readonly string[] = []
  let current: string | undefined
  let chosen = AUTO
  return {
    section: {
      label: 'Quality',
      choices: () => {
        if (names.length < 2) return []
        const auto = chosen === AUTO && current !== undefined ? `Auto (${current})` : 'Auto'
        return [{ value: AUTO, label: auto }, ...names.map((it) => ({ value: it, label: it }))]
      },
      value: () => chosen,
      onChoose(value) {
        chosen = value
        onChoose(value === AUTO ? null : value)
      },
    },
    tell(nextNames, nextCurrent) {
      names = nextNames
      current = nextCurrent
    },
  }
}

/** The tracks of sound. */
export function soundSection(sounds: readonly SoundChoice[], onChoose: (name: string) => void): MenuSection {
  let chosen = (sounds.find((it) => it.default) ?? sounds[0])?.name ?? ''
  return {
    label: 'Audio track',
    choices: () =>
      sounds.map(({ name, language }) => ({ value: name, label: name, ...(language && { language }) })),
    value: () => chosen,
    onChoose(name) {
      chosen = name
      onChoose(name)
    },
  }
}

/** The captions, and none of them. */
export function captionSection(
  choices: readonly CaptionChoice[],
  captions: Captions,
  onChoose: (name: string | null) => void,
): MenuSection {
  return {
    label: 'Captions',
    choices: () => [
      { value: OFF, label: 'Off' },
      ...choices.map(({ name, language }) => ({ value: name, label: name, ...(language && { language }) })),
    ],
    value: () => captions.shown ?? OFF,
    onChoose: (name) => onChoose(name === OFF ? null : name),
  }
}

/** The chapters, by their times. */
export function chapterSection(
  chapters: () => readonly Chapter[],
  position: () => number,
  onChoose: (seconds: number) => void,
): MenuSection {
  return {
    label: 'Chapters',
    choices: () =>
      chapters().map(({ startS, title }) => ({
        ...{ value: String(startS), label: title, note: clockText(startS) },
      })),
    value: () => String(chapterAt(chapters(), position())?.startS ?? ''),
    onChoose: (value) => onChoose(Number(value)),
  }
}
