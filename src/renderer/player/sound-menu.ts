import { el, icon } from './dom.ts'

/** A track of sound to choose; no other one is called so. */
export type SoundChoice = { name: string; language?: string; default: boolean }

/**
 * Makes the menu of the tracks of sound: an icon, over which lies the browser's own list. That one works by keys, by
 * touch and in full screen, and names may be as long as they like.
 */
export function createSoundMenu(
  choices: readonly SoundChoice[],
  onChoose: (name: string) => void,
): HTMLElement {
  const list = el('select', { class: 'player__list', 'aria-label': 'Audio track', title: 'Audio track' })
  for (const { name, language, default: selected } of choices) {
    // A voice that reads the list aloud reads each name in its language.
    list.append(el('option', { value: name, lang: language, selected }, name))
  }
  list.addEventListener('change', () => onChoose(list.value))
  return el('span', { class: 'player__button player__sound' }, icon('languages'), list)
}
