import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import {
  decodeSound,
  delayS,
  layOutConverted,
  levelDb,
  soundPackets,
  startOf,
  useConverter,
} from './testing-conversion.ts'
import { readTestMedia } from './testing.ts'

const conversion = useConverter()

const FRAME_S = 1024 / 48_000
const LARGEST_OFFSET_S = 0.02

/** Moments at which there is sound in both, in seconds. */
const CASES: { name: string; momentsS: number[]; backwards?: boolean; filled?: number }[] = [
  { name: 'mpeg4-aac.mp4', momentsS: [0.1, 2.4, 5.8] },
  { name: 'mpeg4-bframes.avi', momentsS: [0.1, 1.9, 6.2], backwards: true },
  { name: 'mpeg4-opus.mkv', momentsS: [0.1, 1.9, 5.9], backwards: true },
  { name: 'mpeg4-editlist.mp4', momentsS: [0.2, 1.9, 4.9] },
  { name: 'mpeg4-late-sound.mkv', momentsS: [1.7, 4.5], filled: 2 },
  { name: 'mpeg4-late-picture.mkv', momentsS: [0.1, 5.9] },
  { name: 'mpeg2-interlaced.ts', momentsS: [0.3, 1.9, 5.9], backwards: true },
  { name: 'mpeg4-short.mp4', momentsS: [0.05] },
  { name: 'alac-cover.m4a', momentsS: [0.1, 1.9, 5.9] },
  { name: 'pcm-mono.wav', momentsS: [0.1, 1.9, 5.9], backwards: true },
]

describe('sound that is converted is where it was, without a hole or an overlap from segment to segment', () => {
  test.each(CASES.filter(({ name }) => hasTestMedia(name)))(
    '$name',
    async ({ name, momentsS, backwards = false, filled = 0 }) => {
      const { playable } = await readTestMedia(name)
      const { stream, file } = await layOutConverted(conversion.converter, playable, { backwards })
      const packets = await soundPackets(conversion.tools, file)
      const gapsS = packets.slice(1).map(({ timeS }, at) => timeS - (packets[at]?.timeS ?? 0) - FRAME_S)
      expect(Math.min(...gapsS)).toBeGreaterThan(-0.000_1)
      // Silence that is laid behind the last of the sound does not fill whole frames.
      expect(gapsS.filter((it) => it > 0.000_1).length).toBeLessThanOrEqual(filled)
      expect(Math.max(...gapsS)).toBeLessThan(FRAME_S)
      const { index } = playable
      const lengthS = index.endS - index.startS
      expect(Math.abs((packets.at(-1)?.timeS ?? 0) + FRAME_S - lengthS)).toBeLessThan(0.1)
      expect(stream.renditions[0].codecs).toContain('mp4a.40.2')

      const [source] = await decodeSound(
        conversion.tools,
        testMedia(name),
        playable.media.audio[0]?.channels ?? 1,
        -(await startOf(conversion.tools, playable)),
      )
      const [made] = await decodeSound(conversion.tools, file, 2)
      if (!source || !made) throw new Error('nothing was decoded')
      for (const momentS of momentsS)
        expect(Math.abs(delayS(source, made, momentS))).toBeLessThan(LARGEST_OFFSET_S)
    },
  )
})

const TONE_DB = -20
/** ITU-R BS.775: the middle and the rear are 3 dB less in each of two channels; the lowest are left out. */
const LEVELS: { name: string; left: number; right: number }[] = [
  { name: 'ac3-left.mkv', left: TONE_DB, right: -Infinity },
  { name: 'ac3-right.mkv', left: -Infinity, right: TONE_DB },
  { name: 'ac3-centre.mkv', left: TONE_DB - 3, right: TONE_DB - 3 },
  { name: 'ac3-low.mkv', left: -Infinity, right: -Infinity },
  { name: 'ac3-rear.mkv', left: TONE_DB - 3, right: -Infinity },
  { name: 'pcm-71.wav', left: -Infinity, right: TONE_DB - 3 },
]

test.each(LEVELS.filter(({ name }) => hasTestMedia(name)))(
  '$name is mixed to two channels as loud as it should be',
  async ({ name, left, right }) => {
    const { playable } = await readTestMedia(name)
    const { file } = await layOutConverted(conversion.converter, playable)
    const levels = (await decodeSound(conversion.tools, file, 2)).map(levelDb)
    for (const [at, wanted] of [left, right].entries()) {
      if (wanted === -Infinity) expect(levels[at]).toBeLessThan(-60)
      else expect(Math.abs((levels[at] ?? 0) - wanted)).toBeLessThan(0.5)
    }
  },
)
