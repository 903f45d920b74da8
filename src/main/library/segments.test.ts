import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { CreateSegmentation } from '../../shared/api/segment.ts'
import type { EngineEvent } from '../../shared/events.ts'
import { AppError } from '../base/errors.ts'
import { createLog } from '../base/log.ts'
import { createJobQueue, type JobQueue } from '../jobs/queue.ts'
import { resolveTools, type Tools } from '../media/tools.ts'
import { openStore, type Store } from '../store/store.ts'
import { aFile, aShare } from '../store/testing.ts'
import { createSegments, type Segments } from './segments.ts'

const SHOTS: CreateSegmentation = { strategy: 'shot-detector', shot_detector_config: { detector: 'content' } }
const source = { path: testMedia('h264-silent.mp4') }

let dir: string
let store: Store
let jobs: JobQueue
let segments: Segments
let events: EngineEvent[]
let tools: Tools
/** An ffmpeg that never ends. */
let stuck: Tools
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-segments-'))
  store = openStore(join(dir, 'matinee.db'))
  events = []
  tools = await resolveTools(process.env)
  const path = join(dir, 'ffmpeg')
  writeFileSync(path, '#!/bin/sh\nexec sleep 600\n')
  chmodSync(path, 0o755)
  stuck = { ...tools, ffmpeg: { ...tools.ffmpeg, path } }
  open(stuck)
})
afterEach(async () => {
  await segments.close()
  await jobs.close()
  store.close()
  rmSync(dir, { recursive: true })
})

function open(with_: Tools, sourceFile = () => Promise.resolve(source)): void {
  jobs = createJobQueue({
    limits: { ingest: 1, scan: 1, package: 1, transcode: 1, segments: 1, export: 1, keep: 1 },
    onChange: () => undefined,
  })
  segments = createSegments({
    ...{ store, jobs, tools: with_, sourceFile, log: createLog({ level: 'silent' }) },
    privateUrl: () => 'http://127.0.0.1:4400',
    onRenamed: () => undefined,
    emit: (event) => events.push(event),
  })
}
const put = (over: Parameters<typeof aFile>[0] = {}): string => {
  const file = aFile({ path: source.path, ...over })
  store.files.insert(file)
  return file.id
}
const statusOf = (id: string) => segments.segmentation(id, { limit: 1, offset: 0 })
const running = (): Promise<unknown> =>
  vi.waitUntil(() => jobs.list().some((it) => it.kind === 'segments' && it.status === 'running'))

test('looking for shots can be cancelled, and says so', async () => {
  const { id } = segments.segment(put(), SHOTS)
  await running()
  expect(statusOf(id).status).toBe('processing')
  jobs.cancel(jobs.list()[0]?.id ?? '')
  await vi.waitUntil(() => statusOf(id).status === 'failed')
  expect(statusOf(id).failure).toEqual({ code: 'cancelled', message: expect.any(String) as string })
  expect(
    events.filter((it) => it.type === 'segmentation.updated').map((it) => it.segmentation.status),
  ).toEqual(['pending', 'processing', 'failed'])
})

test('a segmentation that is deleted while it is made takes its work along', async () => {
  const { id, file_id } = segments.segment(put(), SHOTS)
  await running()
  segments.removeSegmentation(id)
  await vi.waitUntil(() => jobs.list().every((it) => it.status !== 'running'))
  expect(() => statusOf(id)).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(events.at(-1)).toEqual({ type: 'segmentation.deleted', id, file_id })
})

test('what a stop interrupted is taken up by the next start', async () => {
  const { id } = segments.segment(put({ media: { ...mediaOf(), durationS: 4 } }), SHOTS)
  await running()
  await segments.close()
  await jobs.close()
  expect(statusOf(id).status).toBe('processing')
  open(tools)
  segments.start()
  await vi.waitUntil(() => statusOf(id).status === 'completed', { timeout: 20_000 })
  expect(statusOf(id).segments.data[0]).toMatchObject({ start_time: 0 })
})

test('chapters that the file names become segments of those names', () => {
  const chapters = [
    { startS: 0, endS: 60, title: 'Start' },
    { startS: 60, endS: 60, title: 'Nothing' },
    { startS: 60, endS: 500, title: ' ' },
  ]
  const { id } = segments.segment(put({ media: { ...mediaOf(), chapters } }), { strategy: 'chapters' })
  const { data } = segments.segmentation(id, { limit: 10, offset: 0 }).segments
  expect(data.map((it) => [it.start_time, it.end_time, it.metadata])).toEqual([
    [0, 60, { name: 'Start' }],
    [60, 120, undefined],
  ])
  const bare = put({ path: '/media/none.mp4' })
  expect(() => segments.segment(bare, { strategy: 'chapters' })).toThrow('no chapters')
})

test('a source that is gone fails the looking with its reason', async () => {
  open(tools, () => Promise.reject(new AppError('file_missing', 'The file is no longer on the disk.')))
  const { id } = segments.segment(put(), SHOTS)
  await vi.waitUntil(() => statusOf(id).status === 'failed')
  expect(statusOf(id).failure?.code).toBe('file_missing')
})

test('what cannot be cut is refused with the reason', () => {
  const refused = (over: Parameters<typeof aFile>[0], body: CreateSegmentation = SHOTS): unknown => {
    try {
      return segments.segment(put({ path: `/media/${Math.random()}`, ...over }), body)
    } catch (error) {
      return (error as AppError).code
    }
  }
  expect(refused({ status: 'pending', media: null })).toBe('busy')
  expect(refused({ status: 'failed', media: null })).toBe('unsupported_media')
  expect(refused({ media: { ...mediaOf(), video: null } })).toBe('unsupported_media')
})

test('a shared segment stays, and a share that was deleted a moment ago goes with it', () => {
  const fileId = put()
  const { id } = segments.add(fileId, { start_time: 1, end_time: 2 })
  const share = aShare(fileId, { fileSegmentId: id })
  store.shares.insert(share)
  expect(() => segments.remove(fileId, id)).toThrow(expect.objectContaining({ code: 'conflict' }))
  store.shares.update({ ...share, deletedAt: Date.now() })
  segments.remove(fileId, id)
  expect(store.shares.byId(share.id)).toBeUndefined()
  expect(events.at(-1)).toEqual({ type: 'segment.deleted', id, file_id: fileId })
})

const mediaOf = () => {
  const { media } = aFile()
  if (!media) throw new Error('a file for tests has media')
  return media
}
