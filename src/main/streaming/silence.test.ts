import { expect, test } from 'vitest'
import type { AudioTrackInfo } from '../../shared/media.ts'
import type { Sample } from './fragment-writer.ts'
import { fillWithSilence, silentFrame } from './silence.ts'

const TIMESCALE = 48_000
const FRAME = 1024
const silence = { data: new Uint8Array([0]), durationS: FRAME / TIMESCALE }
const sound = (decodeTicks: number, durationTicks = FRAME): Sample => ({
  ...{ data: new Uint8Array([1]), decodeTicks, durationTicks },
  ...{ offsetTicks: 0, isSync: true },
})
const fill = (sounds: Sample[], fromTicks: number, toTicks: number) =>
  fillWithSilence(sounds, { fromTicks, toTicks }, silence, TIMESCALE)
/** The samples adjoin from the first to the end. */
function expectAdjoining(samples: Sample[], fromTicks: number, toTicks: number): void {
  let atTicks = fromTicks
  for (const { decodeTicks, durationTicks } of samples) {
    expect(decodeTicks).toBe(atTicks)
    atTicks += durationTicks
  }
  expect(atTicks).toBe(toTicks)
}
const soundsIn = (samples: Sample[]): number[] =>
  samples.filter((it) => it.data[0] === 1).map((it) => it.decodeTicks)

test('sound without a hole stays as it is', () => {
  const sounds = [sound(1000), sound(1000 + FRAME), sound(1000 + 2 * FRAME)]
  expect(fill(sounds, 500, 1000 + 3 * FRAME + 900)).toEqual(sounds)
})

test('a segment without any sound is silent from its beginning to its end', () => {
  const samples = fill([], 96_000, 288_000)
  expectAdjoining(samples, 96_000, 288_000)
  expect(samples).toHaveLength(187)
  expect(soundsIn(samples)).toEqual([])
})

test('sound that begins late or ends early has silence around it, and every packet stays in its place', () => {
  const sounds = [sound(20_000), sound(20_000 + FRAME, 999_999)]
  const samples = fill(sounds, 0, 96_000)
  expectAdjoining(samples, 0, 96_000)
  expect(soundsIn(samples)).toEqual([20_000, 20_000 + FRAME])
})

test('a packet that is said to last until a later one makes room for the silence between them', () => {
  const samples = fill([sound(0, 48_000), sound(48_000)], 0, 48_000 + FRAME)
  expectAdjoining(samples, 0, 48_000 + FRAME)
  expect(soundsIn(samples)).toEqual([0, 48_000])
})

test('a hole that players pass over is left', () => {
  const sounds = [sound(0), sound(FRAME + 4_000)]
  expect(fill(sounds, 0, 2 * FRAME + 4_000)).toEqual(sounds)
})

const track = (more: Partial<AudioTrackInfo>): AudioTrackInfo => ({
  ...{ codec: 'aac', codecString: 'mp4a.40.2', sampleRate: 44_100, channels: 2 },
  ...{ language: null, name: null, ...more },
})

test('a frame is as long as the codec has it; there is none for what would be decoded otherwise', () => {
  expect(silentFrame(track({}))?.durationS).toBeCloseTo(1024 / 44_100, 9)
  expect(silentFrame(track({ codec: 'opus', codecString: 'opus' }))?.durationS).toBe(0.02)
  expect(silentFrame(track({ codecString: 'mp4a.40.5' }))).toBeNull()
  expect(silentFrame(track({ channels: 8 }))).toBeNull()
  expect(silentFrame(track({ codec: 'flac', codecString: 'flac' }))).toBeNull()
})
