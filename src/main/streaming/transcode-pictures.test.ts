import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import { readSegmentSamples } from './fragment-reader.ts'
import { useConverter } from './testing-conversion.ts'
import { expectAllPictures, type PicturesCase } from './testing-pictures.ts'
import { readPlayable } from './testing.ts'
import { PICTURE_TIMESCALE, planTranscode } from './transcode-plan.ts'

const conversion = useConverter()

const CASES: PicturesCase[] = [
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
  test.each(CASES.filter(({ name }) => hasTestMedia(name)))('$name', (it) =>
    expectAllPictures(conversion, it),
  )
})

test('a picture that ends before the sound is seen until the stream ends', async () => {
  const path = join(conversion.converter.dir, 'short-picture.mp4')
  const whole = testMedia('mpeg4-aac.mp4')
  await run(
    conversion.tools.ffmpeg.path,
    [
      ...['-v', 'error', '-t', '6.5', '-i', whole, '-i', whole],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy', path],
    ],
    { timeoutMs: 20_000 },
  )
  const { playable } = await readPlayable(path)
  const plan = planTranscode(playable)
  if (!plan.picture) throw new Error('there is no picture')
  const track = conversion.converter.tracks.picture(playable, plan, plan.picture)
  const slot = await track.slot(plan.slots.length - 1, new AbortController().signal)
  const last = readSegmentSamples(slot).at(-1)
  // ffmpeg tells no duration of a last packet.
  const endTicks = (last?.decodeTicks ?? 0) + (last?.durationTicks ?? 0)
  expect(endTicks / PICTURE_TIMESCALE).toBeCloseTo(plan.lengthS, 2)
})
