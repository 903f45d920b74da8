import { seeded } from '../src/main/streaming/clips/testing-windows.ts'

/** Numbers 0..1 that a seed decides. */
export type Random = () => number

/** Damages a copy of a file; `other` is another file of the same run. */
export type Mutation = { name: string; apply: (file: Buffer, random: Random, other: Buffer) => Buffer }

/** Numbers at the edges of what a field can hold, and of what a reader may expect. */
const EDGES = [0, 1, 7, 8, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

/** Boxes of ISO base media whose fields lead a reader (ISO 14496-12). */
const BOXES = (
  'ftyp moov mvhd trak tkhd edts elst mdia mdhd hdlr minf dinf dref stbl stsd stts ctts stss stsc stsz stco co64 ' +
  'avc1 avcC mp4a esds hvc1 hvcC moof traf tfhd tfdt trun mvex trex mdat udta meta ilst chpl'
).split(' ')

/** Most of what is said of a file stands in so many bytes at its start and end. */
const TALKING_BYTES = 8192
/** Bytes that are moved, cut out or filled at once. */
const LARGEST_CHUNK = 4096

/** A whole number below `limit`. */
export const below = (random: Random, limit: number): number => Math.floor(random() * limit)
/** One of `from`; undefined when there are none. */
export const pick = <T>(random: Random, from: readonly T[]): T | undefined => from[below(random, from.length)]

/** A place in the file: half of the time where much is said of it. */
function place(file: Buffer, random: Random): number {
  const kind = random()
  if (kind < 0.35) return below(random, Math.min(TALKING_BYTES, file.length))
  if (kind < 0.5) return Math.max(0, file.length - 1 - below(random, TALKING_BYTES))
  return below(random, file.length)
}

function chunk(file: Buffer, random: Random): [start: number, end: number] {
  const start = place(file, random)
  return [start, Math.min(file.length, start + 1 + below(random, LARGEST_CHUNK))]
}

const bitFlips: Mutation['apply'] = (file, random) => {
  for (let left = 1 + below(random, 48); left > 0; left--) {
    const at = place(file, random)
    file[at] = (file[at] ?? 0) ^ (1 << below(random, 8))
  }
  return file
}

const truncation: Mutation['apply'] = (file, random) => file.subarray(0, below(random, file.length))

const swappedChunks: Mutation['apply'] = (file, random) => {
  for (let left = 1 + below(random, 4); left > 0; left--) {
    const [start, end] = chunk(file, random)
    const to = Math.min(place(file, random), file.length - (end - start))
    const moved = Buffer.from(file.subarray(to, to + end - start))
    file.copy(file, to, start, end)
    moved.copy(file, start)
  }
  return file
}

const filledChunk: Mutation['apply'] = (file, random) => {
  const byte = random() < 0.5 ? 0 : random() < 0.5 ? 0xff : null
  const [start, end] = chunk(file, random)
  for (let at = start; at < end; at++) file[at] = byte ?? below(random, 256)
  return file
}

const edgeNumbers: Mutation['apply'] = (file, random) => {
  for (let left = 1 + below(random, 4); left > 0; left--) {
    const at = Math.min(place(file, random), file.length - 4)
    if (at < 0) continue
    const value = pick(random, EDGES) ?? 0
    if (random() < 0.5) file.writeUInt32BE(value, at)
    else file.writeUInt32LE(value, at)
  }
  return file
}

/** Sizes and fields of boxes, where there are boxes. */
const boxFields: Mutation['apply'] = (file, random, other) => {
  const places = BOXES.flatMap((name) => {
    const at = file.indexOf(name, 0, 'latin1')
    return at >= 4 && at + 24 < file.length ? [at] : []
  })
  if (places.length === 0) return edgeNumbers(file, random, other)
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const at = pick(random, places) ?? 4
    // Its size, or one of the numbers behind its name.
    const field = random() < 0.5 ? at - 4 : at + 4 + 4 * below(random, 4)
    const was = file.readUInt32BE(field)
    const near = [was + 1, was - 1, was * 2].filter((it) => it >= 0 && it <= 0xffffffff)
    file.writeUInt32BE(pick(random, [...EDGES, ...near]) ?? 0, field)
  }
  return file
}

const cutOut: Mutation['apply'] = (file, random) => {
  const [start, end] = chunk(file, random)
  return Buffer.concat([file.subarray(0, start), file.subarray(end)])
}

const doubledChunk: Mutation['apply'] = (file, random) => {
  const [start, end] = chunk(file, random)
  return Buffer.concat([file.subarray(0, end), file.subarray(start)])
}

const otherTail: Mutation['apply'] = (file, random, other) =>
  Buffer.concat([file.subarray(0, place(file, random)), other.subarray(place(other, random))])

/** Every way in which a file is damaged. */
export const MUTATIONS: readonly Mutation[] = Object.entries({
  ...{ bitFlips, truncation, swappedChunks, filledChunk, edgeNumbers },
  ...{ boxFields, cutOut, doubledChunk, otherTail },
}).map(([name, apply]) => ({ name, apply }))

/** A damaged file: what it was made of, how, and its bytes. */
export type Mutated = { from: string; mutation: string; bytes: Buffer }

/** Makes file `number` of a seed out of `sources`; the same each time. */
export function mutate(seed: number, number: number, sources: ReadonlyMap<string, Buffer>): Mutated {
  const random = seeded(seed * 1_000_003 + number)
  const names = [...sources.keys()]
  const from = names[number % names.length] ?? ''
  const file = sources.get(from) ?? Buffer.alloc(0)
  const other = sources.get(pick(random, names) ?? '') ?? file
  const mutation = pick(random, MUTATIONS)
  if (!mutation) throw new Error('there is no mutation')
  return { from, mutation: mutation.name, bytes: mutation.apply(Buffer.from(file), random, other) }
}
