import { beginsPicture, NAL, nalUnits, withoutEmulation } from '../media/annex-b.ts'
import { ScanFault } from '../media/scan-fault.ts'

/** What a PES packet of H.264 holds: one picture, and the parameter sets that came with it. */
export type PictureFacts = {
  isIdr: boolean
  /** True for what others call a key frame: a player may begin here, but pictures after it need those before. */
  isRecoveryPoint: boolean
  sequence: Buffer | null
  picture: Buffer | null
}

/** SEI payloadType of a recovery point (H.264 table in section D.1.1). */
const RECOVERY_POINT = 6

const LAST_PARTITION = 4

/**
 * Looks into a PES packet of H.264. Throws `ScanFault` unless it holds exactly one picture, from its first slice to
 * its last, and one set of parameters of each kind at most: then what it is need not be guessed.
 */
export function readPictureFacts(payload: Buffer): PictureFacts {
  const facts: PictureFacts = { isIdr: false, isRecoveryPoint: false, sequence: null, picture: null }
  let pictures = 0
  for (const unit of nalUnits(payload)) {
    const { start, end, type } = unit
    if (type === NAL.slice || type === NAL.idrSlice) {
      if (beginsPicture(payload, unit)) pictures += 1
      if (type === NAL.idrSlice) facts.isIdr = true
    } else if (type > NAL.slice && type <= LAST_PARTITION) {
      throw new ScanFault('a picture is in data partitions')
    } else if (type === NAL.delimiter && pictures > 0) {
      throw new ScanFault('a PES packet holds two pictures')
    } else if (type === NAL.sequenceParameters) {
      facts.sequence = onlyOne(facts.sequence, payload.subarray(start, end))
    } else if (type === NAL.pictureParameters) {
      facts.picture = onlyOne(facts.picture, payload.subarray(start, end))
    } else if (type === NAL.supplemental) {
      facts.isRecoveryPoint ||= hasRecoveryPoint(payload.subarray(start + 1, end))
    }
  }
  if (pictures !== 1) throw new ScanFault('a PES packet holds another number of pictures than one')
  return facts
}

function onlyOne(known: Buffer | null, found: Buffer): Buffer {
  if (known && !known.equals(found)) throw new ScanFault('there are several parameter sets')
  return found
}

/** Goes from one SEI message to the next (section 7.3.2.3). */
function hasRecoveryPoint(raw: Buffer): boolean {
  const bytes = withoutEmulation(raw)
  const number = (): number => {
    let value = 0
    while (bytes[at] === 0xff) {
      value += 255
      at += 1
    }
    return value + (bytes[at++] ?? 0)
  }
  let at = 0
  // The last byte is the stop bit.
  while (at < bytes.length - 1) {
    const type = number()
    if (type === RECOVERY_POINT) return true
    at += number()
  }
  return false
}
