import type { ErrorCode } from '../../shared/api/error.ts'
import type { IconName } from '../../shared/icons.ts'
import { markup } from './markup.ts'
import { iconOf } from './page-icon.ts'
import { writePage, type PageTags } from './page-shell.ts'

/** A page that says one thing. None of them shows anything of a share. */
type Message = { icon: IconName; title: string; text: string }

const NOT_FOUND: Message = {
  icon: 'link-2-off',
  title: 'This link leads nowhere',
  text: 'It may be missing a few characters, or its owner has deleted it. Ask the person who sent it for a new one.',
}
const BROKEN: Message = {
  icon: 'circle-alert',
  title: 'Something went wrong',
  text: 'The computer that this is played from could not answer. Try again in a moment.',
}
const INVITE_OVER: Message = {
  icon: 'link-2-off',
  title: 'This invitation is over',
  text: 'It works once, and for some days only. If you have joined already, sign in; if not, ask the person who sent it for a new one.',
}
const MESSAGES: Partial<Record<ErrorCode, Message>> = {
  not_found: NOT_FOUND,
  expired: {
    icon: 'hourglass',
    title: 'This link has expired',
    text: 'Its owner let it end at a set time. Ask the person who sent it for a new one.',
  },
  file_missing: {
    icon: 'unplug',
    title: 'It can’t be played right now',
    text: 'Its file was moved or deleted, or the drive it lies on is not connected. The link works again as soon as the file is back.',
  },
  too_many_requests: {
    icon: 'hourglass',
    title: 'Too many requests',
    text: 'Wait a moment, then load this page again.',
  },
  busy: {
    icon: 'hourglass',
    title: 'One moment, please',
    text: 'The computer that this is played from is busy. Try again in a moment.',
  },
}

/** Writes the page for a failure. `minimal` is the same inside a frame. */
export const renderMessagePage = (code: ErrorCode, tags: PageTags, { minimal = false } = {}): string =>
  writeMessage(MESSAGES[code] ?? BROKEN, tags, minimal)

/** Writes the page for an invitation that does not work any more, or never did. */
export const renderInviteOver = (tags: PageTags): string => writeMessage(INVITE_OVER, tags, false)

function writeMessage({ icon, title, text }: Message, tags: PageTags, minimal: boolean): string {
  const box = markup`<div class="sp__box">
<span class="sp__icon">${iconOf(icon)}</span>
<h1>${title}</h1>
<p>${text}</p>
</div>`
  return writePage(
    minimal
      ? { title, className: 'minimal minimal--message', body: markup`<main>${box}</main>`, script: false }
      : { title, className: 'sp', body: markup`<main class="sp__center">${box}</main>`, script: false },
    tags,
  )
}
