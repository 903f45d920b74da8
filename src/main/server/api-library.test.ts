import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { File, Thumbnail } from '../../shared/api/file.ts'
import type { Folder } from '../../shared/api/folder.ts'
import type { Job } from '../../shared/api/job.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const v1: TestMatinee['v1'] = (...it) => matinee.v1(...it)
const get = async <Body>(path: string): Promise<Body> => (await v1('GET', path)).json as unknown as Body
/** A computer at other work is slow, not wrong. */
const PATIENCE = { timeout: 30_000, interval: 20 }

describe('a path that is no media', () => {
  it.each([
    ['missing', (): string => '/nowhere/film.mp4', 404, 'not_found'],
    ['relative', (): string => 'film.mp4', 400, 'bad_request'],
    ['empty', (): string => '', 400, 'bad_request'],
    ['with a NUL', (): string => '/a\0b.mp4', 400, 'bad_request'],
    ['longer than any path', (): string => `/${'a'.repeat(5000)}`, 400, 'bad_request'],
    ['of a name longer than any', (): string => `/${'a'.repeat(300)}`, 400, 'bad_request'],
    ['through a file', (): string => `${testMedia('h264-aac-gop2.mp4')}/x.mp4`, 404, 'not_found'],
    ['a folder', (): string => matinee.folder, 400, 'bad_request'],
    ['an empty file', (): string => testMedia('empty.mp4'), 415, 'unsupported_media'],
    ['random bytes', (): string => testMedia('random.mp4'), 415, 'unsupported_media'],
    ['a playlist', (): string => testMedia('playlist.mp4'), 415, 'unsupported_media'],
    ['a list of files', (): string => testMedia('concat.mp4'), 415, 'unsupported_media'],
    ['a device', (): string => '/dev/zero', 415, 'unsupported_media'],
  ] as const)('%s is refused with a reason and leaves no row', async (_, path, status, code) => {
    const before = await get<ListOf<File>>('/files')
    const answer = await v1('POST', '/files', { body: { path: path() } })
    expect(answer.json.error).toBeTypeOf('string')
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(answer.json).toEqual(failure(code))
    expect((await get<ListOf<File>>('/files')).total).toBe(before.total)
  })

  it.runIf(process.platform === 'linux')('S56: a pipe, and a link to one, hold nobody up', async () => {
    const pipe = join(matinee.folder, 'pipe.mp4')
    execFileSync('mkfifo', [pipe])
    symlinkSync(pipe, join(matinee.folder, 'link-to-pipe.mp4'))
    for (const name of ['pipe.mp4', 'link-to-pipe.mp4']) {
      const { status } = await v1('POST', '/files', { body: { path: join(matinee.folder, name) } })
      expect(status).toBe(415)
    }
    expect((await v1('GET', '/health')).status).toBe(200)
  })
})

describe('a file that cannot be played', () => {
  it('is kept with its reason, and a share of it is a 415 with the same', async () => {
    const path = join(matinee.folder, 'cut off.mp4')
    copyFileSync(testMedia('truncated.mp4'), path)
    const { json } = await v1('POST', '/files', { body: { path } })
    const file = await vi.waitUntil(async () => {
      const it = await get<File>(`/files/${json.id}`)
      return it.status === 'failed' ? it : undefined
    }, PATIENCE)
    expect(file.failure?.message).toMatch(/\.$/)
    expect(file.playable).toBe(false)
    const share = await v1('POST', '/share', { body: { file_id: file.id } })
    expect([share.status, share.json]).toEqual([
      415,
      { error: file.failure?.message, code: 'unsupported_media' },
    ])
    expect((await v1('GET', `/files/${file.id}/stream/main.m3u8`)).status).toBe(415)
    expect((await get<ListOf<File>>('/files?status=failed')).data.map((it) => it.id)).toContain(file.id)
  })
})

describe('a share of a file that is still being read', () => {
  it('is made at once and goes on by itself', async () => {
    const { json: file } = await v1('POST', '/files', { body: { path: matinee.makeFile('fresh.mp4') } })
    const made = await v1('POST', '/share', { body: { file_id: file.id } })
    expect(made.status).toBe(200)
    expect(['pending', 'processing', 'completed']).toContain(made.json.status)
    const { json } = await vi.waitUntil(async () => {
      const answer = await v1('GET', `/share/${made.json.id}`)
      if (answer.json.status !== 'completed') expect(answer.json.stream_url).toBeUndefined()
      return answer.json.status === 'completed' ? answer : undefined
    }, PATIENCE)
    expect((await fetch(json.stream_url ?? '')).status).toBe(200)
  })
})

