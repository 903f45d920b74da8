import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListOf } from '../../shared/api/common.ts'
import type { File, Thumbnail } from '../../shared/api/file.ts'
import type { FileSegment, Segmentation } from '../../shared/api/segment.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let film: File
beforeAll(async () => {
  matinee = await startTestMatinee()
  film = await matinee.addFile('film.mp4')
})
afterAll(() => matinee.stop())

const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const { status, text, json } = await matinee.v1(method, path, body ? { body } : {})
  expect(status, text).toBe(200)
  return json as unknown as T
}
const mark = (body: object): Promise<FileSegment> => call('POST', `/files/${film.id}/segments`, body)

describe('segments', () => {
  it('are made, found, renamed and dropped one by one', async () => {
    const made = await mark({ start_time: 2, end_time: 4.5, name: 'Goal', metadata: { team: 'blue' } })
    expect(made).toMatchObject({ start_time: 2, end_time: 4.5, metadata: { name: 'Goal', team: 'blue' } })
    expect(made.segmentation_id).toBeUndefined()
    const path = `/files/${film.id}/segments/${made.id}`
    expect(await call('GET', path)).toEqual(made)
    const renamed = await call<FileSegment>('PUT', path, { metadata: { name: 'Own goal' } })
    expect(renamed).toEqual({ ...made, metadata: { name: 'Own goal' } })
    const other = await matinee.addFile('other.mp4')
    expect((await matinee.v1('GET', `/files/${other.id}/segments/${made.id}`)).status).toBe(404)
    expect(await call('DELETE', path)).toEqual({ id: made.id })
    expect((await matinee.v1('GET', path)).status).toBe(404)
    expect((await matinee.v1('DELETE', path)).status).toBe(404)
  })

  it('have a picture from inside', async () => {
    const { thumbnail_url: url = '' } = await mark({ start_time: 3, end_time: 3.05 })
    const answer = await matinee.v1('GET', url.slice(url.indexOf('/files')))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect((await fetch(url)).status).toBe(401)
    const list = await call<ListOf<Thumbnail>>('GET', `/files/${film.id}/thumbnails?type=segment`)
    expect(list.data.map((it) => it.url)).toContain(url)
    expect(list.data.every((it) => it.type === 'segment' && it.segment_id)).toBe(true)
  })

  it('are listed by where they lie and how long they are', async () => {
    const file = await matinee.addFile('list.mp4')
    for (const [start_time, end_time] of [
      [4, 6],
      [0, 1],
      [1, 4],
      [1, 2],
    ]) {
      await call('POST', `/files/${file.id}/segments`, { start_time, end_time })
    }
    const list = async (query: string): Promise<string> => {
      const { data, total } = await call<ListOf<FileSegment>>('GET', `/files/${file.id}/segments${query}`)
      return `${total}: ${data.map((it) => `${it.start_time}-${it.end_time}`).join(' ')}`
    }
    expect(await list('')).toBe('4: 0-1 1-2 1-4 4-6')
    expect(await list('?start_time_after=1')).toBe('3: 1-2 1-4 4-6')
    expect(await list('?end_time_before=4')).toBe('3: 0-1 1-2 1-4')
    expect(await list('?min_duration=1.5&max_duration=2')).toBe('1: 4-6')
    expect(await list('?max_duration=1&limit=1&offset=1')).toBe('2: 1-2')
    expect(await list(`?segmentation_id=${randomUUID()}`)).toBe('0: ')
    expect((await matinee.v1('GET', `/files/${file.id}/segments?min_duration=-1`)).status).toBe(400)
    expect((await matinee.v1('GET', `/files/${randomUUID()}/segments`)).status).toBe(404)
  })

  it.each([
    [{ start_time: 4, end_time: 4 }],
    [{ start_time: 4, end_time: 3 }],
    [{ start_time: -1, end_time: 3 }],
    [{ start_time: 100, end_time: 101 }],
    [{ start_time: 1 }],
    [{ start_time: 1, end_time: 2, name: '' }],
  ])('that cannot be are refused: %j', async (body) => {
    const answer = await matinee.v1('POST', `/files/${film.id}/segments`, { body })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(failure('bad_request'))
  })

  it('go with their segmentation, and all with their file', async () => {
    const file = await matinee.addFile('gone.mp4')
    const body = { strategy: 'uniform', uniform_config: { window_seconds: 4 } }
    const one = await call<Segmentation>('POST', `/files/${file.id}/segmentations`, body)
    const two = await call<Segmentation>('POST', `/files/${file.id}/segmentations`, body)
    const total = async () => (await call<ListOf<FileSegment>>('GET', `/files/${file.id}/segments`)).total
    const before = await total()
    expect(await call('DELETE', `/segmentations/${one.id}`)).toEqual({ id: one.id })
    expect(await total()).toBe(before / 2)
    await call('DELETE', `/files/${file.id}`)
    expect((await matinee.v1('GET', `/segmentations/${two.id}`)).status).toBe(404)
  })
})
