import { clock } from '../media/cues.ts'
import type { Storyboard } from '../media/storyboard.ts'

/**
 * The WebVTT of a storyboard: for each stretch of time a part of a picture, by a media fragment (W3C Media Fragments
 * section 4.2.2). Addresses are relative to its own; `query` is what they carry; times count from `originS`.
 */
export function storyboardText(
  { tile: { width, height }, columns, rows, tiles }: Omit<Storyboard, 'sheets'>,
  originS: number,
  query?: string,
): string {
  const cues = tiles.map(({ startS, endS }, at) => {
    const [sheet, place] = [Math.floor(at / (columns * rows)), at % (columns * rows)]
    const [x, y] = [(place % columns) * width, Math.floor(place / columns) * height]
    const address = `storyboard/${sheet}.jpg${query ? `?${query}` : ''}`
    return `${clock(startS - originS)} --> ${clock(endS - originS)}\n${address}#xywh=${x},${y},${width},${height}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** A storyboard as one piece of bytes: four bytes of length, the facts as JSON, the sheets. */
export function packStoryboard({ sheets, ...facts }: Storyboard): Buffer {
  const head = Buffer.from(JSON.stringify({ ...facts, sheetBytes: sheets.map((it) => it.length) }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, ...sheets])
}

/** The storyboard in such bytes. */
export function unpackStoryboard(bytes: Buffer): Storyboard {
  let at = 4 + bytes.readUInt32BE(0)
  const { sheetBytes, ...facts } = JSON.parse(bytes.toString('utf8', 4, at)) as Omit<Storyboard, 'sheets'> & {
    sheetBytes: number[]
  }
  const sheets = sheetBytes.map((length) => bytes.subarray(at, (at += length)))
  return { ...facts, sheets }
}
