import { riffChunks, type RiffChunk } from './riff-chunks.ts'

/** A stream of an AVI file as its header list tells it. */
export type AviStream = {
  /** `vids`, `auds`, `txts`, `mids` or `iavs`. */
  type: string
  /** Units a second, and how many there are. */
  rate: number
  lengthS: number
  /** Seconds that the stream begins late by. */
  startS: number
  /** BITMAPINFOHEADER or WAVEFORMATEX. */
  format: Buffer
  name: Buffer | null
  /** Shape of a sample, where `vprp` tells it. */
  sampleAspect: readonly [number, number] | null
}

/** What the beginning of an AVI file tells. */
export type AviHead = {
  streams: AviStream[]
  title: Buffer | null
  /** Where the packets lie. */
  packets: { from: number; to: number }
}

const RIFF_HEADER_BYTES = 12
const STREAM_HEADER_BYTES = 48

/** Reads what stands before the packets of an AVI file (Microsoft, "AVI RIFF File Reference"). Null when they do not begin in `head`. */
export function readAviHead(head: Buffer): AviHead | null {
  const streams: AviStream[] = []
  let title: Buffer | null = null
  for (const it of riffChunks(head, RIFF_HEADER_BYTES, head.length)) {
    if (!it.isList) continue
    if (it.word === 'movi') return { streams, title, packets: { from: it.start, to: it.end } }
    for (const inner of riffChunks(head, it.start, it.end)) {
      if (it.word === 'hdrl' && inner.word === 'strl') {
        const stream = readStream(head, inner.start, inner.end)
        if (!stream) return null
        streams.push(stream)
      }
      if (it.word === 'INFO' && inner.word === 'INAM') title = head.subarray(inner.start, inner.end)
    }
  }
  return null
}

function readStream(head: Buffer, from: number, to: number): AviStream | null {
  const parts = new Map<string, Buffer>()
  for (const { word, start, end } of riffChunks(head, from, to)) parts.set(word, head.subarray(start, end))
  const [header, format] = [parts.get('strh'), parts.get('strf')]
  if (!header || !format || header.length < STREAM_HEADER_BYTES) return null
  const [scale, rate] = [header.readUInt32LE(20), header.readUInt32LE(24)]
  if (scale === 0 || rate === 0) return null
  return {
    type: header.toString('latin1', 0, 4),
    rate: rate / scale,
    startS: (header.readUInt32LE(28) * scale) / rate,
    lengthS: (header.readUInt32LE(32) * scale) / rate,
    format,
    name: parts.get('strn') ?? null,
    sampleAspect: readSampleAspect(parts.get('vprp')),
  }
}

/** The video properties header tells the shape of the picture and its size in samples (OpenDML 1.02, section 5). */
function readSampleAspect(properties: Buffer | undefined): readonly [number, number] | null {
  if (!properties || properties.length < 36) return null
  const [y, x] = [properties.readUInt16LE(20), properties.readUInt16LE(22)]
  const [width, height] = [properties.readUInt32LE(24), properties.readUInt32LE(28)]
  return x * y * width * height > 0 ? [x * height, y * width] : null
}

/**
 * The first packet of each stream, as far as `head` holds it. Null for those of which there is none, as for packets
 * without content: they repeat the picture before.
 */
export function firstAviPackets(head: Buffer, { streams, packets }: AviHead): (Buffer | null)[] {
  const found = streams.map((): Buffer | null => null)
  for (const { word, start, end } of packetsIn(head, packets)) {
    const number = PACKET_WORD.exec(word)?.[1]
    if (number !== undefined && end > start) found[Number(number)] ??= head.subarray(start, end)
    if (!found.includes(null)) break
  }
  return found.slice(0, streams.length)
}

function* packetsIn(head: Buffer, { from, to }: AviHead['packets']): Generator<RiffChunk> {
  for (const chunk of riffChunks(head, from, to)) {
    // Packets that belong together may lie in a list of their own, and that in no other.
    if (chunk.isList) yield* riffChunks(head, chunk.start, chunk.end)
    else yield chunk
  }
}

/** `00dc` and `00db`: pictures of stream 0; `01wb`: sound of stream 1. */
const PACKET_WORD = /^(\d\d)(?:d[bc]|wb)$/
