import { el, icon } from './dom.ts'

/** What the player says beside playing: that it waits, what a key did, what went wrong. */
export interface Status {
  readonly elements: HTMLElement[]
  /** Shows that data is missing, when it stays so for a moment. */
  waiting(isWaiting: boolean): void
  /** Shows a note for a moment, or until the next one when it is to stay. */
  say(note: string, stay?: boolean): void
  /** Takes a note away. */
  hush(): void
  fail(message: string, onRetry?: () => void): void
  clearFailure(): void
  destroy(): void
}

/** Shorter waits are not worth a sign. */
const SPINNER_AFTER_MS = 300
const NOTE_MS = 900

/** Makes the signs of a player; they show by attributes of `root`. */
export function createStatus(root: HTMLElement): Status {
  const spinner = el('div', { class: 'player__spinner', role: 'status', 'aria-label': '' })
  const note = el('div', { class: 'player__note', role: 'status' })
  const failure = el('div', { class: 'player__failure', role: 'alert' })
  let spinnerTimer: ReturnType<typeof setTimeout> | undefined
  let noteTimer: ReturnType<typeof setTimeout> | undefined

  const spin = (isOn: boolean): void => {
    root.toggleAttribute('data-waiting', isOn)
    spinner.setAttribute('aria-label', isOn ? 'Loading' : '')
  }
  const hush = (): void => {
    root.toggleAttribute('data-note', false)
  }
  return {
    elements: [spinner, note, failure],
    waiting(isWaiting) {
      clearTimeout(spinnerTimer)
      if (isWaiting) spinnerTimer = setTimeout(spin, SPINNER_AFTER_MS, true)
      else spin(false)
    },
    say(text, stay = false) {
      clearTimeout(noteTimer)
      note.textContent = text
      root.toggleAttribute('data-note', true)
      if (!stay) noteTimer = setTimeout(hush, NOTE_MS)
    },
    hush,
    fail(message, onRetry) {
      clearTimeout(spinnerTimer)
      spin(false)
      root.toggleAttribute('data-failed', true)
      failure.replaceChildren(icon('circle-alert'), el('p', {}, message))
      if (!onRetry) return
      const again = el('button', { type: 'button', class: 'player__retry' }, 'Try again')
      again.addEventListener('click', onRetry)
      failure.append(again)
    },
    clearFailure() {
      root.toggleAttribute('data-failed', false)
      failure.replaceChildren()
    },
    destroy() {
      clearTimeout(spinnerTimer)
      clearTimeout(noteTimer)
    },
  }
}