describe('a file that has to be prepared', () => {
  it('is prepared for whoever looks at it, and says so until then', async () => {
    const path = join(matinee.folder, 'recording.flv')
    copyFileSync(testMedia('h264-aac.flv'), path)
    const { json } = await v1('POST', '/files', { body: { path } })
    const file = await vi.waitUntil(async () => {
      const it = await get<File>(`/files/${json.id}`)
      return it.status === 'completed' ? it : undefined
    }, PATIENCE)
    expect(file.playable).toBe(true)

    const main = `/files/${file.id}/stream/main.m3u8`
    const first = await v1('GET', main)
    expect([first.status, first.json]).toEqual([503, failure('busy')])
    expect(first.headers.get('retry-after')).toBe('2')
    await vi.waitUntil(
      async () => (await get<ListOf<Job>>('/jobs')).data.some((it) => it.kind === 'package'),
      PATIENCE,
    )
    await vi.waitUntil(async () => (await v1('GET', main)).status === 200, PATIENCE)

    // What was prepared for the owner is there for a share as well, and comes from the disk by ranges.
    const share = await matinee.share(file.id)
    expect(share.status).toBe('completed')
    const url = (share.stream_url ?? '').replace('main.m3u8', '0/0.m4s')
    const whole = await (await fetch(url)).arrayBuffer()
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${whole.byteLength}`])
    expect(await part.arrayBuffer()).toEqual(whole.slice(10, 20))
    const etag = part.headers.get('etag') ?? ''
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })
})

describe('pictures of a file', () => {
  it('are listed and sent to the owner alone', async () => {
    const file = await matinee.addFile('pictured.mp4')
    const list = await get<ListOf<Thumbnail>>(`/files/${file.id}/thumbnails?is_default=false`)
    expect(list).toMatchObject({ object: 'list', total: 1, limit: 50, offset: 0 })
    expect(list.data[0]).toMatchObject({ url: file.thumbnail_url, type: 'file' })
    expect(list.data[0]?.time).toBeTypeOf('number')
    expect(file.thumbnail_url).toBe(`${matinee.api}/v1/files/${file.id}/thumbnails/poster.jpg`)

    const picture = await v1('GET', `/files/${file.id}/thumbnails/poster.jpg`)
    expect(picture.status).toBe(200)
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect(picture.headers.get('cache-control')).toBe('no-store')
    expect((await fetch(file.thumbnail_url ?? '')).status).toBe(401)
    const cookie = await matinee.signIn()
    expect((await fetch(file.thumbnail_url ?? '', { headers: { cookie } })).status).toBe(200)
  })
})

describe('folders', () => {
  it('bring their files along, are scanned again when asked, and forgotten with the disk untouched', async () => {
    const path = join(matinee.folder, 'videos')
    mkdirSync(join(path, 'sub'), { recursive: true })
    copyFileSync(testMedia('h264-aac.mov'), join(path, 'one.mov'))
    writeFileSync(join(path, 'notes.txt'), 'no media')
    const added = await v1('POST', '/folders', { body: { path } })
    expect(added.status).toBe(200)
    expect(added.json).toMatchObject({ object: 'folder', path, name: 'videos' })
    const { id } = added.json
    const settled = (): Promise<Folder> =>
      vi.waitUntil(async () => {
        const it = await get<Folder>(`/folders/${id}`)
        return it.status === 'ready' && it.pending_count === 0 && it.scanned_at !== undefined ? it : undefined
      }, PATIENCE)
    expect((await settled()).file_count).toBe(1)

    const again = await v1('POST', '/folders', { body: { path } })
    expect([again.status, again.json.code]).toEqual([409, 'conflict'])
    copyFileSync(testMedia('h264-silent.mp4'), join(path, 'sub', 'two.mp4'))
    expect((await v1('POST', `/folders/${id}/scan`)).status).toBe(200)
    await vi.waitUntil(async () => (await get<Folder>(`/folders/${id}`)).file_count === 2, PATIENCE)
    await settled()
    const files = await get<ListOf<File>>(`/files?folder_id=${id}&order=filename&sort=asc`)
    expect(files.data.map((it) => it.filename)).toEqual(['one.mov', 'two.mp4'])
    expect((await get<ListOf<Folder>>('/folders')).data.map((it) => it.id)).toEqual([id])

    expect((await v1('DELETE', `/folders/${id}`)).json).toEqual({ id, object: 'folder' })
    expect((await v1('DELETE', `/folders/${id}`)).status).toBe(404)
    expect((await get<ListOf<File>>(`/files?folder_id=${id}`)).total).toBe(0)
    expect((await v1('POST', '/files', { body: { path: join(path, 'one.mov') } })).status).toBe(200)
  })

  it.each([
    ['missing', (): string => '/nowhere', 404],
    ['a file', (): string => testMedia('h264-aac.mov'), 400],
    ['relative', (): string => 'videos', 400],
    ['with a NUL', (): string => '/a\0b', 400],
  ] as const)('that are %s are refused', async (_, path, status) => {
    const answer = await v1('POST', '/folders', { body: { path: path() } })
    expect(answer.status).toBe(status)
    expect(answer.json).toEqual({ error: expect.any(String) as string, code: expect.any(String) as string })
  })
})

describe('jobs', () => {
  it('are told while they run and after, and cannot be cancelled twice', async () => {
    const path = join(matinee.folder, 'job-folder')
    mkdirSync(path)
    const { json: folder } = await v1('POST', '/folders', { body: { path } })
    const job = await vi.waitUntil(
      async () =>
        (await get<ListOf<Job>>('/jobs')).data.find(
          (it) => it.folder_id === folder.id && it.status === 'completed',
        ),
      PATIENCE,
    )
    expect(job).toMatchObject({ object: 'job', kind: 'scan', progress: 1 })
    const cancelled = await v1('POST', `/jobs/${job.id}/cancel`)
    expect([cancelled.status, cancelled.json]).toEqual([409, failure('conflict')])
    rmSync(path, { recursive: true })
  })
})
