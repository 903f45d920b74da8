import type { FileHandle } from 'node:fs/promises'
import type { Chapter, SubtitleTrackInfo } from '../../shared/media.ts'
import { childrenOf, headerOf, numberIn, type Element } from './ebml.ts'
import { MATROSKA_ID as ID } from './matroska-ids.ts'

/** Largest Tracks, Chapters or SeekHead that is read. */
const MAX_ELEMENT_BYTES = 8 * 1024 * 1024
/** Level 1 elements passed over before the first cluster. */
const MAX_HEAD_ELEMENTS = 64
/** Bytes that hold an element's header. */
const HEADER_BYTES = 16
/** TrackType of subtitles (RFC 9559 section 5.1.4.1.3). */
const SUBTITLE_TYPE = 17

/** Beginnings of CodecIDs and what they are called here; those that ffmpeg makes text of first. */
const TEXT_CODECS: readonly [start: string, codec: string][] = [
  ['S_TEXT/UTF8', 'subrip'],
  ['S_TEXT/ASCII', 'subrip'],
  ['S_TEXT/ASS', 'ass'],
  ['S_ASS', 'ass'],
  ['S_TEXT/SSA', 'ssa'],
  ['S_SSA', 'ssa'],
  ['S_TEXT/WEBVTT', 'webvtt'],
  ['D_WEBVTT', 'webvtt'],
]
const PICTURE_CODECS: readonly [start: string, codec: string][] = [
  ['S_HDMV/PGS', 'pgs'],
  ['S_VOBSUB', 'vobsub'],
  ['S_DVBSUB', 'dvbsub'],
]

/** Reads chapters and what subtitles there are from the head of a Matroska file; empty where it is broken. */
export async function readMatroskaTexts(
  file: FileHandle,
  durationS: number,
): Promise<{ chapters: Chapter[]; subtitles: SubtitleTrackInfo[] }> {
  const found = { chapters: [] as Chapter[], subtitles: [] as SubtitleTrackInfo[] }
  const ebml = await elementAt(file, 0)
  const segment = ebml && (await elementAt(file, ebml.start + ebml.size))
  if (segment?.id !== ID.segment) return found

  const seen: { chapters: boolean; chaptersAt?: number | undefined } = { chapters: false }
  const take = async (element: Element): Promise<void> => {
    const isOfUse = element.id === ID.tracks || element.id === ID.chapters || element.id === ID.seekHead
    if (!isOfUse || element.size > MAX_ELEMENT_BYTES) return
    const bytes = Buffer.alloc(element.size)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, element.start)
    const whole = bytes.subarray(0, bytesRead)
    if (element.id === ID.tracks) found.subtitles = subtitlesIn(whole)
    if (element.id === ID.chapters) {
      found.chapters = chaptersIn(whole, durationS)
      seen.chapters = true
    }
    if (element.id === ID.seekHead) seen.chaptersAt ??= placeOf(whole, ID.chapters)
  }

  let at = segment.start
  for (let count = 0; count < MAX_HEAD_ELEMENTS; count++) {
    const element = await elementAt(file, at)
    if (!element || element.id === ID.cluster || element.size === Infinity) break
    await take(element)
    at = element.start + element.size
  }
  // They may stand behind the film.
  if (!seen.chapters && seen.chaptersAt !== undefined) {
    const element = await elementAt(file, segment.start + seen.chaptersAt)
    if (element?.id === ID.chapters) await take(element)
  }
  return found
}

async function elementAt(file: FileHandle, at: number): Promise<Element | null> {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
  const element = headerOf(bytes.subarray(0, bytesRead), 0)
  return element && { ...element, start: at + element.start }
}

/** Where a SeekHead says that an element lies, from the segment's start. */
function placeOf(seekHead: Buffer, id: number): number | undefined {
  const seek = childrenOf(seekHead, ID.seek).find((it) => numberIn(it, ID.seekId) === id)
  return seek && numberIn(seek, ID.seekPosition)
}

function subtitlesIn(tracks: Buffer): SubtitleTrackInfo[] {
  const entries = childrenOf(tracks, ID.trackEntry).filter(
    (it) => numberIn(it, ID.trackType) === SUBTITLE_TYPE,
  )
  return entries.map((entry, id) => {
    const codecId = textIn(entry, ID.codecId) ?? ''
    const named = (list: readonly [start: string, codec: string][]): string | undefined =>
      list.find(([start]) => codecId.startsWith(start))?.[1]
    const text = named(TEXT_CODECS)
    // Without a language it is English (RFC 9559 section 5.1.4.1.19).
    const language = textIn(entry, ID.languageTag) ?? textIn(entry, ID.language) ?? 'eng'
    return {
      ...{ id, codec: text ?? named(PICTURE_CODECS) ?? codecId, isText: text !== undefined },
      ...{ language: language === 'und' ? null : language, name: textIn(entry, ID.name) ?? null },
      ...(numberIn(entry, ID.flagForced) === 1 ? { isForced: true } : {}),
    }
  })
}

/** The chapters of the first edition that is not hidden (section 5.1.7); those inside of others are left out. */
function chaptersIn(bytes: Buffer, durationS: number): Chapter[] {
  const edition = childrenOf(bytes, ID.edition).find((it) => numberIn(it, ID.editionFlagHidden) !== 1)
  const atoms = edition ? childrenOf(edition, ID.chapterAtom) : []
  const found = atoms
    .filter((it) => numberIn(it, ID.chapterFlagHidden) !== 1)
    .map((atom) => {
      const display = childrenOf(atom, ID.chapterDisplay)[0]
      const end = numberIn(atom, ID.chapterTimeEnd)
      return {
        startS: (numberIn(atom, ID.chapterTimeStart) ?? 0) / 1e9,
        endS: end === undefined ? null : end / 1e9,
        title: (display && textIn(display, ID.chapterString)) ?? null,
      }
    })
    .sort((a, b) => a.startS - b.startS)
  return found.map((it, at) => ({ ...it, endS: it.endS ?? found[at + 1]?.startS ?? durationS }))
}

/** The text in the first child with this id; undefined when there is none, or nothing in it. */
function textIn(bytes: Buffer, id: number): string | undefined {
  const text = childrenOf(bytes, id)[0]?.toString('utf8').replaceAll('\0', '').trim()
  return text === '' ? undefined : text
}
