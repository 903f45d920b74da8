/**
 * Puts text on the clipboard; false when the browser does not let us. Where `navigator.clipboard` is absent (plain http
 * in a LAN) or refuses, the text is handed over in a `copy` event, which disturbs neither focus nor selection; a browser
 * that sends none without a selection (Safari) gets one.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Absent outside secure contexts, whatever the types say.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (clipboard) {
      await clipboard.writeText(text)
      return true
    }
  } catch {
    // Not allowed, or the page has no focus: the other way may still work.
  }
  return copyByEvent(text) || copyBySelection(text)
}

function copyByEvent(text: string): boolean {
  let taken = false
  const hand = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    taken = event.clipboardData !== null
  }
  document.addEventListener('copy', hand, { capture: true })
  try {
    // Deprecated and without a successor for pages that may not use the clipboard.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy') && taken
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', hand, { capture: true })
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.className = 'vh'
  field.readOnly = true
  field.tabIndex = -1
  field.setAttribute('aria-hidden', 'true')
  field.value = text
  // Inside an open dialog, since what is outside of it cannot be selected.
  const place = document.querySelector('dialog[open], [role="dialog"]') ?? document.body
  place.append(field)
  field.select()
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  }
}
