import { AppError } from '../base/errors.ts'
import { bitReader } from '../media/bit-reader.ts'
import { readSequenceFacts } from '../media/h264-parameters.ts'
import { readAvcConfiguration, writeAvcConfiguration } from './clips/parameter-sets.ts'

/** True when `whole`, an `avcC`, is `part` or has all its parameter sets: a decoder that was told it can decode both. */
export function holdsConfiguration(whole: Buffer, part: Buffer): boolean {
  if (whole.equals(part)) return true
  const [all, some] = [readAvcConfiguration(whole), readAvcConfiguration(part)]
  const holds = (sets: readonly Uint8Array[], wanted: readonly Uint8Array[]): boolean =>
    wanted.every((it) => sets.some((set) => Buffer.compare(set, it) === 0))
  return holds(all.sequence, some.sequence) && holds(all.picture, some.picture)
}

/**
 * The `avcC` of pictures by two encoders, told as those of `main`. Throws AppError `unsupported_media` where one decoder
 * cannot take them for one stream: ids of parameter sets are the same, size, level, profile or lengths differ (ISO 14496-15
 * section 5.3.3.1).
 */
export function joinConfigurations(main: Buffer, other: Buffer): Buffer {
  const [one, two] = [readAvcConfiguration(main), readAvcConfiguration(other)]
  const [facts, otherFacts] = [one, two].map(({ sequence }) =>
    sequence.map((it) => readSequenceFacts(Buffer.from(it))),
  )
  const [size] = facts ?? []
  const isWithin = [1, 3].every((at) => (two.head[at] ?? 0) <= (one.head[at] ?? 0))
  const isAlike = otherFacts?.every(
    (it) => it && size && it.isProgressive && it.width === size.width && it.height === size.height,
  )
  const areApart =
    areDisjoint(facts?.map((it) => it?.id) ?? [], otherFacts?.map((it) => it?.id) ?? []) &&
    areDisjoint(one.picture.map(pictureSetId), two.picture.map(pictureSetId))
  if (!isWithin || !isAlike || !areApart || one.head[4] !== two.head[4] || two.sequence.length === 0) {
    throw new AppError('unsupported_media', 'The pictures of two encoders are no one stream.')
  }
  return Buffer.from(
    writeAvcConfiguration({
      ...one,
      sequence: [...two.sequence, ...one.sequence],
      picture: [...two.picture, ...one.picture],
    }),
  )
}

const areDisjoint = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  !some.some((it) => others.includes(it))

/** pic_parameter_set_id, behind the header of the NAL unit (H.264 section 7.3.2.2). */
const pictureSetId = (set: Uint8Array): number => bitReader(Buffer.from(set), 1).unsigned()
