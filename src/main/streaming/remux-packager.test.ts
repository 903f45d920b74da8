import { expect, onTestFinished, test } from 'vitest'
import { hasTestMedia } from '../../../scripts/test-media.ts'
import { boxes, find } from '../media/isobmff-boxes.ts'
import { createSources } from '../media/source.ts'
import { bytesOf, testPackager } from './packager.contract.ts'
import { createRemuxPackager } from './remux-packager.ts'
import { readTestMedia } from './testing.ts'

const make = async () => {
  const sources = createSources()
  return { packager: createRemuxPackager({ sources }), close: () => sources.close() }
}

testPackager(
  'remux',
  make,
  [
    'h264-aac-gop10.mp4',
    'h264-fragmented.mp4',
    'h264-aac.mkv',
    'aac.m4a',
    'vp9-opus.webm',
    'h264-two-audio.mp4',
    'h264-two-audio.ts',
    'av1-aac.mp4',
    'aac.ts',
    'aac-adts.aac',
    'flac-cover.flac',
    'opus-tags.ogg',
    'mp3-vbr.mp3',
  ].filter(hasTestMedia),
)

async function initOf(name: string): Promise<Buffer> {
  const { packager, close } = await make()
  onTestFinished(close)
  const { playable } = await readTestMedia(name)
  const { init } = (await packager.open(playable)).renditions[0]
  if (!init) throw new Error('no init segment')
  return bytesOf(await init())
}

/** The boxes of each track of an init segment. */
function traksOf(init: Buffer) {
  const moov = [...boxes(init, 0, init.length)].find((box) => box.type === 'moov')
  if (!moov) throw new Error('no moov')
  return [...boxes(init, moov.start, moov.end)].filter((box) => box.type === 'trak')
}

test('every track begins with an edit list of the reorder delay, so that the stream starts at 0', async () => {
  const init = await initOf('h264-aac-gop2.mp4')
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  const traks = traksOf(init)
  expect(traks).toHaveLength(2)
  for (const trak of traks) {
    const list = find(init, trak, 'edts', 'elst')
    const header = find(init, trak, 'mdia', 'mdhd')
    if (!list || !header) throw new Error('a box is missing')
    const timescale = init.readUInt32BE(header.start + 12)
    expect(init.readUInt32BE(list.start + 4)).toBe(1)
    expect(init.readInt32BE(list.start + 12) / timescale).toBeCloseTo(playable.index.reorderS, 4)
  }
})

test('the picture keeps the ticks of its source', async () => {
  const init = await initOf('h264-2997.mp4')
  const [trak] = traksOf(init)
  const header = trak && find(init, trak, 'mdia', 'mdhd')
  expect(init.readUInt32BE((header?.start ?? 0) + 12)).toBe(30_000)
})

test('a turned picture stays turned', async () => {
  const matrixOf = async (name: string): Promise<number[]> => {
    const init = await initOf(name)
    const [trak] = traksOf(init)
    const header = trak && find(init, trak, 'tkhd')
    const isLong = init[header?.start ?? 0] === 1
    const at = (header?.start ?? 0) + (isLong ? 52 : 40)
    return [0, 4, 12, 16].map((offset) => init.readInt32BE(at + offset) / 65_536)
  }
  expect(await matrixOf('h264-aac-gop2.mp4')).toEqual([1, 0, 0, 1])
  expect(await matrixOf('h264-rotated.mp4')).toEqual([0, 1, -1, 0])
})

test.each([
  ['flac-24bit.flac', 24],
  ['flac-cover.flac', 16],
])('the sample entry of %s says %i bits, as its frames have', async (name, bits) => {
  const init = await initOf(name)
  // samplesize stands behind the type of the entry, 6 + 2 + 8 + 2 bytes (ISO 14496-12 section 12.2.3).
  expect(init.readUInt16BE(init.indexOf('fLaC', 0, 'latin1') + 4 + 18)).toBe(bits)
})
