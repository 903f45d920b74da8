import { el } from '../player/dom.ts'

/**
 * Puts text on the clipboard; false when the browser does not let us. Pages over plain http, as in a LAN, have no
 * `navigator.clipboard`: there the old way over a selection is taken.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Absent outside secure contexts, whatever the types say.
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text)
    if ('clipboard' in navigator) return true
  } catch {
    // Not allowed, or the page has no focus: the other way may still work.
  }
  return copyBySelection(text)
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement
  const field = el('textarea', { class: 'vh', readonly: true, 'aria-hidden': 'true', tabindex: -1 })
  field.value = text
  // Inside an open dialog, since what is outside of it cannot be selected.
  const place = document.querySelector('dialog[open]') ?? document.body
  place.append(field)
  field.select()
  try {
    // Deprecated and without a successor on plain http.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  }
}

const DONE_MS = 1_500

/** Shows on a button for a moment that its text was copied, then what it said before. */
export function showCopied(label: HTMLElement): void {
  if (label.hasAttribute('data-done')) return
  const before = [...label.childNodes]
  label.replaceChildren('Copied')
  label.toggleAttribute('data-done', true)
  setTimeout(() => {
    label.toggleAttribute('data-done', false)
    label.replaceChildren(...before)
  }, DONE_MS)
}
