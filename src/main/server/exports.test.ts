import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import { exportsOf, picturesOf, placeOf, probeOf } from './testing-exports.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
let film: File
let shown: Buffer[]
beforeAll(async () => {
  matinee = await startTestMatinee()
  film = await matinee.addFile('Holiday.mp4', { from: 'h264-2997.mp4' })
  shown = picturesOf(film.path)
})
afterAll(() => matinee.stop())

const make = (fileId: string, body: object) => exportsOf(matinee).make(fileId, body)
const left = (): string[] => {
  const folder = join(matinee.folder, 'data', 'cache', 'exports')
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.tmp')) : []
}
/** First and last picture of a file, as their places in its source; and how many there are. */
const places = (path: string, source: readonly Buffer[]) => {
  const pictures = picturesOf(path)
  const [first, last] = [pictures[0], pictures.at(-1)]
  if (!first || !last) throw new Error('there is no picture')
  return { first: placeOf(first, source), last: placeOf(last, source), count: pictures.length }
}
const post = (fileId: string, body: object) => matinee.v1('POST', `/files/${fileId}/export`, { body })

describe('a part of a film', () => {
  it('is copied but for its ends, and holds the very pictures that were asked for', async () => {
    const { job, path } = await make(film.id, { format: 'mp4', start_time: 1.5, end_time: 5 })
    expect(job).toMatchObject({ kind: 'export', file_id: film.id, progress: 1 })
    expect(job.result).toMatchObject({ filename: 'Holiday 0.01-0.05.mp4', converted: false })
    expect(places(path, shown)).toEqual({ first: 45, last: 149, count: 105 })
  })

  it('of a picture that no encoder continues is encoded, with the same pictures', async () => {
    const vp9 = await matinee.addFile('vp9.webm', { from: 'vp9-opus.webm' })
    const { job, path } = await make(vp9.id, { format: 'mp4', start_time: 1.5, end_time: 5.02 })
    expect(job.result).toMatchObject({ converted: true })
    expect(places(path, picturesOf(vp9.path))).toEqual({ first: 45, last: 149, count: 105 })
    expect(probeOf(path).tracks.map(({ codec }) => codec)).toEqual(['h264', 'aac'])
  })

  it('becomes a GIF that begins with its first picture and lasts as long', async () => {
    const { path } = await make(film.id, { format: 'gif', start_time: 1.5, end_time: 3.5 })
    const { first, last, count } = places(path, shown)
    expect({ first, count }).toEqual({ first: 45, count: 30 })
    expect(last).toBeGreaterThan(100)
    expect(last).toBeLessThan(105)
    expect(probeOf(path).durationS).toBeCloseTo(2, 1)
  })

  it('becomes a WebP no wider than 480 pixels, whose pictures last as long', async () => {
    const { path, job } = await make(film.id, { format: 'webp', start_time: 1, end_time: 3 })
    expect(job.result?.filename).toBe('Holiday 0.01-0.03.webp')
    const { pages = 0, delay = [], width, pageHeight } = await sharp(path, { pages: -1 }).metadata()
    expect({ pages, width, pageHeight }).toEqual({ pages: 30, width: 320, pageHeight: 180 })
    expect(delay.reduce((sum, it) => sum + it, 0) / 1000).toBeCloseTo(2, 1)
  })

  it('becomes sound alone, copied where the format has it', async () => {
    const part = { start_time: 2, end_time: 4.5 }
    const m4a = await make(film.id, { format: 'm4a', ...part })
    const mp3 = await make(film.id, { format: 'mp3', ...part })
    expect([m4a.job.result?.converted, mp3.job.result?.converted]).toEqual([false, true])
    for (const { path } of [m4a, mp3]) {
      const { tracks } = probeOf(path)
      expect(tracks.map(({ type }) => type)).toEqual(['audio'])
      expect(Math.abs((tracks[0]?.durationS ?? 0) - 2.5)).toBeLessThan(0.05)
    }
  })
})

