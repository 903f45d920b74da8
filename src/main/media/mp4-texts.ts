import type { FileHandle } from 'node:fs/promises'
import type { Chapter, SubtitleTrackInfo } from '../../shared/media.ts'
import { readFully } from './block-reader.ts'
import { cuesOf, type Cue } from './cues.ts'
import { boxes, find, readMoov, trackIdOf, type Box } from './isobmff-boxes.ts'
import { hasSaneTables } from './isobmff-tables.ts'
import { durationTicks, presentationTicks, readPlainTrack, samplePlaces, timescaleIn } from './plain-mp4.ts'

/** A sample of a track of text: seconds of the presentation, and its bytes. */
export type TextSample = { startS: number; endS: number; bytes: Buffer }

/** More than any film has; what follows is left out. */
const MAX_SAMPLES = 50_000
const MAX_SAMPLE_BYTES = 16 * 1024

/** Handlers of tracks that are shown as text (ISO 14496-12 section 8.4.3; `sbtl` is Apple's, `subp` that of pictures). */
const HANDLERS = new Set(['text', 'sbtl', 'subt', 'subp', 'clcp'])
/** Sample entries that are read, and what they are called (3GPP TS 26.245; QuickTime; ISO 14496-30). */
const TEXT_ENTRIES: Readonly<Record<string, string>> = { tx3g: 'mov_text', text: 'mov_text', wvtt: 'webvtt' }

/** What the `moov` of an MP4 or QuickTime file says in words. */
export type Mp4Texts = { chapters: Chapter[]; subtitles: SubtitleTrackInfo[] }

/**
 * Reads chapters, from the track of them or Nero's list, and what subtitles there are. Null when there is no whole
 * `moov`. Throws RangeError when damage leads outside of it.
 */
export async function readMp4Texts(file: FileHandle, durationS: number): Promise<Mp4Texts | null> {
  const moov = await readMoov(file)
  if (!moov || !hasSaneTables(moov)) return null
  const top = [...boxes(moov, 0, moov.length)]
  const tracks = top.filter((box) => box.type === 'trak')
  const chapterIds = new Set(tracks.flatMap((trak) => chapterIdsOf(moov, trak)))
  const subtitles = tracks.flatMap((trak) => subtitleOf(moov, trak, chapterIds) ?? [])
  const [chapterId] = chapterIds
  const named = chapterId === undefined ? [] : await readTextSamples(file, chapterId, moov)
  const chapters = named.map(({ startS, endS, bytes }) => ({ startS, endS, title: textIn(bytes) || null }))
  return { chapters: chapters.length > 0 ? chapters : neroChapters(moov, top, durationS), subtitles }
}

/** Tracks of chapters that a track refers to (QuickTime File Format, "Chapter Lists"). */
function chapterIdsOf(moov: Buffer, trak: Box): number[] {
  const list = find(moov, trak, 'tref', 'chap')
  if (!list) return []
  const count = Math.floor((list.end - list.start) / 4)
  return Array.from({ length: count }, (_, at) => moov.readUInt32BE(list.start + at * 4))
}

function subtitleOf(moov: Buffer, trak: Box, chapterIds: ReadonlySet<number>): SubtitleTrackInfo | null {
  const id = trackIdOf(moov, trak)
  const handler = find(moov, trak, 'mdia', 'hdlr')
  const header = find(moov, trak, 'mdia', 'mdhd')
  const descriptions = find(moov, trak, 'mdia', 'minf', 'stbl', 'stsd')
  if (id === null || !handler || !header || !descriptions || chapterIds.has(id)) return null
  if (!HANDLERS.has(moov.toString('latin1', handler.start + 8, handler.start + 12))) return null
  const entry = [...boxes(moov, descriptions.start + 8, descriptions.end)][0]
  if (!entry) return null
  const codec = TEXT_ENTRIES[entry.type]
  return {
    ...{ id, codec: codec ?? entry.type.trim(), isText: codec !== undefined },
    ...{ language: languageIn(moov, header), name: nameIn(moov, trak, handler) },
    // Display flags of 3GPP TS 26.245 section 5.16: all or some of its samples are shown always.
    ...(entry.type === 'tx3g' && (moov.readUInt32BE(entry.start + 8) & 0xc0000000) !== 0
      ? { isForced: true }
      : {}),
  }
}

