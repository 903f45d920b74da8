import { expect, test } from 'vitest'
import { freeSequenceId, readAvcConfiguration, writeAvcConfiguration } from './parameter-sets.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** As x264 wrote it. */
const SEQUENCE = hex('6764001e4b2d01405ff2e022000003000200000300781e2c5d40')

test('a configuration is written as it was read', () => {
  const record = Buffer.concat([
    hex('0164001effe1'),
    Buffer.of(0, SEQUENCE.length),
    SEQUENCE,
    hex('01000568ebecb22c'),
    hex('fdf8f800'),
  ])
  const read = readAvcConfiguration(record)
  expect(read.sequence).toEqual([SEQUENCE])
  expect(read.picture).toEqual([hex('68ebecb22c')])
  expect(read.tail).toEqual(hex('fdf8f800'))
  expect(writeAvcConfiguration(read)).toEqual(record)
})

test('a configuration that is cut short is refused', () => {
  expect(() => readAvcConfiguration(hex('0164001effe1001967'))).toThrow(RangeError)
})

test('the id of another encoder is one that is free', () => {
  expect(freeSequenceId([])).toBe(0)
  expect(freeSequenceId([0, 1, 3])).toBe(2)
  expect(freeSequenceId(Array.from({ length: 32 }, (_, id) => id))).toBeNull()
})
