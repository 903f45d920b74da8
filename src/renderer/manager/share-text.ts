import type { Share, Visibility } from '../../shared/api/share.ts'
import { countText } from './text.ts'

/** What visibility is called, as a word of its own. */
export const VISIBILITY: Readonly<Record<Visibility, string>> = { public: 'Public', private: 'Private' }

/** The kind of share that a file can have beside one of this kind. */
export const otherVisibility = (visibility: Visibility): Visibility =>
  visibility === 'public' ? 'private' : 'public'

const areAll = (shares: readonly Share[], visibility: Visibility): boolean =>
  shares.every((share) => share.visibility === visibility)

/**
 * Those of a file's shares whose links are meant by "copy link": the public one where there is one. The link of a
 * private one is made for who asks for that very share, or has no other.
 */
export function sharesToCopy(ofFile: readonly Share[]): readonly Share[] {
  const open = ofFile.filter((share) => share.visibility === 'public')
  return open.length > 0 ? open : ofFile
}

/** What the command that copies the links of shares is called. */
export function copyLabel(shares: readonly Share[]): string {
  const what = areAll(shares, 'private') ? 'stream link' : 'link'
  return shares.length === 1 ? `Copy ${what}` : `Copy ${countText(shares.length)} ${what}s`
}

/** What is said once the links of shares have been copied: a link that ends says when. */
export function copiedText(shares: readonly Share[]): string {
  const one = shares.length === 1
  if (areAll(shares, 'public')) return one ? 'Link copied' : `${countText(shares.length)} links copied`
  if (!areAll(shares, 'private')) {
    return `${countText(shares.length)} links copied. Those of private shares work for 12 hours.`
  }
  return one
    ? 'Stream link copied. It works for 12 hours.'
    : `${countText(shares.length)} stream links copied. They work for 12 hours.`
}
