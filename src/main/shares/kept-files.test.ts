import { execFileSync } from 'node:child_process'
import {
  existsSync,
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
import { assertRoom } from '../base/free-room.ts'
import { readIdentity, type SourceRef } from '../media/source.ts'
import { copyBeside, copyWhole, removeOthers } from './kept-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-kept-'))
})
afterEach(() => rmSync(dir, { recursive: true }))
const at = (name: string): string => join(dir, name)
const never = new AbortController().signal
/** A file of the folder as it is now. */
const sourceAt = async (name: string): Promise<SourceRef> => ({
  ...{ fingerprint: name, path: at(name), identity: await readIdentity(at(name)) },
})
const missing = { code: 'file_missing' }
const ignore = (): void => undefined

test('a copy is the same bytes, and whoever leaves ends it', async () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'film')
  writeFileSync(at('film.mp4'), bytes)
  const source = await sourceAt('film.mp4')
  await copyWhole(source, at('copy.mp4'), never, ignore)
  expect(readFileSync(at('copy.mp4')).equals(bytes)).toBe(true)
  rmSync(at('film.mp4'))
  await expect(copyWhole(source, at('other.mp4'), never, ignore)).rejects.toMatchObject(missing)
})

test('S57: what became a pipe or another file since it was looked at is not copied, nor waited for', async () => {
  writeFileSync(at('film.mp4'), 'film')
  const source = await sourceAt('film.mp4')
  for (const swap of [
    () => execFileSync('mkfifo', [at('film.mp4')]),
    () => writeFileSync(at('film.mp4'), 'else'),
    () => symlinkSync('/dev/zero', at('film.mp4')),
  ]) {
    rmSync(at('film.mp4'))
    swap()
    await expect(copyWhole(source, at('copy.mp4'), never, ignore)).rejects.toMatchObject(missing)
    expect(existsSync(at('copy.mp4'))).toBe(false)
  }
})

test.skipIf(!existsSync('/dev/full'))('a disk that is full is told as that', async () => {
  writeFileSync(at('film.mp4'), 'film')
  const copy = copyWhole(await sourceAt('film.mp4'), '/dev/full', never, ignore)
  await expect(copy).rejects.toMatchObject({ code: 'disk_full' })
})

test('what there is no room for is refused before anything is written', async () => {
  await expect(assertRoom(at('packaged'), 1e18, 'for it')).rejects.toMatchObject({ code: 'disk_full' })
  await assertRoom(at('packaged'), 1, 'for it')
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
