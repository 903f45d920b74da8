import type { IconName } from '../../shared/icons.ts'
import { markup, type Markup } from './markup.ts'
import { iconOf } from './page-icon.ts'
import { writePage, type PageTags } from './page-shell.ts'

/** What a form says above its fields, after a try that failed. */
type Failed = string | undefined

/** A page of one form. None of them says anything of a share, but what its owner has chats show in `head`. */
type FormPage = {
  icon: IconName
  title: string
  text: string
  form: Markup
  after?: string
  head?: Markup | undefined
}

function writeForm({ icon, title, text, form, after, head }: FormPage, tags: PageTags): string {
  return writePage(
    {
      title,
      className: 'sp',
      body: markup`<main class="sp__center"><div class="sp__box">
<span class="sp__icon">${iconOf(icon)}</span>
<h1>${title}</h1>
<p>${text}</p>
${form}
${after !== undefined && markup`<p class="sp__after">${after}</p>`}
</div></main>
<footer class="sp__foot">Plays straight from its owner’s computer</footer>`,
      head: markup`${head}${tags.showPassword}`,
      script: false,
    },
    tags,
  )
}

const complaint = (failed: Failed): Markup | null =>
  failed === undefined
    ? null
    : markup`<p class="error" id="failed" role="alert">${iconOf('circle-alert')}<span>${failed}</span></p>`

/** A field that is wrong points at the complaint, where there is one. */
const wrong = (failed: Failed): Markup | false =>
  failed !== undefined && markup` aria-invalid="true" aria-describedby="failed"`

const field = (label: string, input: Markup): Markup =>
  markup`<label class="field"><span class="label">${label}</span>${input}</label>`

/** A field whose content can be looked at: the button appears with the script (`show-password.ts`). */
const passwordField = (label: string, attributes: Markup): Markup =>
  markup`<div class="field"><label class="label" for="password">${label}</label><div class="password">
<input class="input" id="password" name="password" type="password" required maxlength="1000"${attributes}>
<button type="button" id="show-password" aria-label="Show the password" aria-pressed="false" aria-controls="password" hidden>${iconOf('eye')}${iconOf('eye-off')}</button>
</div></div>`

const returnField = (to: string | null): Markup | false =>
  to !== null && markup`<input type="hidden" name="return_to" value="${to}">`

/** Asks who somebody is, and leads them back to `returnTo`; `card` is for chats, where the owner has one shown. */
export function renderSignIn(
  {
    returnTo,
    name,
    failed,
    card,
  }: { returnTo: string | null; name?: string; failed?: Failed; card?: Markup },
  tags: PageTags,
): string {
  const nameInput = markup`<input class="input" name="name" autocomplete="username" autocapitalize="none" required maxlength="100" value="${name}"${name === undefined && markup` autofocus`}${wrong(failed)}>`
  const password = markup` autocomplete="current-password"${name !== undefined && markup` autofocus`}${wrong(failed)}`
  return writeForm(
    {
      icon: 'lock',
      title: returnTo === null ? 'Sign in' : 'Sign in to watch',
      text:
        returnTo === null
          ? 'Members see what its owner shares with them alone.'
          : 'Only people its owner has invited can open this link.',
      form: markup`<form class="form" method="post" action="/sign-in">
${complaint(failed)}
${returnField(returnTo)}
${field('Name', nameInput)}
${passwordField('Password', password)}
<button class="btn btn--primary">Sign in</button>
</form>`,
      after: 'No account? The person who sent the link can invite you.',
      head: card,
    },
    tags,
  )
}

/** Says who is signed in, and how to leave. */
export function renderSignedIn(name: string, tags: PageTags): string {
  return writeForm(
    {
      icon: 'lock',
      title: 'You are signed in',
      text: `As ${name}. Links that are shared with members play in this browser.`,
      form: markup`<form class="form" method="post" action="/sign-out">
<button class="btn btn--primary">Sign out</button>
<button class="btn" name="everywhere" value="1">Sign out in all browsers</button>
</form>`,
    },
    tags,
  )
}

/** Asks for the password of a share, and leads back to `returnTo`, the page of that share. */
export function renderUnlock(
  { shareId, returnTo, failed }: { shareId: string; returnTo: string | null; failed?: Failed },
  tags: PageTags,
): string {
  const password = markup` autocomplete="off" autofocus${wrong(failed)}`
  return writeForm(
    {
      icon: 'lock',
      title: 'This link has a password',
      text: 'The person who sent it knows the password.',
      form: markup`<form class="form" method="post" action="/share/${shareId}/unlock">
${complaint(failed)}
${returnField(returnTo)}
${passwordField('Password', password)}
<button class="btn btn--primary">Watch</button>
</form>`,
    },
    tags,
  )
}

/** Asks somebody who was invited for a name and a password; a member who may set a new one, for that alone. */
export function renderInvite(
  { code, name, isReset, failed }: { code: string; name: string | null; isReset: boolean; failed?: Failed },
  tags: PageTags,
): string {
  const nameInput = markup`<input class="input" name="name" autocomplete="username" autocapitalize="none" required maxlength="100" value="${name}"${isReset ? markup` readonly` : wrong(failed)}>`
  const hasName = isReset || failed !== undefined
  const password = markup` autocomplete="new-password" minlength="8"${hasName && markup` autofocus`}${wrong(failed)}`
  return writeForm(
    {
      icon: 'lock',
      title: isReset ? 'Choose a new password' : 'You are invited',
      text: isReset
        ? 'You are signed out in all browsers then, and signed in here.'
        : 'Choose a name and a password. With them you can watch what is shared with members.',
      form: markup`<form class="form" method="post" action="/invite/${code}">
${complaint(failed)}
${field('Name', nameInput)}
${passwordField('Password, 8 characters or more', password)}
<button class="btn btn--primary">${isReset ? 'Set password' : 'Join'}</button>
</form>`,
    },
    tags,
  )
}
