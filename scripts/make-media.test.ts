import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeTestMedia } from './make-media.ts'
import { RECIPES } from './media-recipes.ts'
import { hasTestMedia, TEST_MEDIA_DIR, testMedia } from './test-media.ts'

test('names are unique, and a file is made of files in the list', () => {
  const names = RECIPES.map((it) => it.name)
  expect(new Set(names).size).toBe(names.length)
  const sources = RECIPES.flatMap(({ needs, args = [] }) => [
    ...(needs ? [needs] : []),
    ...args.filter((it) => it.startsWith('@')).map((it) => it.slice(1)),
  ])
  for (const name of sources) expect(names).toContain(name)
})

test('what is there is left alone, by several at once too: nobody’s open file is swapped', async () => {
  const inodes = (): number[] =>
    RECIPES.filter(({ name }) => hasTestMedia(name)).map(({ name }) => statSync(testMedia(name)).ino)
  const before = inodes()
  await Promise.all([makeTestMedia(), makeTestMedia()])
  expect(inodes()).toEqual(before)
  expect(readdirSync(TEST_MEDIA_DIR).filter((it) => /^\.[0-9a-f-]{36}-/.test(it))).toEqual([])
})

test('a file that was never made is told with the way to make it', () => {
  expect(hasTestMedia('no-such.mp4')).toBe(false)
  expect(() => testMedia('no-such.mp4')).toThrow('node scripts/make-media.ts')
})

test('the broken ones are broken as they say', () => {
  const whole = readFileSync(testMedia('h264-aac-gop10.mp4'))
  const cut = readFileSync(testMedia('truncated.mp4'))
  expect(cut.equals(whole.subarray(0, cut.length))).toBe(true)
  expect(cut.includes('moov')).toBe(false)
  expect(readFileSync(testMedia('zeros.mp4')).every((byte) => byte === 0)).toBe(true)
  expect(statSync(testMedia('empty.mp4')).size).toBe(0)
})
