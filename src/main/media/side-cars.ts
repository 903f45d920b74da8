import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { languageTag } from '../../shared/audio-tracks.ts'
import { AppError, systemCode } from '../base/errors.ts'
import { createLru } from '../base/lru.ts'
import { readSubStation, readTimedLines, type Cue } from './cues.ts'

/** A file of subtitles beside a film, and what its name says of it. */
export type SideCar = {
  path: string
  language: string | null
  /** What else its name says: `SDH`. */
  name: string | null
  isForced: boolean
}

const EXTENSIONS = new Set(['.srt', '.vtt', '.ass', '.ssa'])
/** Words between the name of the film and the extension that are no language. */
const WORDS: Readonly<Record<string, Partial<SideCar>>> = {
  forced: { isForced: true },
  foreign: { isForced: true },
  default: {},
  sdh: { name: 'SDH' },
  cc: { name: 'CC' },
  hi: { name: 'SDH' },
}
/** Most beside one film, and the bytes of one: two hours are some 100 kB. */
const MAX_SIDE_CARS = 40
const MAX_BYTES = 8 * 1024 * 1024
/** Folders whose names are remembered: to look again costs one stat. */
const KEPT_FOLDERS = 64

/** Finds files of subtitles beside films. */
export type FindSideCars = (filmPath: string) => Promise<SideCar[]>

/** Makes the search; a folder is read again when it has changed. */
export function createSideCarSearch(): FindSideCars {
  const folders = createLru<{ stamp: string; names: string[] }>({ max: KEPT_FOLDERS })

  const namesIn = async (dir: string): Promise<string[]> => {
    const { mtimeNs, ino } = await stat(dir, { bigint: true })
    const stamp = `${ino}-${mtimeNs}`
    const known = folders.get(dir)
    if (known?.stamp === stamp) return known.names
    const names = (await readdir(dir)).filter((it) => EXTENSIONS.has(parse(it).ext.toLowerCase())).sort()
    folders.set(dir, { stamp, names })
    return names
  }

  return async (filmPath) => {
    const dir = dirname(filmPath)
    const film = parse(filmPath).name.normalize()
    try {
      const found = (await namesIn(dir)).flatMap((name) => sideCarOf(film, dir, name) ?? [])
      return found.slice(0, MAX_SIDE_CARS)
    } catch (error) {
      // A folder that may not be listed has none.
      if (systemCode(error) !== undefined) return []
      throw error
    }
  }
}

/**
 * What `name` is beside the film: `film.srt`, `film.en.srt`, `film.de.forced.vtt`. Null for one with any other word in
 * it: it may be of another film, `film.private.srt`.
 */
function sideCarOf(film: string, dir: string, name: string): SideCar | null {
  const own = parse(name).name.normalize()
  if (own !== film && !own.startsWith(`${film}.`)) return null
  const found: SideCar = { path: join(dir, name), language: null, name: null, isForced: false }
  for (const word of own
    .slice(film.length + 1)
    .split('.')
    .filter((it) => it !== '')) {
    const known = WORDS[word.toLowerCase()]
    // `hi` is a language where none was named before.
    const tag = known && !(word === 'hi' && found.language === null) ? null : languageOf(word)
    if (tag && found.language === null) found.language = tag
    else if (known) Object.assign(found, known)
    else return null
  }
  return found
}

/** `en`, `pt-BR`, `deu`; also `English`, as some programs write it. */
function languageOf(word: string): string | null {
  if (/^[a-z]{2,3}([-_][a-z\d]{2,8}){0,2}$/i.test(word)) return languageTag(word.replaceAll('_', '-'))
  return LANGUAGE_NAMES.get(word.toLowerCase()) ?? null
}

const NAMED_LANGUAGES =
  'ar bg cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl no pl pt ro ru sk sl sr sv th tr uk vi zh'
const LANGUAGE_NAMES: ReadonlyMap<string, string> = new Map(
  NAMED_LANGUAGES.split(' ').flatMap((tag) =>
    ['en', tag].map((inTag) => {
      const name = new Intl.DisplayNames([inTag], { type: 'language' }).of(tag) ?? tag
      return [name.toLowerCase(), tag] as const
    }),
  ),
)

// Windows has neither.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as { O_NOFOLLOW?: number; O_NONBLOCK?: number }

/**
 * Reads the cues of a file beside a film. It must be a regular file: what a link shows is not in the folder, and may be
 * nobody's choice (S57). Throws AppError `not_found` for anything else, `too_large` for one longer than any film's.
 */
export async function readSideCar(path: string): Promise<Cue[]> {
  const text = textOf(await readRegular(path))
  return /\.(ass|ssa)$/i.test(path) ? readSubStation(text) : readTimedLines(text)
}

async function readRegular(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw new AppError('not_found', 'These subtitles are gone.', { cause: error })
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new AppError('not_found', 'These subtitles are no file.')
    if (stats.size > MAX_BYTES) throw new AppError('too_large', 'This file of subtitles is too large.')
    const bytes = Buffer.alloc(stats.size)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** By its byte order mark; else UTF-8 where it is that, else what Windows has written for decades. */
export function textOf(bytes: Buffer): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
