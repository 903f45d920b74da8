import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { MediaIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import type { LibraryDeps } from './deps.ts'
import { startLibrary, waitUntil, withoutRights, type LibraryUnderTest } from './testing.ts'

const INDEX: MediaIndex = {
  keyTimesS: [0],
  openGop: false,
  startS: 0,
  endS: 1,
  reorderS: 0,
  videoTimescale: 1000,
}

let it: LibraryUnderTest
afterEach(() => it.close())
/** A key table that takes until it is let go, or its signal says stop. */
function slowIndex() {
  const gate = Promise.withResolvers<undefined>()
  const begun = Promise.withResolvers<undefined>()
  const buildMediaIndex: LibraryDeps['buildMediaIndex'] = (_, signal) => {
    begun.resolve(undefined)
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
    return Promise.race([gate.promise.then(() => INDEX), stopped])
  }
  return { buildMediaIndex, begun: begun.promise, finish: () => gate.resolve(undefined) }
}
const settled = (id: string): Promise<unknown> =>
  waitUntil(() => ['completed', 'failed'].includes(it.library.get(id).status))

test('a file is completed as soon as it is playable; its poster comes by a later event', async () => {
  it = await startLibrary()
  const { id } = await it.read(it.copy('h264-aac-gop2.mp4', 'a.mp4'))
  await waitUntil(() => it.library.get(id).thumbnail_url)
  const states = it.events
    .filter((event) => event.type === 'file.updated')
    .map(({ file }) => [file.status, file.playable, file.thumbnail_url !== undefined])
  expect(states).toEqual([
    ['pending', false, false],
    ['processing', false, false],
    ['completed', true, false],
    ['completed', true, true],
  ])
  expect(it.settled).toEqual([id])
})

test('a picture that was thrown out of the cache is made again when it is asked for', async () => {
  it = await startLibrary()
  const { id } = await it.read(it.copy('h264-silent.mp4', 'a.mp4'))
  await waitUntil(() => it.library.get(id).thumbnail_url)
  rmSync(join(it.dataDir, 'pictures'), { recursive: true })
  await expect(it.library.poster(id, 'poster')).rejects.toMatchObject({ code: 'not_found' })
  await waitUntil(() => it.library.get(id).thumbnail_url)
  expect(await it.library.poster(id, 'poster')).toMatch(/\.jpg$/)
})

test('a stop does not wait for a reading; it begins again at the next start', async () => {
  const slow = slowIndex()
  it = await startLibrary({ buildMediaIndex: slow.buildMediaIndex })
  const { id } = await it.library.register({ path: it.copy('h264-silent.mp4', 'a.mp4') })
  await slow.begun
  expect(it.library.get(id).status).toBe('processing')
  const restarted = it.restart()
  await restarted
  expect(it.settled).toEqual([])
  slow.finish()
  await settled(id)
  expect(it.library.get(id)).toMatchObject({ status: 'completed', playable: true })
})

test('a reading that its owner cancels is failed with the reason, and read when it is asked for again', async () => {
  const slow = slowIndex()
  it = await startLibrary({ buildMediaIndex: slow.buildMediaIndex })
  const path = it.copy('h264-silent.mp4', 'a.mp4')
  const { id } = await it.library.register({ path })
  await slow.begun
  const job = it.jobs.list().find((one) => one.status === 'running')
  it.jobs.cancel(job?.id ?? '')
  await settled(id)
  expect(it.library.get(id)).toMatchObject({
    status: 'failed',
    failure: { code: 'unreadable', message: expect.stringContaining('cancelled') as string },
  })
  slow.finish()
  expect((await it.library.register({ path })).status).not.toBe('failed')
  await settled(id)
  expect(it.library.get(id).status).toBe('completed')
})

test('a full disk is not the fault of a file: it waits, and is read when there is room', async () => {
  let isFull = true
  it = await startLibrary({
    buildMediaIndex: async () => {
      if (isFull) throw new AppError('disk_full', 'The disk is full.')
      return INDEX
    },
  })
  const path = it.copy('h264-silent.mp4', 'a.mp4')
  const { id } = await it.library.register({ path })
  await waitUntil(() => it.jobs.list().some((job) => job.status === 'failed'))
  expect(it.library.get(id)).not.toMatchObject({ status: 'failed' })
  isFull = false
  expect((await it.library.playable(id)).index).toEqual(INDEX)
})

test('a file that vanishes while it is read is missing; one that was removed from the library leaves nothing', async () => {
  const slow = slowIndex()
  it = await startLibrary({
    buildMediaIndex: async (request, signal) => {
      await slow.buildMediaIndex(request, signal)
      throw new AppError('unsupported_media', 'The packets cannot be read.')
    },
  })
  const path = it.copy('h264-silent.mp4', 'a.mp4')
  const { id } = await it.library.register({ path })
  const other = await it.library.register({ path: it.copy('h264-2997.mp4', 'b.mp4') })
  await slow.begun
  rmSync(path)
  it.library.remove(other.id)
  slow.finish()
  await settled(id)
  expect(it.library.get(id)).toMatchObject({
    status: 'failed',
    missing: true,
    failure: { code: 'unreadable', message: 'The file is no longer on the disk.' },
  })
  expect(it.files().map((file) => file.id)).toEqual([id])
})

test('a file without permission is failed as unreadable, and read at the next look when it is allowed', async () => {
  it = await startLibrary()
  chmodSync(it.media, 0o755)
  const path = it.copy('aac.m4a', 'secret.m4a')
  chmodSync(path, 0)
  const folder = await withoutRights(() => it.scan(it.media))
  expect(it.files()).toMatchObject([
    {
      status: 'failed',
      missing: false,
      failure: { code: 'unreadable', message: 'Matinee is not allowed to read this file.' },
    },
  ])
  chmodSync(path, 0o644)
  await it.rescan(folder.id)
  expect(it.files()).toMatchObject([{ status: 'completed', playable: true }])
  expect(it.files()[0]?.failure).toBeUndefined()
})

test('a bad file is read once, not at every look', async () => {
  it = await startLibrary()
  writeFileSync(join(it.media, 'text.mp4'), 'no film at all')
  const folder = await it.scan(it.media)
  expect(it.files()).toMatchObject([{ status: 'failed', failure: { code: 'unsupported_media' } }])
  const before = it.settled.length
  await it.rescan(folder.id)
  expect(it.settled).toHaveLength(before)
})

test('what a film is called and where it can be cut is found again by its content: a copy needs no second look', async () => {
  let built = 0
  it = await startLibrary({
    buildMediaIndex: async () => {
      built += 1
      return INDEX
    },
  })
  await it.read(it.copy('h264-silent.mp4', 'a.mp4'))
  const other = await it.read(it.copy('h264-silent.mp4', 'b.mp4'))
  expect(built).toBe(1)
  expect(it.library.get(other.id).playable).toBe(true)
})
