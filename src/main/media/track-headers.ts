import type { FileHandle } from 'node:fs/promises'
import { BufferSource, Input, MP4, QTFF } from 'mediabunny'
import { boxes, type Box } from './isobmff-boxes.ts'
import type { PlainMp4 } from './plain-mp4.ts'

/** Boxes on the way from `moov` to the sample tables. */
const PARENTS = new Set(['trak', 'mdia', 'minf', 'stbl'])

/** What a sample table must hold (ISO 14496-12 section 8.5.1), each without an entry; all else in it is left out. */
const EMPTY_TABLES = [
  emptyTable('stts', 4),
  emptyTable('stsc', 4),
  emptyTable('stsz', 8),
  emptyTable('stco', 4),
]

/** Largest `ftyp` that is believed. */
const MAX_FTYP_BYTES = 1024

/**
 * Reads the headers of a plain MP4 or QuickTime film, without its samples: a file of a few kB. What mediabunny tells of
 * its tracks is the same, and the tables of two hours, an object for each sample, are not built: 100 ms and 58 MB.
 */
export async function readTrackHeaders(film: PlainMp4, file: FileHandle): Promise<Buffer> {
  // Its brand decides between the two ways to write a sound's header.
  return Buffer.concat([await readFtyp(file), withoutSamples(film.moov)])
}

/** Opens headers for mediabunny; the caller disposes the input. */
export function openTrackHeaders(headers: Buffer): Input {
  return new Input({ formats: [MP4, QTFF], source: new BufferSource(headers) })
}

async function readFtyp(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(MAX_FTYP_BYTES)
  const { bytesRead } = await file.read(head, 0, MAX_FTYP_BYTES, 0)
  const [first] = boxes(head, 0, bytesRead)
  return first?.type === 'ftyp' ? head.subarray(0, first.end) : Buffer.alloc(0)
}

/** The whole `moov` box with sample tables that are empty. */
export function withoutSamples(moov: Buffer): Buffer {
  return box('moov', contents(moov, { type: 'moov', start: 0, end: moov.length }))
}

function contents(bytes: Buffer, parent: Box): Buffer[] {
  const kept = [...boxes(bytes, parent.start, parent.end)]
  if (parent.type !== 'stbl') return kept.map((it) => copied(bytes, it))
  return [...kept.filter((it) => it.type === 'stsd').map((it) => copied(bytes, it)), ...EMPTY_TABLES]
}

function copied(bytes: Buffer, { type, start, end }: Box): Buffer {
  return PARENTS.has(type) ? box(type, contents(bytes, { type, start, end })) : bytes.subarray(start - 8, end)
}

/** A full box of version 0 with nothing but zeros: its count is one of them. */
function emptyTable(type: string, bytes: number): Buffer {
  return box(type, [Buffer.alloc(4 + bytes)])
}

function box(type: string, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}
