import { el, icon } from './dom.ts'

/** What the player says beside playing: that it waits, what a key did, what went wrong. */
export interface Status {
  readonly elements: HTMLElement[]
  /** Shows that data is missing, when it stays so for a moment. */
  waiting(isWaiting: boolean): void
  /** Shows a short note. */
  say(note: string): void
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
  return {
    elements: [spinner, note, failure],
    waiting(isWaiting) {
      clearTimeout(spinnerTimer)
      if (isWaiting) spinnerTimer = setTimeout(spin, SPINNER_AFTER_MS, true)
      else spin(false)
    },
    say(text) {
      clearTimeout(noteTimer)
      note.textContent = text
      root.toggleAttribute('data-note', true)
      noteTimer = setTimeout(() => root.toggleAttribute('data-note', false), NOTE_MS)
    },
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
