import type { Sample } from './fragment-writer.ts'
import type { SampleReader } from './remux-samples.ts'
import { nalLengthSize } from './picture-kind.ts'
import type { PictureFormat } from './track-formats.ts'

/**
 * Leaves out the H.264 pictures of a damaged file whose parts do not add up: a browser gives up the whole stream at the
 * first of them (Chromium 156, "Failed to prepare video sample for decode"), while without them it shows what it can.
 * Their time goes to the picture before. Other codecs and undamaged files pass as they are.
 */
export function withoutBroken(reader: SampleReader, format: PictureFormat | null): SampleReader {
  const configuration: unknown = format?.codec === 'avc' ? format.decoderConfig?.description : undefined
  if (!(configuration instanceof Uint8Array)) return reader
  const lengthSize = nalLengthSize(configuration)
  return {
    async read(...what) {
      const lent = await reader.read(...what)
      if (lent.pictures.every(({ data }) => isWhole(data, lengthSize))) return lent
      return { ...lent, pictures: wholeOf(lent.pictures, lengthSize) }
    },
  }
}

function wholeOf(pictures: readonly Sample[], lengthSize: number): Sample[] {
  const whole: Sample[] = []
  for (const picture of pictures) {
    const previous = whole.at(-1)
    if (isWhole(picture.data, lengthSize)) whole.push({ ...picture })
    else if (previous) previous.durationTicks += picture.durationTicks
  }
  return whole
}

/** True when the lengths of an access unit's NAL units add up to it (ISO 14496-15 section 5.3.4.2). */
export function isWhole(bytes: Uint8Array, lengthSize: number): boolean {
  let at = 0
  while (at + lengthSize <= bytes.length) {
    let length = 0
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (bytes[at + i] ?? 0)
    if (length === 0) return false
    at += lengthSize + length
  }
  return at === bytes.length && at > 0
}
