/** Brings the eye of a password field to life. Forms of the share listener load this and nothing else. */
const field = document.getElementById('password')
const eye = document.getElementById('show-password')

if (field instanceof HTMLInputElement && eye) {
  const show = (isShown: boolean): void => {
    field.type = isShown ? 'text' : 'password'
    eye.setAttribute('aria-pressed', String(isShown))
  }
  eye.addEventListener('click', () => show(field.type === 'password'))
  // A browser keeps what was typed into a plain field; and offers to keep a password, out of sight.
  field.form?.addEventListener('submit', () => show(false))
  eye.hidden = false
}

export {}
