import { el } from '../player/dom.ts'

/** A word on a stream that plays while the rest of it is still made. */
export type PreparingNote = {
  /** `progress` 0..1; it is only told, never announced. */
  show: (progress: number) => void
  end: () => void
}

/** Puts the note into the line below the title, or into the player where there is no such line. */
export function createPreparingNote(player: HTMLElement): PreparingNote {
  const line = document.querySelector('.sp__line')
  const note = el('span', { class: line ? 'sp__preparing' : 'sp__preparing sp__preparing--over' })
  ;(line ?? player).append(note)
  return {
    show(progress) {
      note.textContent = `${line ? ' · preparing' : 'Preparing'}, ${Math.floor(progress * 100)} %`
    },
    end: () => note.remove(),
  }
}
