import { describe, expect, test } from 'vitest'
import { hasTestMedia } from '../../../scripts/test-media.ts'
import { oldTools } from '../media/testing.ts'
import { layOutConverted, soundPackets, useConverter } from './testing-conversion.ts'
import { expectAllPictures, type PicturesCase } from './testing-pictures.ts'
import { readTestMedia } from './testing.ts'

/* A cut of what converting promises, with the ffmpeg that comes by npm alone: 4.1. */

const conversion = useConverter(oldTools)

const CASES: PicturesCase[] = [
  { name: 'mpeg4-aac.mp4', width: 320, height: 180 },
  { name: 'mpeg4-rotated-90.mp4', width: 180, height: 320 },
  { name: 'mpeg2-interlaced.ts', width: 320, height: 180, filters: ['bwdif=mode=send_frame'] },
  { name: 'h264-opengop.mp4', width: 160, height: 90 },
  { name: 'hevc-aac.mp4', width: 320, height: 180 },
]

describe('with the old ffmpeg, what is converted has every picture of its source, in order, at its time, and alike', () => {
  test.each(CASES.filter(({ name }) => hasTestMedia(name)))('$name', (it) =>
    expectAllPictures(conversion, it),
  )
})

test('with the old ffmpeg, sound that is converted goes on from segment to segment', async () => {
  const { playable } = await readTestMedia('h264-ac3.mkv')
  const { stream, file } = await layOutConverted(conversion.converter, playable, { backwards: true })
  expect(stream.renditions[0].segments.length).toBeGreaterThan(1)
  const packets = await soundPackets(conversion.tools, file)
  const stepsS = packets.slice(1).map(({ timeS }, at) => timeS - (packets[at]?.timeS ?? 0))
  expect(Math.max(...stepsS.map((it) => Math.abs(it - 1024 / 48_000)))).toBeLessThan(0.0001)
})
