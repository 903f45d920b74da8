import { boxes, type Box } from '../../media/isobmff-boxes.ts'

/** Bytes before the boxes inside: of `stsd` its version and count, of `avc1` the visual sample entry (ISO 14496-12 sections 8.5.2, 12.1.3). */
const FIELDS_BEFORE: Readonly<Record<string, number>> = { stsd: 8, avc1: 78, avc3: 78 }

const PATH = [['moov'], ['trak'], ['mdia'], ['minf'], ['stbl'], ['stsd'], ['avc1', 'avc3'], ['avcC']]

/** The AVCDecoderConfigurationRecord of an init segment; null when no track of it is H.264. */
export function avcConfigurationIn(init: Buffer): Buffer | null {
  const record = chainIn(init)?.at(-1)
  return record ? init.subarray(record.start, record.end) : null
}

/** The same init segment with another AVCDecoderConfigurationRecord. */
export function withAvcConfiguration(init: Buffer, configuration: Uint8Array): Buffer {
  const chain = chainIn(init)
  const record = chain?.at(-1)
  if (!chain || !record) throw new Error('this init segment has no H.264 track')
  const head = Buffer.from(init.subarray(0, record.start))
  const added = configuration.length - (record.end - record.start)
  for (const { start, end } of chain) head.writeUInt32BE(end - start + 8 + added, start - 8)
  return Buffer.concat([head, configuration, init.subarray(record.end)])
}

/** The boxes that lead to the record, outermost first. */
function chainIn(init: Buffer): Box[] | null {
  const follow = (parent: Box, depth: number): Box[] | null => {
    const types = PATH[depth]
    if (!types) return []
    const from = parent.start + (FIELDS_BEFORE[parent.type] ?? 0)
    for (const box of boxes(init, from, parent.end)) {
      const inside = types.includes(box.type) ? follow(box, depth + 1) : null
      if (inside) return [box, ...inside]
    }
    return null
  }
  return follow({ type: '', start: 0, end: init.length }, 0)
}
