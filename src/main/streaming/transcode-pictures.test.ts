import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import type { Tools } from '../media/tools.ts'
import { readSegmentSamples } from './fragment-reader.ts'
import {
  createConverter,
  decodePictures,
  layOutConverted,
  squareError,
  startOf,
  toDb,
  type Converter,
} from './testing-conversion.ts'
import { hashTracks } from './testing-packets.ts'
import { readPlayable, readTestMedia, testTools } from './testing.ts'
import { PICTURE_TIMESCALE, planTranscode } from './transcode-plan.ts'

/*
 * What is converted is laid beside its source, scaled the same way, picture by picture: as many, in the same order, at
 * the same time, and alike.
 */

let tools: Tools
let converter: Converter

beforeAll(async () => {
  tools = await testTools()
  converter = await createConverter(tools)
})
afterAll(() => converter.close())

/** Of all pictures together, and of the one that is least like its source; in dB. */
const LEAST_DB = 38
const LEAST_OF_ONE_DB = 36
/** Of a clock of whole ms. */
const INEXACT_S = 0.0011

type Case = {
  name: string
  width: number
  height: number
  /** Filters before the source is scaled. */
  filters?: string[]
  /** Pictures that are made beside those of the source, where it has none for a while. */
  repeated?: number[]
}

const CASES: Case[] = [
  { name: 'mpeg4-aac.mp4', width: 320, height: 180 },
  { name: 'mpeg4-rotated-90.mp4', width: 180, height: 320 },
  { name: 'mpeg4-rotated-180.mp4', width: 320, height: 180 },
  { name: 'mpeg4-rotated-270.mp4', width: 180, height: 320 },
  { name: 'mpeg2-interlaced.ts', width: 320, height: 180, filters: ['bwdif=mode=send_frame'] },
  { name: 'mjpeg-odd.mov', width: 320, height: 178 },
  { name: 'mpeg4-anamorphic.mp4', width: 256, height: 144 },
  { name: 'mpeg4-1440p.mp4', width: 1920, height: 1080 },
  { name: 'mpeg4-1440p-upright.mp4', width: 1080, height: 1920 },
  { name: 'prores.mov', width: 320, height: 180 },
  { name: 'h264-444.mp4', width: 320, height: 180 },
  { name: 'h264-10bit.mp4', width: 320, height: 180 },
  { name: 'hevc-aac.mp4', width: 320, height: 180 },
  { name: 'h264-opengop.mp4', width: 160, height: 90 },
  { name: 'mpeg4-vfr.mkv', width: 320, height: 180, repeated: [0, 6, 10, 14] },
  { name: 'mpeg4-bframes.avi', width: 320, height: 180 },
  { name: 'mpeg4-opus.mkv', width: 320, height: 180 },
  { name: 'mpeg4-editlist.mp4', width: 320, height: 180 },
  { name: 'mpeg4-late-picture.mkv', width: 320, height: 180, repeated: [0, 2] },
  { name: 'mpeg4-1fps.mkv', width: 320, height: 180, repeated: [0] },
  { name: 'mpeg4-120fps.mp4', width: 320, height: 180 },
  { name: 'mpeg4-short.mp4', width: 320, height: 180 },
  { name: 'mpeg4-one.mp4', width: 320, height: 180 },
]

describe('what is converted has every picture of its source, in order, at its time, and alike', () => {
  test.each(CASES.filter(({ name }) => hasTestMedia(name)))('$name', async (expected) => {
    const { name, width, height, repeated = [] } = expected
    const { playable } = await readTestMedia(name)
    const { stream, file } = await layOutConverted(converter, playable)
    expect(stream.picture).toMatchObject({ width, height })

    const size = (width * height * 3) / 2
    const filters = [...(expected.filters ?? []), `scale=${width}:${height}`, 'format=yuv420p']
    const source = await decodePictures(tools, testMedia(name), filters, size)
    const shown = await decodePictures(tools, file, ['format=yuv420p'], size)
    const isRepeated = ({ timeS }: { timeS: number }): boolean =>
      repeated.some((it) => Math.abs(it - timeS) < 0.001)
    const made = shown.filter((it) => !isRepeated(it))
    expect(shown.length - made.length).toBe(repeated.length)
    expect(made.length).toBe(source.length)
    expect(made.length).toBeGreaterThan(0)

    const startS = await startOf(tools, playable)
    const offsS = made.map(({ timeS }, at) => timeS - ((source[at]?.timeS ?? NaN) - startS))
    expect(Math.max(...offsS.map(Math.abs))).toBeLessThan(INEXACT_S)
    const off = made.map(({ planes }, at) => squareError(planes, source[at]?.planes ?? Buffer.alloc(size)))
    expect(toDb(off.reduce((sum, it) => sum + it, 0) / off.length)).toBeGreaterThan(LEAST_DB)
    expect(toDb(Math.max(...off))).toBeGreaterThan(LEAST_OF_ONE_DB)
    expect((await hashTracks(tools, file, 'copy')).video.length).toBe(shown.length)
  })
})

test('a picture that ends before the sound is seen until the stream ends', async () => {
  const path = join(converter.dir, 'short-picture.mp4')
  const whole = testMedia('mpeg4-aac.mp4')
  await run(
    tools.ffmpeg.path,
    [
      ...['-v', 'error', '-t', '6.5', '-i', whole, '-i', whole],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy', path],
    ],
    { timeoutMs: 20_000 },
  )
  const { playable } = await readPlayable(path)
  const plan = planTranscode(playable)
  if (!plan.picture) throw new Error('there is no picture')
  const track = converter.tracks.picture(playable, plan, plan.picture)
  const slot = await track.slot(plan.slots.length - 1, new AbortController().signal)
  const last = readSegmentSamples(slot).at(-1)
  // ffmpeg tells no duration of a last packet.
  const endTicks = (last?.decodeTicks ?? 0) + (last?.durationTicks ?? 0)
  expect(endTicks / PICTURE_TIMESCALE).toBeCloseTo(plan.lengthS, 2)
})
