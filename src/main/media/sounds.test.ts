import { expect, test } from 'vitest'
import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { soundsOf, streamedSounds } from './sounds.ts'

const FILM_PICTURE: VideoTrackInfo = {
  ...{ codec: 'avc', codecString: 'avc1.64001f', width: 640, height: 360, rotationDeg: 0 },
  ...{ frameRate: 25, bitDepth: 8, chroma: '4:2:0' },
}

const track = (codec: string, language: string | null, isDefault?: boolean): AudioTrackInfo => ({
  ...{ codec, language, codecString: null, sampleRate: 48_000, channels: 2, name: null },
  ...(isDefault === undefined ? {} : { isDefault }),
})
/** A film with these tracks of sound. */
const film = (audio: AudioTrackInfo[], more: Partial<MediaInfo> = {}) => ({
  ...{ audio, video: FILM_PICTURE, demuxer: 'matroska' },
  ...more,
})
const defaultOf = (audio: AudioTrackInfo[]): number[] =>
  soundsOf(film(audio)).flatMap((it) => (it.isDefault ? [it.at] : []))

test('the default is what the container says, else the first; Matroska says it of all unless told otherwise', () => {
  expect(defaultOf([track('aac', 'ger'), track('aac', 'eng')])).toEqual([0])
  expect(defaultOf([track('aac', 'ger'), track('aac', 'eng', true)])).toEqual([1])
  expect(defaultOf([track('aac', 'ger', true), track('aac', 'eng', true)])).toEqual([0])
  expect(defaultOf([])).toEqual([])
})

test('what cannot be copied is left out while something can, and is not the default then', () => {
  const audio = [track('ac3', 'eng', true), track('aac', 'ger'), track('opus', 'fre')]
  expect(streamedSounds(film(audio)).map((it) => [it.at, it.name, it.language])).toEqual([
    [1, 'Deutsch', 'de'],
    [2, 'Français', 'fr'],
  ])
  expect(defaultOf(audio)).toEqual([1])
})

test('of a file with no sound that can be copied, one is still the default: its facts are shown', () => {
  const audio = [track('dts', 'eng'), track('ac3', 'ger', true)]
  expect(streamedSounds(film(audio))).toEqual([])
  expect(defaultOf(audio)).toEqual([1])
})

test('names count every track of the file, whether it is streamed or not', () => {
  const names = streamedSounds(film([track('ac3', null), track('aac', null)])).map((it) => it.name)
  expect(names).toEqual(['Track 2'])
})

test('FLAC plays alone, not beside a picture; MP3 only from a file of nothing else', () => {
  const streamed = (codec: string, more: Partial<MediaInfo>): boolean =>
    streamedSounds(film([track(codec, null)], more)).length === 1
  expect(streamed('flac', { video: null, demuxer: 'flac' })).toBe(true)
  expect(streamed('flac', { video: null, demuxer: 'mov' })).toBe(true)
  expect(streamed('flac', {})).toBe(false)
  expect(streamed('mp3', { video: null, demuxer: 'mp3' })).toBe(true)
  expect(streamed('mp3', { video: null, demuxer: 'mov' })).toBe(false)
  expect(streamed('vorbis', { video: null, demuxer: 'ogg' })).toBe(false)
})
