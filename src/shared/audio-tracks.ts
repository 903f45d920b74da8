import type { AudioTrackInfo } from './media.ts'

/** What names a track of sound. */
export type NamedTrack = Pick<AudioTrackInfo, 'language' | 'name' | 'isCommentary'>

/**
 * The BCP 47 tag of a code as containers write it: `ger` and `deu` become `de` (ISO 639-2 has two codes for some
 * languages). Null for none, for one that says "unknown", and for what is no code.
 */
export function languageTag(code: string | null): string | null {
  if (code === null) return null
  try {
    const [tag] = Intl.getCanonicalLocales(code)
    return tag === undefined || /^(und|mis|zxx|q[a-t][a-z])\b/.test(tag) ? null : tag
  } catch {
    return null
  }
}

/**
 * Names for people to choose tracks of sound by, no two alike: the language in its own words, what the file calls the
 * track beside it. `English`, `Deutsch – Kommentar`, `Track 3`.
 */
export function audioTrackNames(tracks: readonly NamedTrack[]): string[] {
  const taken = new Set<string>()
  return tracks.map((track, at) => {
    const name = nameOf(track) ?? `Track ${at + 1}`
    let unique = name
    for (let count = 2; taken.has(unique); count++) unique = `${name} ${count}`
    taken.add(unique)
    return unique
  })
}

/** A name that fills more than a menu is cut. */
const LONGEST_NAME = 60

function nameOf({ language, name, isCommentary }: NamedTrack): string | null {
  const tag = languageTag(language)
  const own = tag && languageName(tag, tag)
  const said = tidy(name) ?? (isCommentary === true ? 'Commentary' : null)
  if (!own || !said) return said ?? own
  // `English 5.1` says it already.
  const isSaid = [own, languageName(tag, 'en')].some((it) => it && includes(said, it))
  return isSaid ? said : `${own} – ${said}`
}

/** The name of a language in words of `inTag`, as a title is written: `Deutsch`, `Français`; null when there is none. */
function languageName(tag: string, inTag: string): string | null {
  const name = new Intl.DisplayNames([inTag], { type: 'language', fallback: 'none' }).of(tag)
  return name === undefined ? null : name.charAt(0).toLocaleUpperCase(inTag) + name.slice(1)
}

function tidy(name: string | null): string | null {
  // A playlist has no way to write a double quote inside a name (RFC 8216 section 4.2).
  const text = (name ?? '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replaceAll('"', '’')
    .trim()
  if (text === '') return null
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : text
}

const includes = (text: string, part: string): boolean =>
  text.toLocaleLowerCase().includes(part.toLocaleLowerCase())
