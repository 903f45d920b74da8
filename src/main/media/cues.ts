import type { ClipWindow } from './playable.ts'

/** A line of subtitles: seconds from the presentation's start, and its text in the markup of WebVTT. */
export type Cue = { startS: number; endS: number; text: string }

/** More than any film has; what follows is left out. */
const MAX_CUES = 50_000
/** Text of a cue beyond this is cut: it would fill more than a screen. */
const MAX_CUE_CHARACTERS = 2_000

const TIMING =
  /^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})/

/**
 * Reads SubRip or WebVTT: both are lines of text below a line of times. What is no cue (numbers, notes, styles) has no
 * line of times and is left out; so are positions.
 */
export function readTimedLines(text: string): Cue[] {
  const cues: Cue[] = []
  const lines = linesOf(text)
  for (let at = 0; at < lines.length && cues.length < MAX_CUES; at++) {
    const times = TIMING.exec(lines[at] ?? '')
    if (!times) continue
    const shown: string[] = []
    while (at + 1 < lines.length && (lines[at + 1] ?? '').trim() !== '') shown.push(lines[++at] ?? '')
    addCue(cues, secondsOf(times, 1), secondsOf(times, 5), shown.join('\n'))
  }
  return inOrder(cues)
}

/** Reads the events of SubStation Alpha (`.ass`, `.ssa`); styles and positions are left out. */
export function readSubStation(text: string): Cue[] {
  const cues: Cue[] = []
  let fields: string[] = []
  for (const line of linesOf(text)) {
    if (cues.length >= MAX_CUES) break
    const [, key = '', value = ''] = /^(Format|Dialogue):\s*(.*)$/.exec(line) ?? []
    if (key === 'Format') fields = value.split(',').map((it) => it.trim().toLowerCase())
    if (key !== 'Dialogue') continue
    const textAt = fields.indexOf('text')
    const values = value.split(',')
    const [start, end] = [values[fields.indexOf('start')], values[fields.indexOf('end')]]
    // The text is the last field, and may have commas of its own.
    if (textAt < 0 || !start || !end) continue
    const shown = values.slice(textAt).join(',')
    // Vector drawings are written as text.
    if (/\{[^}]*\\p[1-9]/.test(shown)) continue
    addCue(
      cues,
      subStationTime(start),
      subStationTime(end),
      shown.replace(/\\[Nn]/g, '\n').replace(/\\h/g, ' '),
    )
  }
  return inOrder(cues)
}

/** Makes cues of texts as a file has them: tidied, in order, and no more of them than any film has. */
export function cuesOf(texts: readonly Cue[]): Cue[] {
  const cues: Cue[] = []
  for (const { startS, endS, text } of texts.slice(0, MAX_CUES)) addCue(cues, startS, endS, text)
  return inOrder(cues)
}

/** Those of `cues` that are to be seen in a window, cut at its ends; times count from its start. */
export function cuesIn(cues: readonly Cue[], { startS, endS }: ClipWindow): Cue[] {
  return cues
    .filter((it) => it.endS > startS && it.startS < endS)
    .map(({ text, ...it }) => ({
      startS: Math.max(it.startS, startS) - startS,
      endS: Math.min(it.endS, endS) - startS,
      text,
    }))
}

/**
 * Writes WebVTT whose first line of times is the stream's: as a Media Segment (RFC 8216 section 3.5), and good as a file
 * of its own, whose readers pass over the map.
 */
export function writeWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startS, endS, text }) => `${clock(startS)} --> ${clock(endS)}\n${text}\n`)
  return ['WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n', ...blocks].join('\n')
}

/** A time as WebVTT writes it: `01:02:03.456`. */
export function clock(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000))
  const part = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, '0')
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}.${part(ms % 1000, 3)}`
}

const linesOf = (text: string): string[] => text.replaceAll('\0', '').split(/\r\n|\r|\n/)

function addCue(cues: Cue[], startS: number, endS: number, raw: string): void {
  const text = tidy(raw)
  if (text !== '' && Number.isFinite(startS) && endS > startS) cues.push({ startS, endS, text })
}

const inOrder = (cues: Cue[]): Cue[] => cues.sort((a, b) => a.startS - b.startS)

const secondsOf = (times: RegExpExecArray, at: number): number =>
  Number(times[at] ?? 0) * 3600 +
  Number(times[at + 1]) * 60 +
  Number(times[at + 2]) +
  Number((times[at + 3] ?? '').padEnd(3, '0')) / 1000

/** `1:02:03.45`. */
function subStationTime(text: string): number {
  const [, hours, minutes, seconds] = /^\s*(\d{1,4}):(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)\s*$/.exec(text) ?? []
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** Bold, italic and underlined stay; other tags of subtitles go; whatever else looks like one is shown as text. */
const KEPT_TAG = /^<(\/?)([biu])>$/i
const DROPPED_TAG = /^<(?:\/?(?:font|c|v|lang|ruby|rt)(?:[\s.][^<>]*)?|\d[\d:.]*)>$/i

/** The text of a cue in the markup of WebVTT (section 4.2.2): nothing in it is markup that we do not know. */
function tidy(raw: string): string {
  const plain = raw.slice(0, MAX_CUE_CHARACTERS * 4).replace(/\{\\[^{}]*\}/g, '')
  const text = plain.replace(/<[^<>]{0,200}>|[<>]|&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, (found) => {
    const kept = KEPT_TAG.exec(found)
    if (kept) return `<${kept[1] ?? ''}${(kept[2] ?? '').toLowerCase()}>`
    if (DROPPED_TAG.test(found)) return ''
    return found.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  })
  // An empty line would end the cue.
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, MAX_CUE_CHARACTERS)
}
