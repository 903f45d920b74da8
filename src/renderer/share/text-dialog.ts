import { el, icon } from '../player/dom.ts'
import { copyText } from '../ui/copy-text.ts'
import { showCopied } from './show-copied.ts'

/** What a dialog shows: text to take along. */
export type TextDialog = {
  title: string
  hint: string
  /** Says the text; `atTime` is what the check box says. */
  text: (atTime: boolean) => string
  /** Label of a check box that changes the text; none without. */
  atTimeLabel?: string
}

/** Opens a dialog with text to copy. It goes away when it is closed. */
export function openTextDialog({ title, hint, text, atTimeLabel }: TextDialog): void {
  const field = el('textarea', { class: 'input dialog__text', readonly: true, rows: 4, 'aria-label': title })
  const check = el('input', { type: 'checkbox' })
  const label = el('span', {}, 'Copy')
  const copy = el('button', { type: 'button', class: 'btn btn--primary' }, icon('copy'), label)
  const close = el('button', { type: 'button', class: 'icon-btn', 'aria-label': 'Close' }, icon('x'))
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'dialog-title' },
    el('div', { class: 'dialog__head' }, el('h2', { id: 'dialog-title' }, title), close),
    el('p', { class: 'dialog__hint' }, hint),
    field,
    el(
      'div',
      { class: 'dialog__foot' },
      ...(atTimeLabel === undefined ? [] : [el('label', { class: 'check' }, check, atTimeLabel)]),
      copy,
    ),
  )
  const write = (): void => {
    field.value = text(check.checked)
  }
  check.addEventListener('change', write)
  field.addEventListener('focus', () => field.select())
  copy.addEventListener('click', () => {
    void copyText(field.value).then((copied) => {
      if (copied) showCopied(label)
      else field.select()
    })
  })
  close.addEventListener('click', () => dialog.close())
  // A click on what is around the dialog lands on the dialog itself.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  // The player's keys stop at the dialog.
  dialog.addEventListener('keydown', (event) => event.stopPropagation())

  write()
  document.body.append(dialog)
  dialog.showModal()
  copy.focus()
}
