import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assertRoom, copyBeside, copyWhole, removeOthers } from './kept-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-kept-'))
})
afterEach(() => rmSync(dir, { recursive: true }))
const at = (name: string): string => join(dir, name)
const never = new AbortController().signal
const ignore = (): void => undefined

test('a copy is the same bytes, and whoever leaves ends it', async () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'film')
  writeFileSync(at('film.mp4'), bytes)
  await copyWhole(at('film.mp4'), at('copy.mp4'), never, ignore)
  expect(readFileSync(at('copy.mp4')).equals(bytes)).toBe(true)
  await expect(copyWhole(at('gone.mp4'), at('other.mp4'), never, ignore)).rejects.toMatchObject({
    code: 'ENOENT',
  })
})

test('what there is no room for is refused before anything is written', async () => {
  await expect(assertRoom(at('packaged'), 1e18)).rejects.toMatchObject({ code: 'disk_full' })
  await assertRoom(at('packaged'), 1)
})

test('a link and a folder beside a film are not copied', async () => {
  writeFileSync(at('film.en.srt'), 'text')
  writeFileSync(at('secret'), 'secret')
  symlinkSync(at('secret'), at('film.de.srt'))
  mkdirSync(at('film.fr.srt'))
  mkdirSync(at('to'))
  await copyBeside([at('film.en.srt'), at('film.de.srt'), at('film.fr.srt'), at('film.it.srt')], at('to'))
  expect(readdirSync(at('to'))).toEqual(['film.en.srt'])
})

test('what a killed process left is removed', async () => {
  for (const name of ['a', 'a.1.tmp', 'b']) mkdirSync(at(name))
  await removeOthers(dir, new Set(['a']))
  expect(readdirSync(dir)).toEqual(['a'])
})