describe('a whole film', () => {
  it('of another container is copied into MP4', async () => {
    const mkv = await matinee.addFile('Long name.mkv', { from: 'h264-aac.mkv' })
    const { job, path } = await make(mkv.id, { format: 'mp4' })
    expect(job.result).toMatchObject({ filename: 'Long name.mp4', converted: false })
    expect(places(path, picturesOf(mkv.path))).toEqual({ first: 0, last: 299, count: 300 })
  })

  it('that has to be prepared first is', async () => {
    const flv = await matinee.addFile('old.flv', { from: 'h264-aac.flv' })
    const { job, path } = await make(flv.id, { format: 'mp4' })
    expect(job.result).toMatchObject({ converted: false })
    expect(picturesOf(path)).toHaveLength(300)
  })
})

describe('a film that is to fit', () => {
  it.each([
    ['h264-aac-gop10.mp4', { start_time: 3, end_time: 8 }, 260_000],
    ['h264-aac-gop10.mp4', { start_time: 3, end_time: 8 }, 40_000],
    ['h264-rotated.mp4', { start_time: 2.1, end_time: 6.3 }, 120_000],
    ['h264-vfr.mp4', { end_time: 4 }, 90_000],
    ['h264-silent.mp4', { end_time: 4 }, 60_000],
    ['vp9-opus.webm', { end_time: 3 }, 60_000],
  ])('%s %j takes at most %i bytes, and most of them', async (from, times, max_bytes) => {
    const source = await matinee.addFile(`fit-${max_bytes}-${from}`, { from })
    const { path, job } = await make(source.id, { format: 'mp4', max_bytes, ...times })
    expect(job.result?.bytes).toBeLessThanOrEqual(max_bytes)
    expect(job.result?.bytes).toBeGreaterThan(max_bytes * 0.8)
    const { start_time = 0, end_time } = { start_time: undefined, ...times }
    expect(Math.abs(probeOf(path).durationS - (end_time - start_time))).toBeLessThan(0.15)
  })

  it('becomes smaller where there are too few bytes for its size', async () => {
    const source = await matinee.addFile('small.mp4', { from: 'h264-aac-gop10.mp4' })
    const { path } = await make(source.id, { format: 'mp4', end_time: 5, max_bytes: 50_000 })
    const [picture] = probeOf(path).tracks
    expect(picture?.width).toBeLessThan(640)
    expect((picture?.width ?? 0) / (picture?.height ?? 1)).toBeCloseTo(16 / 9, 1)
  })

  it('stays as it is when it is small enough', async () => {
    const { job } = await make(film.id, { format: 'mp4', max_bytes: 5_000_000 })
    expect(job.result).toMatchObject({ converted: false })
  })

  it('is refused when nothing can make it so small, with what it would take', async () => {
    const { status, json } = await post(film.id, { format: 'mp4', max_bytes: 10_000 })
    expect([status, json]).toEqual([400, failure('bad_request')])
    expect(json.error).toMatch(/\d+ kB/)
  })
})

describe('S51: what reaches ffmpeg of a request is a number in bounds or a word of a list', () => {
  it.each<[string, object]>([
    ['no format', {}],
    ['a format that there is not', { format: 'avi' }],
    ['options for a format', { format: 'mp4 -f null' }],
    ['a filter for a time', { format: 'mp4', start_time: 'movie=/etc/passwd' }],
    ['text for a time', { format: 'mp4', start_time: '1', end_time: '2' }],
    ['a time before the beginning', { format: 'mp4', start_time: -1 }],
    ['an end before the start', { format: 'mp4', start_time: 3, end_time: 2 }],
    ['an end at the start', { format: 'mp4', start_time: 3, end_time: 3 }],
    ['a start behind the end', { format: 'mp4', start_time: 1000 }],
    ['a limit of nothing', { format: 'mp4', max_bytes: 0 }],
    ['half a byte', { format: 'mp4', max_bytes: 1.5 }],
    ['a limit in words', { format: 'mp4', max_bytes: '8M' }],
    ['a limit for a GIF', { format: 'gif', end_time: 2, max_bytes: 1000 }],
    ['null for a time', { format: 'mp4', start_time: null }],
  ])('%s', async (_, body) => {
    const { status, json } = await post(film.id, body)
    expect([status, json]).toEqual([400, failure('bad_request')])
  })

  it('moving pictures are short, sound makes no film, and silence no sound', async () => {
    const long = await matinee.addFile('long.mp4', { from: 'h264-aac-gop10.mp4' })
    const silent = await matinee.addFile('silent.mp4', { from: 'h264-silent.mp4' })
    // No picture is ever made of it, which `addFile` would wait for.
    const path = matinee.makeFile('song.m4a', { from: 'aac.m4a' })
    const song = (await matinee.v1('POST', '/files', { body: { path } })).json
    await vi.waitUntil(
      async () => (await matinee.v1('GET', `/files/${song.id}`)).text.includes('"completed"'),
      {
        timeout: 30_000,
      },
    )
    for (const [id, format, says] of [
      [long.id, 'gif', '15 s'],
      [song.id, 'mp4', 'no picture'],
      [song.id, 'webp', 'no picture'],
      [silent.id, 'm4a', 'no sound'],
    ] as const) {
      const { status, json } = await post(id, { format })
      expect({ status, error: json.error }).toEqual({
        status: 400,
        error: expect.stringContaining(says) as string,
      })
    }
    expect((await post('nobody', { format: 'mp4' })).status).toBe(404)
  })
})

