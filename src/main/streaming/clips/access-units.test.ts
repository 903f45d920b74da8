import { expect, test } from 'vitest'
import { readEncodedPictures } from './access-units.ts'

const unit = (...bytes: number[]): number[] => [0, 0, 0, 1, ...bytes]
const STREAM = Buffer.from([
  ...unit(0x09, 0x10), // delimiter
  ...unit(0x67, 1, 2),
  ...unit(0x68, 3),
  ...unit(0x06, 5, 5), // SEI
  ...unit(0x65, 0x88, 7),
  ...unit(0x65, 0x20, 8), // second slice of the same picture
  ...unit(0x09, 0x30),
  ...unit(0x41, 0x9a, 9),
])

test('a byte stream is taken apart into parameter sets and one access unit for each picture', () => {
  const { sequence, picture, units } = readEncodedPictures(STREAM, 4)
  expect(sequence.map((it) => [...it])).toEqual([[0x67, 1, 2]])
  expect(picture.map((it) => [...it])).toEqual([[0x68, 3]])
  expect(units.map(({ isIdr }) => isIdr)).toEqual([true, false])
  expect([...(units[0]?.data ?? [])]).toEqual([0, 0, 0, 3, 0x65, 0x88, 7, 0, 0, 0, 3, 0x65, 0x20, 8])
})

test('length fields are as long as the stream they go into says', () => {
  expect([...(readEncodedPictures(STREAM, 2).units[1]?.data ?? [])]).toEqual([0, 3, 0x41, 0x9a, 9])
})

test('nothing is made of nothing', () => {
  expect(readEncodedPictures(Buffer.alloc(0), 4)).toEqual({ sequence: [], picture: [], units: [] })
})
