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