describe('the result', () => {
  it('is an attachment of its own name, with ranges', async () => {
    const { job } = await make(film.id, { format: 'm4a', end_time: 1 })
    const headers = { authorization: `Bearer ${matinee.key}` }
    const answer = await fetch(`${matinee.api}/v1/jobs/${job.id}/result`, {
      headers: { ...headers, range: 'bytes=4-7' },
    })
    expect([answer.status, await answer.text()]).toEqual([206, 'ftyp'])
    expect(answer.headers.get('content-type')).toBe('audio/mp4')
    expect(answer.headers.get('content-disposition')).toContain('filename="Holiday 0.00-0.01.m4a"')
    expect((await fetch(`${matinee.api}/v1/jobs/${job.id}/result`)).status).toBe(401)
    expect((await fetch(`${matinee.shareBase}/v1/jobs/${job.id}/result`, { headers })).status).toBe(404)
  })

  it('of another job there is none, and one that was cleared is gone', async () => {
    const { job } = await make(film.id, { format: 'm4a', end_time: 1.5 })
    rmSync(join(matinee.folder, 'data', 'cache', 'exports', `${job.id}.m4a`))
    expect(await matinee.v1('GET', `/jobs/${job.id}/result`)).toMatchObject({
      status: 410,
      json: failure('expired'),
    })
    expect((await matinee.v1('GET', '/jobs/nobody/result')).status).toBe(404)
    const { data } = (await matinee.v1('GET', '/jobs')).json as unknown as {
      data: { id: string; kind: string }[]
    }
    const ingest = data.find(({ kind }) => kind === 'ingest')
    expect((await matinee.v1('GET', `/jobs/${ingest?.id ?? ''}/result`)).status).toBe(404)
  })
})

describe('cancelling', () => {
  it('ends ffmpeg at once, and nothing is left of it', async () => {
    const { begin, ended, jobOf } = exportsOf(matinee)
    const source = await matinee.addFile('cancel.mp4', { from: 'h264-aac-gop10.mp4' })
    const { id } = await begin(source.id, { format: 'mp4', max_bytes: 800_000 })
    // The same wish again is the same job.
    expect((await begin(source.id, { format: 'mp4', max_bytes: 800_000 })).id).toBe(id)
    await vi.waitUntil(async () => ((await jobOf(id)).progress ?? 0) > 0, { timeout: 60_000, interval: 20 })
    expect(programsIn(left())).toBe(1)
    expect((await matinee.v1('POST', `/jobs/${id}/cancel`)).status).toBe(200)
    expect(await ended(id)).toMatchObject({ status: 'cancelled' })
    expect(left()).toEqual([])
    expect(programsIn(['.tmp'])).toBe(0)
    expect((await matinee.v1('GET', `/jobs/${id}/result`)).status).toBe(409)
  })
})

/** Programs that run in a folder of one of these names; Linux only. */
function programsIn(names: readonly string[]): number {
  const folders = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`)
      } catch {
        return ''
      }
    })
  return folders.filter((it) => it.includes('exports') && names.some((name) => it.includes(name))).length
}
