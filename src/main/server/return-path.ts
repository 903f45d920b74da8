/**
 * Where a form leads back to: a page of a share on this listener, with its times and layout. Null for anything else: an
 * address that a stranger wrote into a link must not lead a member to another site (open redirect).
 */
export function returnPath(text: string | undefined): string | null {
  if (text === undefined || !text.startsWith('/')) return null
  const here = 'http://here.invalid'
  const url = URL.canParse(text, here) ? new URL(text, here) : null
  if (url?.origin !== here || !/^\/share\/[\w-]+$/.test(url.pathname)) return null
  return url.pathname + url.search
}
