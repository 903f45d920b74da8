import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ListOf } from '../../../shared/api/common.ts'
import type { File } from '../../../shared/api/file.ts'
import type { FileSegment } from '../../../shared/api/segment.ts'
import { ApiError } from '../api.ts'
import { createInbox } from './inbox.ts'
import { createSegmentReader, type SegmentReader } from './segment-reader.ts'
import { NO_SEGMENTS, nameOf, segmentAt, useSegments } from './segments.ts'

const segment = (at: number): FileSegment =>
  ({ id: `s${at}`, file_id: 'a', start_time: at, end_time: at + 1 }) as FileSegment

let world: FileSegment[]
let isGone: boolean
let asked: number[]
let reader: SegmentReader

beforeEach(() => {
  vi.useFakeTimers()
  world = Array.from({ length: 250 }, (_, at) => segment(at))
  isGone = false
  asked = []
  useSegments.setState(NO_SEGMENTS)
  const list = <T>(data: T[], total: number): ListOf<T> => ({
    ...{ object: 'list', data, total, limit: 100, offset: 0 },
  })
  reader = createSegmentReader({
    api: {
      files: {
        async get() {
          if (isGone) throw new ApiError('internal', 'It broke.')
          return { chapters: [{}, {}] } as unknown as File
        },
      },
      segments: {
        async list(_id, { offset = 0, limit = 0 }) {
          asked.push(offset)
          return list(world.slice(offset, offset + limit), world.length)
        },
      },
      segmentations: { list: async () => list([], 0) },
    },
    read: createInbox(() => undefined).read,
    onFailure: () => undefined,
  })
})
afterEach(() => {
  reader.stop()
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(500)

test('only as many are read as are looked at, and more when they are asked for', async () => {
  reader.needSegments('a', 100)
  await settle()
  expect(useSegments.getState()).toMatchObject({ fileId: 'a', total: 250, chapters: 2 })
  expect(useSegments.getState().segments).toHaveLength(100)
  reader.needSegments('a', 200)
  await settle()
  expect(useSegments.getState().segments).toHaveLength(200)
  expect(asked).toEqual([0, 0, 100])
})

test('a change of the file that is looked at is read, one of another is not', async () => {
  reader.needSegments('a', 100)
  await settle()
  world = world.slice(1)
  reader.changed(new Set(['b']))
  await settle()
  expect(useSegments.getState().total).toBe(250)
  reader.changed(new Set(['a']))
  await settle()
  expect(useSegments.getState().total).toBe(249)
})

test('what was on its way for a file that nobody looks at any more is dropped', async () => {
  reader.needSegments('a', 100)
  reader.needSegments(null, 0)
  await settle()
  expect(useSegments.getState()).toEqual(NO_SEGMENTS)
})

test('a failure is told with its reason', async () => {
  isGone = true
  reader.needSegments('a', 100)
  await settle()
  expect(useSegments.getState()).toMatchObject({ segments: null, failure: 'It broke.' })
})

test('a segment is found by its times, and has a name when there is one to read', () => {
  expect(segmentAt({ segments: [segment(1), segment(2)] }, { startS: 2.0002, endS: 3 })?.id).toBe('s2')
  expect(segmentAt({ segments: [segment(1)] }, { startS: 1, endS: 2.5 })).toBeUndefined()
  expect(nameOf({ metadata: { name: 'Opening' } })).toBe('Opening')
  expect(nameOf({ metadata: { name: ' ' } })).toBeUndefined()
  expect(nameOf({})).toBeUndefined()
})
