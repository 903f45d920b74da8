import { copyFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { startLibrary, waitUntil } from '../library/testing.ts'
import { lookInto } from '../media/look.ts'
import { resolveTools, type Tools } from '../media/tools.ts'
import { buildMediaIndex } from './keyframes.ts'
import { createReaders, type Readers } from './readers.ts'

const never = new AbortController().signal
let tools: Tools
beforeAll(async () => {
  tools = await resolveTools(process.env)
})

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

function open(options?: Parameters<typeof createReaders>[0]): Readers {
  const readers = createReaders(options)
  ends.unshift(() => readers.close())
  return readers
}

const fileOf = (path: string) => ({ path, bytes: statSync(path).size, tools })

test('a thread tells of files what this one would: MP4 with its key table at once, others when asked', async () => {
  const readers = open()
  for (const name of ['h264-aac-gop2.mp4', 'h264-aac.mkv', 'h264-aac.ts', 'mpeg4-mp3.avi', 'flac.flac']) {
    const path = testMedia(name)
    const { index, ...look } = await readers.look(fileOf(path), never)
    expect(look, name).toEqual(await lookInto(path, tools, never))
    const expected = await buildMediaIndex({ path, media: look.media, tools }, never)
    expect(index, name).toEqual(name.endsWith('.mp4') ? expected : undefined)
    expect(await readers.index({ path, media: look.media, tools }, never), name).toEqual(expected)
  }
})

test('a refusal arrives with its sentence, a system error with its code', async () => {
  const readers = open()
  const refused = readers.look(fileOf(testMedia('truncated.mp4')), never)
  await expect(refused).rejects.toMatchObject({
    code: 'unsupported_media',
    message: expect.stringContaining('cut off') as string,
  })
  const gone = readers.look({ path: testMedia('h264-aac-gop2.mp4') + '-', bytes: 0, tools }, never)
  await expect(gone).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a scan in a thread tells how far it is, and takes what an earlier one had saved', async () => {
  const readers = open()
  const path = testMedia('h264-aac.ts')
  const { media } = await readers.look(fileOf(path), never)
  const heard: number[] = []
  const progress = {
    saved: 'no state of a scan',
    save: () => undefined,
    report: (fraction: number) => heard.push(fraction),
  }
  const index = await readers.index({ path, media, tools, progress }, never)
  expect(index).toEqual(await buildMediaIndex({ path, media, tools }, never))
  expect(heard.at(-1)).toBe(1)
})

test('S54: files that have their reader go in a circle or crash fail with a reason; the others are read', async () => {
  const entry = new URL('./testing-reading-worker.ts', import.meta.url)
  // Three signs of life; a start does not count, however busy the machine is.
  const readers = open({ entry, stuckMs: 1500 })
  const it = await startLibrary({
    look: (file, signal) => readers.look({ ...file, tools }, signal),
    buildMediaIndex: (request, signal) => readers.index(request, signal),
  })
  ends.unshift(() => it.close())
  for (const name of ['circle.mp4', 'crash.mp4', 'good.mp4', 'fine.mkv']) {
    const source = testMedia(name.endsWith('.mkv') ? 'h264-aac.mkv' : 'h264-aac-gop2.mp4')
    copyFileSync(source, join(it.media, name))
  }
  await it.scan(it.media)
  expect(it.files().map((file) => [file.filename, file.status, file.failure?.message])).toEqual([
    ['circle.mp4', 'failed', expect.stringContaining('goes in a circle')],
    ['crash.mp4', 'failed', expect.stringContaining('breaks off')],
    ['fine.mkv', 'completed', undefined],
    ['good.mp4', 'completed', undefined],
  ])
  // Whoever comes next is read as if nothing had been.
  const later = join(it.media, 'later.mp4')
  copyFileSync(testMedia('h264-2997.mp4'), later)
  expect(await it.read(later)).toMatchObject({ status: 'completed' })
  await waitUntil(() => it.files().every((file) => file.status !== 'processing'))
  rmSync(later)
})
