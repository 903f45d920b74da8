import { NAL, nalUnits } from '../../media/annex-b.ts'

/** What an encoder's byte stream holds: its parameter sets, and one picture per access unit. */
export type EncodedPictures = { sequence: Uint8Array[]; picture: Uint8Array[]; units: AccessUnit[] }

/** The slices of one picture, length-prefixed as in MP4. */
export type AccessUnit = { data: Uint8Array; isIdr: boolean }

/**
 * Takes an H.264 byte stream (annex B) with delimiters apart. Slices get length fields of `lengthSize` bytes; parameter
 * sets are given apart and SEI is left out, for the stream they go into has sets of its own.
 */
export function readEncodedPictures(bytes: Buffer, lengthSize: number): EncodedPictures {
  const found: EncodedPictures = { sequence: [], picture: [], units: [] }
  let slices: Uint8Array[] = []
  let isIdr = false
  const finish = (): void => {
    if (slices.length > 0) found.units.push({ data: Buffer.concat(slices), isIdr })
    slices = []
    isIdr = false
  }
  for (const { start, end, type } of nalUnits(bytes)) {
    const unit = bytes.subarray(start, end)
    if (type === NAL.delimiter) finish()
    else if (type === NAL.sequenceParameters) found.sequence.push(unit)
    else if (type === NAL.pictureParameters) found.picture.push(unit)
    else if (type >= NAL.slice && type <= NAL.idrSlice) {
      slices.push(lengthField(unit.length, lengthSize), unit)
      isIdr ||= type === NAL.idrSlice
    }
  }
  finish()
  return found
}

function lengthField(length: number, lengthSize: number): Uint8Array {
  const field = Buffer.alloc(lengthSize)
  field.writeUIntBE(length, 0, lengthSize)
  return field
}
