import { openFile } from './source.ts'
import { boxLength } from './whole-fragments.ts'

/** Boxes looked at before giving up: a file has a handful, a hostile one may have millions of empty ones. */
const MAX_BOXES = 1000

/**
 * Tells why an ISO media file (ISO 14496-12 4.2) cannot be whole, by walking its outermost boxes: the index (`moov`)
 * is not there, or the picture and sound that it points at (`mdat`) end before they should. Undefined when nothing is
 * wrong with that. A fragmented file is whole up to its last fragment, so it is not judged.
 */
export async function cutOffReason(path: string): Promise<string | undefined> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const header = Buffer.alloc(16)
    let hasIndex = false
    let missing = 0
    let at = 0
    for (let boxes = 0; boxes < MAX_BOXES && at + 8 <= size; boxes++) {
      await file.read(header, 0, 16, at)
      const type = header.toString('latin1', 4, 8)
      if (type === 'moof') return undefined
      const length = boxLength(header, size - at)
      if (length < 8) break
      if (type === 'moov') hasIndex = true
      if (type === 'moov' || type === 'mdat') missing = Math.max(missing, at + length - size)
      at += length
    }
    if (!hasIndex) return 'The file is cut off: its index (moov) is missing. Copy or download it again.'
    if (missing === 0) return undefined
    const percent = Math.floor((size / (size + missing)) * 100)
    return `The file is cut off: only ${percent} % of it is here. Copy or download it again.`
  } finally {
    await file.close()
  }
}
