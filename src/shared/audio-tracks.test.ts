import { describe, expect, test } from 'vitest'
import { audioTrackNames, languageTag } from './audio-tracks.ts'

describe('codes of containers become BCP 47', () => {
  test.each([
    ['ger', 'de'],
    ['deu', 'de'],
    ['de', 'de'],
    ['fre', 'fr'],
    ['chi', 'zh'],
    ['cze', 'cs'],
    ['pt-br', 'pt-BR'],
    ['gsw', 'gsw'],
    ['und', null],
    ['qaa', null],
    ['zxx', null],
    ['', null],
    ['not a code', null],
    [null, null],
  ])('%s is %s', (code, tag) => {
    expect(languageTag(code)).toBe(tag)
  })
})

describe('tracks of sound have names for people, no two alike', () => {
  const named = (...tracks: [language: string | null, name: string | null][]) =>
    audioTrackNames(tracks.map(([language, name]) => ({ language, name })))

  test('a language is named in its own words, with what the file calls the track', () => {
    expect(named(['ger', null], ['eng', 'Commentary'], ['fre', 'VFF'], [null, 'Music only'])).toEqual([
      'Deutsch',
      'English – Commentary',
      'Français – VFF',
      'Music only',
    ])
  })

  test('what says the language already stands alone', () => {
    expect(named(['eng', 'English 5.1'], ['ger', 'German (Stereo)'], ['jpn', 'japanese'])).toEqual([
      'English 5.1',
      'German (Stereo)',
      'japanese',
    ])
  })

  test('tracks that are called the same are counted', () => {
    expect(named(['eng', null], ['eng', null], [null, 'English'], [null, 'English 2'])).toEqual([
      'English',
      'English 2',
      'English 3',
      'English 2 2',
    ])
  })

  test('tracks that say nothing are counted by their place', () => {
    expect(named(['eng', null], [null, null], ['und', ' \u0007 '])).toEqual(['English', 'Track 2', 'Track 3'])
  })

  test('a commentary that has no name is called one', () => {
    const track = { language: 'en', name: null }
    expect(audioTrackNames([track, { ...track, isCommentary: true }])).toEqual([
      'English',
      'English – Commentary',
    ])
  })

  test('a double quote, which a playlist cannot write, is another sign', () => {
    expect(named([null, 'The "director"'])).toEqual(['The ’director’'])
  })

  test('signs that change how text is read are taken out, and a long name is cut', () => {
    const [turned = '', long = ''] = named([null, 'a\u202eb\nc'], [null, 'x'.repeat(500)])
    expect(turned).toBe('a b c')
    expect(long).toHaveLength(60)
  })
})
