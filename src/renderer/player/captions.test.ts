import { expect, test } from 'vitest'
import { preferred, type CaptionChoice } from './captions.ts'

const captions = (name: string, language?: string, forced = false): CaptionChoice => ({
  ...{ name, forced, url: `/${name}.vtt` },
  ...(language === undefined ? {} : { language }),
})

const ALL = [captions('signs', 'en', true), captions('Deutsch', 'de'), captions('English', 'en-GB')]

test('the captions for a viewer are in a language of theirs, the first of which counts most', () => {
  expect(preferred(ALL, ['en-US', 'de'])?.name).toBe('English')
  expect(preferred(ALL, ['fr', 'de-AT'])?.name).toBe('Deutsch')
})

test('without one they are the first that tell everything', () => {
  expect(preferred(ALL, ['fr'])?.name).toBe('Deutsch')
  expect(preferred([captions('a'), captions('b')], ['en'])?.name).toBe('a')
  expect(preferred(ALL.slice(0, 1), ['fr'])?.name).toBe('signs')
  expect(preferred([], ['en'])).toBeUndefined()
})
