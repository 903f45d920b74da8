import type { Share, Visibility } from '../../shared/api/share.ts'
import { countOf } from './text.ts'

/** What visibility is called, as a word of its own. */
export const VISIBILITY: Readonly<Record<Visibility, string>> = { public: 'Public', private: 'Private' }

/** The kind of share that a file can have beside one of this kind. */
export const otherVisibility = (visibility: Visibility): Visibility =>
  visibility === 'public' ? 'private' : 'public'

/**
 * Those of a file's shares whose links are meant by "copy link": the public one where there is one, for it opens to
 * whoever gets it.
 */
export function sharesToCopy(ofFile: readonly Share[]): readonly Share[] {
  const open = ofFile.filter((share) => share.visibility === 'public')
  return open.length > 0 ? open : ofFile
}

/** What the command that copies the links of shares is called. */
export const copyLabel = (shares: readonly Share[]): string =>
  shares.length === 1 ? 'Copy link' : `Copy ${countOf(shares.length, 'link')}`

/** What is said once the links of shares have been copied, and to whom they open when that is not everybody. */
export function copiedText(shares: readonly Share[]): string {
  const what = shares.length === 1 ? 'Link copied' : `${countOf(shares.length, 'link')} copied`
  const closed = shares.filter((share) => share.visibility === 'private').length
  if (closed === 0) return what
  return closed === shares.length
    ? `${what}. Members sign in to watch.`
    : `${what}. Members sign in to watch what is private.`
}
