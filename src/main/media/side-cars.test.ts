import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSideCarSearch, readSideCar, textOf } from './side-cars.ts'
import { temporaryDir } from './testing.ts'

const CUE = '1\n00:00:01,000 --> 00:00:02,000\nGrüße\n'

test('files of subtitles beside a film are known by its name, a language, and a few words', async () => {
  const dir = temporaryDir()
  const names = [
    'film.srt',
    'film.en.srt',
    'film.pt-BR.sdh.vtt',
    'film.en.hi.srt',
    'film.hi.ass',
    'film.Deutsch.ssa',
  ]
  const others = [
    'film.2.srt',
    'film.private.srt',
    'films.srt',
    'film.en.fr.srt',
    'film.mp4',
    'film.txt',
    '.srt',
  ]
  for (const name of [...names, ...others]) writeFileSync(join(dir, name), CUE)
  const found = await createSideCarSearch()(join(dir, 'film.mp4'))
  expect(found.map((it) => [it.path.slice(dir.length + 1), it.language, it.name])).toEqual([
    ['film.Deutsch.ssa', 'de', null],
    ['film.en.hi.srt', 'en', 'SDH'],
    ['film.en.srt', 'en', null],
    ['film.hi.ass', 'hi', null],
    ['film.pt-BR.sdh.vtt', 'pt-BR', 'SDH'],
    ['film.srt', null, null],
  ])
  expect(await createSideCarSearch()('/nowhere/film.mp4')).toEqual([])
})

test('text is read in the encodings that such files have', async () => {
  const wide = Buffer.from(`\ufeff${CUE}`, 'utf16le')
  for (const bytes of [
    Buffer.from(CUE),
    Buffer.from(`\ufeff${CUE}`),
    wide,
    Buffer.from(wide).swap16(),
    Buffer.from(CUE, 'latin1'),
  ]) {
    const path = join(temporaryDir(), 'film.srt')
    writeFileSync(path, bytes)
    expect(await readSideCar(path)).toEqual([{ startS: 1, endS: 2, text: 'Grüße' }])
  }
  expect(textOf(Buffer.from([0x80, 0x93]))).toBe('€“')
})

test('S56, S57: what is no regular file is not read, and no FIFO makes it wait', async () => {
  const dir = temporaryDir()
  writeFileSync(join(dir, 'secret.srt'), CUE)
  symlinkSync(join(dir, 'secret.srt'), join(dir, 'link.srt'))
  symlinkSync(join(dir, 'loop.srt'), join(dir, 'loop.srt'))
  mkdirSync(join(dir, 'folder.srt'))
  execFileSync('mkfifo', [join(dir, 'fifo.srt')])
  symlinkSync('/dev/zero', join(dir, 'zero.srt'))
  for (const name of ['link', 'loop', 'folder', 'fifo', 'zero', 'missing']) {
    await expect(readSideCar(join(dir, `${name}.srt`)), name).rejects.toMatchObject({ code: 'not_found' })
  }
})

test('S54: one larger than any film’s is refused before it is read', async () => {
  const path = join(temporaryDir(), 'film.srt')
  writeFileSync(path, CUE)
  truncateSync(path, 100e9)
  await expect(readSideCar(path)).rejects.toMatchObject({ code: 'too_large' })
})
