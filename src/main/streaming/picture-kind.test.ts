import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  av1PictureKind,
  h264PictureKind,
  kindIn,
  nalLengthSize,
  readKindAt,
  vp9PictureKind,
} from './picture-kind.ts'

/** A NAL unit behind a length field of 4 bytes. */
const nal = (type: number, payloadBytes = 3): Buffer => {
  const unit = Buffer.alloc(5 + payloadBytes, 0xaa)
  unit.writeUInt32BE(1 + payloadBytes, 0)
  unit[4] = 0x60 | type
  return unit
}
const [SLICE, PARTITION, IDR, SEI, SPS, PPS, DELIMITER] = [1, 2, 5, 6, 7, 8, 9] as const

test('the first slice tells an IDR picture from a recovery point', () => {
  const heads = [nal(DELIMITER), nal(SPS), nal(PPS), nal(SEI)]
  expect(h264PictureKind(Buffer.concat([...heads, nal(IDR)]), 4)).toBe('idr')
  expect(h264PictureKind(Buffer.concat([...heads, nal(SLICE)]), 4)).toBe('other')
  expect(h264PictureKind(nal(IDR), 4)).toBe('idr')
  expect(h264PictureKind(nal(PARTITION), 4)).toBe('other')
})

test('length fields of 1 and 2 bytes are read', () => {
  expect(h264PictureKind(Buffer.from([2, 0x67, 0, 2, 0x65, 0]), 1)).toBe('idr')
  expect(h264PictureKind(Buffer.from([0, 2, 0x67, 0, 0, 2, 0x61, 0]), 2)).toBe('other')
  expect([0xfc, 0xfd, 0xff].map((byte) => nalLengthSize(Buffer.from([1, 0x64, 0, 0x1f, byte])))).toEqual([
    1, 2, 4,
  ])
})

test('a frame that ends before its slice, or has none, is no IDR', () => {
  expect(kindIn(nal(SEI), (bytes) => h264PictureKind(bytes, 4))).toBe('other')
  expect(kindIn(Buffer.alloc(0), (bytes) => h264PictureKind(bytes, 4))).toBe('other')
  expect(kindIn(Buffer.alloc(64), (bytes) => h264PictureKind(bytes, 4))).toBe('other')
})

test('a slice behind a long SEI is looked for where it lies', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'matinee-kind-'))
  const frame = Buffer.concat([nal(SEI, 5000), nal(SEI, 1015), nal(SPS), nal(IDR, 100_000)])
  await writeFile(join(dir, 'frame'), Buffer.concat([Buffer.alloc(77), frame]))
  const file = await open(join(dir, 'frame'))
  onTestFinished(async () => {
    await file.close()
    await rm(dir, { recursive: true })
  })
  const kindOf = (bytes: Uint8Array) => h264PictureKind(bytes, 4)
  const read = async (at: number, length: number): Promise<Buffer> => {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
    return buffer.subarray(0, bytesRead)
  }
  expect(await readKindAt(read, { offset: 77, bytes: frame.length }, kindOf)).toBe('idr')
  expect(await readKindAt(read, { offset: 77, bytes: 6000 }, kindOf)).toBe('other')
  expect(await readKindAt(read, { offset: 10_000_000, bytes: 6000 }, kindOf)).toBe('other')
})

test('VP9: a key frame is shown, new, and marked so, in every profile', () => {
  expect(vp9PictureKind(Buffer.from([0b1000_0000]))).toBe('idr')
  expect(vp9PictureKind(Buffer.from([0b1000_0100]))).toBe('other')
  expect(vp9PictureKind(Buffer.from([0b1000_1000]))).toBe('other')
  expect(vp9PictureKind(Buffer.from([0b1001_0000]))).toBe('idr')
  expect(vp9PictureKind(Buffer.from([0b1011_0000]))).toBe('idr')
  expect(vp9PictureKind(Buffer.from([0b1011_0010]))).toBe('other')
  expect(vp9PictureKind(Buffer.from([0b0100_0000]))).toBe('other')
})

test('AV1: a key frame is shown at once, behind a sequence header', () => {
  /** An OBU of a type with a size, with or without an extension byte. */
  const obu = (type: number, content: number[], extension = false): number[] => [
    (type << 3) | (extension ? 4 : 0) | 2,
    ...(extension ? [0] : []),
    content.length,
    ...content,
  ]
  const [sequence, delimiter, metadata] = [obu(1, [0, 0, 0]), obu(2, []), obu(5, [4, 0xff, 0x80])]
  const kindOf = (...parts: number[][]) => av1PictureKind(Buffer.from(parts.flat()))
  const [KEY, INTER, HIDDEN_KEY, EXISTING] = [0b0001_0000, 0b0011_0000, 0b0000_0000, 0b1000_0000] as const
  expect(kindOf(delimiter, sequence, metadata, obu(6, [KEY]))).toBe('idr')
  expect(kindOf(sequence, obu(3, [KEY]))).toBe('idr')
  expect(kindOf(obu(1, [0, 0, 0], true), obu(6, [KEY], true))).toBe('idr')
  // The last OBU may leave its size out.
  expect(kindOf(sequence, [6 << 3, KEY, 1, 2, 3])).toBe('idr')
  expect(kindOf(obu(6, [KEY]))).toBe('other')
  for (const frame of [INTER, HIDDEN_KEY, EXISTING]) expect(kindOf(sequence, obu(6, [frame]))).toBe('other')
  // A still picture's headers are shorter.
  expect(kindOf(obu(1, [0b0001_1000]), obu(6, [KEY]))).toBe('other')
  expect(kindOf(sequence)).toBe('other')
  expect(kindOf([])).toBe('other')
  // A size that leads outside: there may be more.
  expect(kindOf(sequence, [(5 << 3) | 2, 0xff, 0xff, 0x03])).toMatchObject({ continueAt: 65_544 })
})
