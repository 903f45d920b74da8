import { expect, test } from 'vitest'
import type { AudioTrackInfo } from '../../shared/media.ts'
import { soundsOf, streamedSounds } from './sounds.ts'

const track = (codec: string, language: string | null, isDefault?: boolean): AudioTrackInfo => ({
  ...{ codec, language, codecString: null, sampleRate: 48_000, channels: 2, name: null },
  ...(isDefault === undefined ? {} : { isDefault }),
})
const defaultOf = (audio: AudioTrackInfo[]): number[] =>
  soundsOf({ audio }).flatMap((it) => (it.isDefault ? [it.at] : []))

test('the default is what the container says, else the first; Matroska says it of all unless told otherwise', () => {
  expect(defaultOf([track('aac', 'ger'), track('aac', 'eng')])).toEqual([0])
  expect(defaultOf([track('aac', 'ger'), track('aac', 'eng', true)])).toEqual([1])
  expect(defaultOf([track('aac', 'ger', true), track('aac', 'eng', true)])).toEqual([0])
  expect(defaultOf([])).toEqual([])
})

test('what cannot be copied is left out while something can, and is not the default then', () => {
  const audio = [track('ac3', 'eng', true), track('aac', 'ger'), track('opus', 'fre')]
  expect(streamedSounds({ audio }).map((it) => [it.at, it.name, it.language])).toEqual([
    [1, 'Deutsch', 'de'],
    [2, 'Français', 'fr'],
  ])
  expect(defaultOf(audio)).toEqual([1])
})

test('of a file with no sound that can be copied, one is still the default: its facts are shown', () => {
  const audio = [track('dts', 'eng'), track('ac3', 'ger', true)]
  expect(streamedSounds({ audio })).toEqual([])
  expect(defaultOf(audio)).toEqual([1])
})

test('names count every track of the file, whether it is streamed or not', () => {
  const names = streamedSounds({ audio: [track('ac3', null), track('aac', null)] }).map((it) => it.name)
  expect(names).toEqual(['Track 2'])
})