/** Three letters of five bits each (ISO 14496-12 section 8.4.2). */
function languageIn(moov: Buffer, header: Box): string | null {
  const packed = moov.readUInt16BE(header.start + (moov[header.start] === 1 ? 32 : 20))
  const code = [10, 5, 0].map((shift) => String.fromCharCode(((packed >> shift) & 31) + 0x60)).join('')
  return /^[a-z]{3}$/.test(code) && code !== 'und' ? code : null
}

/** The name in user data, else that of the handler, unless that is one of a program's own. */
function nameIn(moov: Buffer, trak: Box, handler: Box): string | null {
  const named = find(moov, trak, 'udta', 'name')
  const own = named ? moov.toString('utf8', named.start, named.end) : ''
  const handled = moov.toString('utf8', handler.start + 24, handler.end).replace(/^[\u0000-\u001f]/, '')
  const name = [own, handled].map((it) => it.replaceAll('\0', '').trim()).find((it) => it !== '')
  return name === undefined || /handler/i.test(name) ? null : name
}

/** `chpl`: the times in steps of 100 ns, and names, of no more than 255. */
function neroChapters(moov: Buffer, top: readonly Box[], durationS: number): Chapter[] {
  const userData = top.find((box) => box.type === 'udta')
  const list = userData && find(moov, userData, 'chpl')
  if (!list) return []
  const isLong = moov[list.start] !== 0
  let at = list.start + (isLong ? 8 : 4)
  const count = moov.readUInt8(at++)
  const starts: { startS: number; title: string | null }[] = []
  for (let chapter = 0; chapter < count && at + 9 <= list.end; chapter++) {
    const length = moov.readUInt8(at + 8)
    const title = moov.toString('utf8', at + 9, Math.min(at + 9 + length, list.end))
    starts.push({ startS: Number(moov.readBigUInt64BE(at)) / 1e7, title: title || null })
    at += 9 + length
  }
  return starts.map((it, at) => ({ ...it, endS: starts[at + 1]?.startS ?? durationS }))
}

/**
 * Reads the samples of one track of text. Empty for a track that is not there, or whose tables are not plain (those of
 * fragments); throws RangeError when damage leads outside of them.
 */
export async function readTextSamples(
  file: FileHandle,
  trackId: number,
  read?: Buffer,
): Promise<TextSample[]> {
  const moov = read ?? (await readMoov(file))
  const top = moov ? [...boxes(moov, 0, moov.length)] : []
  const movie = top.find((box) => box.type === 'mvhd')
  const trak = top.find((box) => box.type === 'trak' && trackIdOf(moov ?? Buffer.alloc(0), box) === trackId)
  if (!moov || !movie || !trak) return []
  const track = readPlainTrack(moov, trak, timescaleIn(moov, movie))
  const places = track && samplePlaces(moov, track)
  if (!track || !places) return []
  const ticks = presentationTicks(track)
  const samples: TextSample[] = []
  for (let at = 0; at < Math.min(track.sampleCount, MAX_SAMPLES); at++) {
    const bytes = Buffer.alloc(Math.min(places.sizes[at] ?? 0, MAX_SAMPLE_BYTES))
    await readFully(file, bytes, places.offsets[at] ?? 0)
    const startS = (ticks[at] ?? 0) / track.timescale
    samples.push({ startS, endS: startS + durationTicks(track, at) / track.timescale, bytes })
  }
  return samples
}

/** The cues of a track of subtitles. Throws AppError `file_missing` when the file ends before one. */
export async function readMp4Cues(file: FileHandle, { id, codec }: SubtitleTrackInfo): Promise<Cue[]> {
  const read = codec === 'webvtt' ? webVttTextIn : textIn
  const samples = await readTextSamples(file, id)
  return cuesOf(samples.map(({ startS, endS, bytes }) => ({ startS, endS, text: read(bytes) })))
}

/** The payloads of the cues in a sample of `wvtt` (ISO 14496-30 section 7.4). */
function webVttTextIn(sample: Buffer): string {
  const cues = [...boxes(sample, 0, sample.length)].filter((box) => box.type === 'vttc')
  const payloads = cues.map((cue) => find(sample, cue, 'payl'))
  return payloads.map((it) => (it ? sample.toString('utf8', it.start, it.end) : '')).join('\n')
}

/** The text of a sample of `tx3g` or `text`: its length in two bytes, then UTF-8, or UTF-16 with its byte order mark. */
export function textIn(sample: Buffer): string {
  if (sample.length < 2) return ''
  const text = sample.subarray(2, 2 + sample.readUInt16BE(0))
  const isWide = text[0] === 0xfe && text[1] === 0xff
  return new TextDecoder(isWide ? 'utf-16be' : 'utf-8').decode(text).trim()
}
