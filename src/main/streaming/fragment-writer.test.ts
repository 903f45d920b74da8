import { expect, test } from 'vitest'
import { writeFragment, type Sample } from './fragment-writer.ts'
import { boxes, find, type Box } from '../media/isobmff-boxes.ts'

const sample = (text: string, more: Partial<Sample> = {}): Sample => ({
  data: Buffer.from(text),
  decodeTicks: 0,
  offsetTicks: 0,
  durationTicks: 512,
  isSync: false,
  ...more,
})

const boxesOf = (bytes: Buffer, from = 0, to = bytes.length): Box[] => [...boxes(bytes, from, to)]

function written(...tracks: Parameters<typeof writeFragment>[1]): { bytes: Buffer; moof: Box; trafs: Box[] } {
  const bytes = Buffer.from(writeFragment(7, tracks))
  const moof = boxesOf(bytes).find((box) => box.type === 'moof')
  if (!moof) throw new Error('no moof')
  return { bytes, moof, trafs: boxesOf(bytes, moof.start, moof.end).filter((box) => box.type === 'traf') }
}

/** The bytes that a track's `trun` points to: data_offset from moof's first byte, then one size after another. */
function dataOf(bytes: Buffer, moof: Box, traf: Box): string[] {
  const trun = find(bytes, traf, 'trun')
  if (!trun) throw new Error('no trun')
  const isVideo = (bytes.readUInt32BE(trun.start) & 0x800) !== 0
  const entryBytes = isVideo ? 16 : 8
  let at = moof.start - 8 + bytes.readInt32BE(trun.start + 8)
  return Array.from({ length: bytes.readUInt32BE(trun.start + 4) }, (_, entry) => {
    const size = bytes.readUInt32BE(trun.start + 12 + entry * entryBytes + 4)
    at += size
    return bytes.toString('utf8', at - size, at)
  })
}

test('a fragment is styp, moof and mdat, and its boxes fill it', () => {
  const { bytes } = written({ id: 1, kind: 'video', samples: [sample('frame')] })
  const top = boxesOf(bytes)
  expect(top.map((box) => box.type)).toEqual(['styp', 'moof', 'mdat'])
  expect(top.at(-1)?.end).toBe(bytes.length)
  const header = find(bytes, top[1] ?? { type: '', start: 0, end: 0 }, 'mfhd')
  expect(bytes.readUInt32BE((header?.start ?? 0) + 4)).toBe(7)
})

test('each track finds its own bytes', () => {
  const { bytes, moof, trafs } = written(
    { id: 1, kind: 'video', samples: [sample('I-frame', { isSync: true }), sample('B')] },
    { id: 2, kind: 'audio', samples: [sample('la'), sample('laa'), sample('laaa')] },
  )
  expect(trafs.map((traf) => dataOf(bytes, moof, traf))).toEqual([
    ['I-frame', 'B'],
    ['la', 'laa', 'laaa'],
  ])
})

test('times are whole ticks, beyond 32 bits too', () => {
  const decodeTicks = 2 ** 40 + 5
  const { bytes, trafs } = written({
    id: 3,
    kind: 'video',
    samples: [sample('x', { decodeTicks, offsetTicks: -3, durationTicks: 99, isSync: true }), sample('y')],
  })
  const [traf] = trafs
  const tfdt = traf && find(bytes, traf, 'tfdt')
  const tfhd = traf && find(bytes, traf, 'tfhd')
  const trun = traf && find(bytes, traf, 'trun')
  if (!tfdt || !tfhd || !trun) throw new Error('a box is missing')
  expect(bytes.readUInt32BE(tfhd.start + 4)).toBe(3)
  expect(Number(bytes.readBigUInt64BE(tfdt.start + 4))).toBe(decodeTicks)
  expect(bytes.readUInt32BE(trun.start + 12)).toBe(99)
  expect(bytes.readUInt32BE(trun.start + 20)).toBe(0x02000000)
  expect(bytes.readInt32BE(trun.start + 24)).toBe(-3)
  expect(bytes.readUInt32BE(trun.start + 36)).toBe(0x01010000)
})

test('a track without samples is left out', () => {
  const { trafs } = written(
    { id: 1, kind: 'video', samples: [sample('x')] },
    { id: 2, kind: 'audio', samples: [] },
  )
  expect(trafs).toHaveLength(1)
})
