import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import { createExportSaver, type ExportSaver } from './export-saver.ts'

let folder: string
let source: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matinee-saver-'))
  source = join(folder, 'source.mp4')
  writeFileSync(source, 'the source')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

type Body = (out: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>
const bytes = (text: string): Uint8Array => Buffer.from(text)
const whole: Body = (out) => {
  out.enqueue(bytes('new '))
  out.enqueue(bytes('bytes'))
  out.close()
}

/** A saver over an engine with one export of `source`, whose bytes come as `body` says. */
function saverOf(body: Body, job: object = { result: { filename: 'walk.mp4' } }): ExportSaver {
  return createExportSaver({
    job: async (id) => ({ id, file_id: 'file_1', ...job }) as Job,
    file: async () => ({ path: source }) as File,
    result: async () => new ReadableStream({ pull: body }),
  })
}
const saveTo = (saver: ExportSaver, path: string | undefined) => saver.save('job_1', async () => path)
const names = (): string[] => readdirSync(folder).sort()

test('an export is saved whole where its owner says, over what was there', async () => {
  const target = join(folder, 'mine.mp4')
  writeFileSync(target, 'something older that is longer')
  const suggested: string[] = []
  const saved = await saverOf(whole).save('job_1', async (name) => {
    suggested.push(name)
    return target
  })
  expect(saved).toEqual({ state: 'saved', filename: 'mine.mp4' })
  expect(suggested).toEqual(['walk.mp4'])
  expect(readFileSync(target, 'utf8')).toBe('new bytes')
  expect(names()).toEqual(['mine.mp4', 'source.mp4'])
})

test('a name as long as names can be is saved', async () => {
  const name = `${'x'.repeat(251)}.mp4`
  expect(await saveTo(saverOf(whole), join(folder, name))).toEqual({ state: 'saved', filename: name })
})

test('who cancels the dialog gets no file and no error', async () => {
  expect(await saveTo(saverOf(whole), undefined)).toEqual({ state: 'cancelled' })
  expect(names()).toEqual(['source.mp4'])
})

test('the file that an export was made of is never written over, under any of its names', async () => {
  const other = join(folder, 'other name.mp4')
  linkSync(source, other)
  for (const path of [source, join(folder, '.', 'source.mp4'), other]) {
    expect(await saveTo(saverOf(whole), path)).toEqual({
      state: 'failed',
      reason: 'This is the file that the export was made of. Choose another name.',
    })
  }
  expect(readFileSync(source, 'utf8')).toBe('the source')
})

test('a job without a result asks nobody where it should go', async () => {
  let asked = 0
  const saved = await saverOf(whole, {}).save('job_1', async () => {
    asked++
    return join(folder, 'x.mp4')
  })
  expect(saved).toEqual({ state: 'failed', reason: 'This job has made no file (yet).' })
  expect(asked).toBe(0)
})

describe('what fails leaves the older file as it was, nothing half-written, and says why:', () => {
  const systemError = (code: string): Error => Object.assign(new Error(`${code}: nope, write`), { code })
  const breaking =
    (error: Error): Body =>
    (out) => {
      if (out.desiredSize === 1) out.enqueue(bytes('half'))
      out.error(error)
    }
  test.each([
    ['a full disk', systemError('ENOSPC'), 'There is not enough room on this disk.'],
    ['a refused folder', systemError('EACCES'), 'This folder cannot be written to. Choose another one.'],
    ['a file too large for it', systemError('EFBIG'), 'This disk takes no file of this size.'],
    ['an error without a sentence', systemError('EWEIRD'), 'The file could not be saved (EWEIRD).'],
    [
      'an answer that breaks off',
      new TypeError('terminated'),
      'The export could not be read to its end. Try again.',
    ],
    ['what the engine says', new Error('This file is no longer kept.'), 'This file is no longer kept.'],
  ])('%s', async (_what, error, reason) => {
    const target = join(folder, 'mine.mp4')
    writeFileSync(target, 'older')
    expect(await saveTo(saverOf(breaking(error)), target)).toEqual({ state: 'failed', reason })
    expect(readFileSync(target, 'utf8')).toBe('older')
    expect(names()).toEqual(['mine.mp4', 'source.mp4'])
  })

  test('folders that are not there, or are none, and a folder in the place of the file', async () => {
    mkdirSync(join(folder, 'taken.mp4'))
    const gone = 'This folder is not there. Choose another one.'
    for (const [path, reason] of [
      [join(folder, 'gone', 'x.mp4'), gone],
      [join(source, 'x.mp4'), gone],
      [join(folder, 'taken.mp4'), expect.any(String) as string],
    ] as const)
      expect(await saveTo(saverOf(whole), path), path).toEqual({ state: 'failed', reason })
    expect(names()).toEqual(['source.mp4', 'taken.mp4'])
  })
})

test('closing breaks off what is being written, and is done when it is removed', async () => {
  const begun = Promise.withResolvers<undefined>()
  const saver = saverOf((out) => {
    out.enqueue(bytes('endless '))
    if (names().some((name) => name.endsWith('.tmp'))) begun.resolve(undefined)
    return new Promise((resolve) => setImmediate(resolve))
  })
  const saving = saveTo(saver, join(folder, 'mine.mp4'))
  await begun.promise
  await saver.close()
  expect(names()).toEqual(['source.mp4'])
  expect(await saving).toEqual({
    state: 'failed',
    reason: 'Matinee was closed before the file was whole.',
  })
})
