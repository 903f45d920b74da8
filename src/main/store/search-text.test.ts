import { describe, expect, it } from 'vitest'
import { folded, listedText, nameOrder, searchWords } from './search-text.ts'

describe('text for searches', () => {
  it.each([
    ['Übung', 'ubung'],
    ['U\u0308bung', 'ubung'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['café', 'cafe'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['İstanbul', 'istanbul'],
    ['ﬁlm Ⅳ', 'film iv'],
    ['東京.mp4', '東京.mp4'],
    ['a\ud800b', 'a\ufffdb'],
  ])('writes %s as %s', (text, expected) => {
    expect(folded(text)).toBe(expected)
  })

  it('has words between spaces and controls, each once, with all signs in them', () => {
    expect(searchWords('  Ridge\twalk\u0000RIDGE "a*" NEAR( ')).toEqual(['ridge', 'walk', '"a*"', 'near('])
    expect(searchWords('\u0000 \n\u00a0')).toEqual([])
  })

  const file = {
    filename: 'IMG_1.MOV',
    path: '/home/anna/Videos/Übung/2024/IMG_1.MOV',
    source: 'local',
    metadata: null,
  } as const
  const words = (over: object, folder: string | null): string[] =>
    listedText({ ...file, ...over }, folder)
      .searchText.split('\n')
      .filter((part) => part !== '')

  it('holds the folders from that of the library on, and none above', () => {
    expect(words({}, '/home/anna/Videos')).toEqual(['img_1.mov', 'videos', 'ubung', '2024'])
    expect(words({}, '/home/anna/Videos/Übung/2024')).toEqual(['img_1.mov', '2024'])
    expect(words({}, null)).toEqual(['img_1.mov', '2024'])
    expect(words({ source: 'upload' }, null)).toEqual(['img_1.mov'])
  })

  it('holds tags, whatever else the metadata has', () => {
    expect(words({ metadata: { tags: ['Alps', 7, null, 'snow'] }, source: 'upload' }, null)).toEqual([
      'img_1.mov',
      'alps',
      'snow',
    ])
    expect(words({ metadata: { tags: 'one text' }, source: 'upload' }, null)).toEqual([
      'img_1.mov',
      'one text',
    ])
    for (const tags of [7, null, {}, [[]], undefined]) {
      expect(words({ metadata: { tags, other: 'x' }, source: 'upload' }, null)).toEqual(['img_1.mov'])
    }
    expect(words({ metadata: { tags: ['x'.repeat(60_000)] }, source: 'upload' }, null)[1]).toHaveLength(4_000)
  })
})

describe('the order of names', () => {
  it('is that of people: without case and accents, numbers by their value', () => {
    const names = [
      'a.mp4',
      'Ärger.mp4',
      'B.mp4',
      'IMG_2.MOV',
      'img_010.mov',
      'IMG_100.MOV',
      'IMG_2041.MOV',
      'z.mp4',
    ]
    expect(names.toReversed().sort((a, b) => (nameOrder(a) < nameOrder(b) ? -1 : 1))).toEqual(names)
  })

  it('tells numbers of any length', () => {
    const numbers = ['0', '7', '10', '99', '100', '9'.repeat(50), '1' + '0'.repeat(200)]
    const keys = numbers.map(nameOrder)
    expect(keys).toEqual(keys.toSorted())
    expect(new Set(keys).size).toBe(keys.length)
  })
})
