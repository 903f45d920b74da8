import { expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { readPlainFilm } from './plain-facts.ts'
import { openInput } from './source.ts'

test.each([
  'h264-aac-gop2.mp4',
  'h264-aac-gop10.mp4',
  'h264-2997.mp4',
  'h264-delayed-audio.mp4',
  'h264-editlist.mp4',
  'h264-silent.mp4',
  'h264-aac.mov',
])('%s: its tables tell the length and rate that mediabunny finds', async (name) => {
  const input = openInput(testMedia(name))
  onTestFinished(() => input.dispose())
  const video = await input.getPrimaryVideoTrack()
  const rate = await video?.computeFrameRateMetrics({ targetPacketCount: 100 })
  expect((await readPlainFilm(testMedia(name)))?.facts).toEqual({
    durationS: await input.getDurationFromMetadata(),
    frameRate: rate?.underlyingFrameRate,
  })
})

test.each(['h264-vfr.mp4', 'h264-fragmented.mp4', 'aac.m4a', 'h264-aac.mkv', 'random.mp4', 'empty.mp4'])(
  '%s has no steady rate, or is not plain',
  async (name) => {
    expect(await readPlainFilm(testMedia(name))).toBeNull()
  },
)
