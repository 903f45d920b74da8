/** What a page in our window may do. Pure: the window asks, these answer. S63, S64. */

const parsed = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

/** True when the window may show `url`: a page of the private listener at `origin`, and nothing else. */
export function mayNavigate(url: string, origin: string): boolean {
  const target = parsed(url)
  // `blob:http://…` has its maker's origin without being a page of the listener.
  return target?.protocol === 'http:' && target.origin === origin && !hasCredentials(target)
}

/** True when a page of the window may fetch `url`. Chromium's own developer tools come from `devtools:`. */
export function mayLoad(url: string, origin: string): boolean {
  const target = parsed(url)
  if (!target) return false
  if (target.protocol === 'blob:') return target.origin === origin
  return ['data:', 'devtools:'].includes(target.protocol) || mayNavigate(url, origin)
}

/**
 * The address to hand to the system's browser for `url`, or undefined when it may not leave. Only https pages and our
 * own share pages do: other schemes start programs. What is handed on is the parsed address, never the text of the
 * page, so that we and the system cannot read it differently.
 */
export function outsideAddress(url: string, shareOrigins: readonly string[]): string | undefined {
  const target = parsed(url)
  if (!target || hasCredentials(target)) return undefined
  const isOurs = target.protocol === 'http:' && shareOrigins.includes(target.origin)
  return target.protocol === 'https:' || isOurs ? target.href : undefined
}

/** Permissions the file manager has a use for: putting a link on the clipboard, and the player's full screen. */
const PERMISSIONS = ['clipboard-sanitized-write', 'fullscreen']

/** True when the page at `url` may have `permission`. */
export function mayUse(permission: string, url: string, origin: string): boolean {
  return PERMISSIONS.includes(permission) && parsed(url)?.origin === origin
}

/** `http://127.0.0.1:4400@evil.test` looks like ours and is not; no address of ours has a user in it. */
const hasCredentials = (url: URL): boolean => url.username !== '' || url.password !== ''
