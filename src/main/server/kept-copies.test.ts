import { existsSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { Share } from '../../shared/api/share.ts'
import type { Storage } from '../../shared/api/storage.ts'
import { picturesOf, placeOf } from './testing-exports.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const shareOf = async (id: string): Promise<Share> =>
  (await matinee.v1('GET', `/share/${id}`)).json as unknown as Share
/** Waits until a share has ended its way. */
const settled = (id: string): Promise<Share> =>
  vi.waitUntil(
    async () => {
      const share = await shareOf(id)
      return ['completed', 'failed'].includes(share.status) ? share : undefined
    },
    { timeout: 120_000, interval: 50 },
  )
const keep = async (file: File, body: object = {}): Promise<Share> => {
  const share = await settled((await matinee.share(file.id, { keep_copy: true, ...body })).id)
  expect(share).toMatchObject({ status: 'completed', keep_copy: true })
  return share
}
const kept = (): string[] => {
  const folder = join(matinee.folder, 'data', 'packaged', 'kept')
  return existsSync(folder) ? readdirSync(folder) : []
}
/** Files of the caches that have had their name since before `sinceMs`; what is still being written has none yet. */
const cachedSince = (sinceMs: number): string[] =>
  readdirSync(join(matinee.folder, 'data', 'cache'), { withFileTypes: true, recursive: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name))
    .filter((path) => !/[\\/](transcoded|exports)[\\/]|\.(tmp|new)([\\/]|$)/.test(path))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Infinity) < sinceMs)
const storage = async (): Promise<Storage> => (await matinee.v1('GET', '/storage')).json as unknown as Storage
/** All of a stream in one file, as a player lays it into its buffer. */
async function fetchStream(url: string): Promise<string> {
  const main = await (await fetch(url)).text()
  const media = new URL(main.trim().split('\n').at(-1) ?? '', url)
  const playlist = await (await fetch(media)).text()
  const names = [
    /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? '',
    ...playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
  ]
  const parts = []
  for (const name of names) {
    const answer = await fetch(new URL(name, media))
    expect(answer.status).toBe(200)
    parts.push(Buffer.from(await answer.arrayBuffer()))
  }
  const path = join(matinee.folder, `stream-${basename(names[1] ?? '')}-${Date.now()}.mp4`)
  writeFileSync(path, Buffer.concat(parts))
  return path
}
const status = async (url: string | undefined): Promise<number> => (await fetch(url ?? '')).status

describe('a share that keeps a copy', () => {
  it('plays on when its source is gone: stream, picture, page, download, a clip of it', async () => {
    const film = await matinee.addFile('Gone soon.mp4')
    const source = picturesOf(film.path)
    const share = await keep(film)
    rmSync(film.path)
    expect(await status(share.share_url)).toBe(200)
    expect((await matinee.v1('GET', `/files/${film.id}`)).status).toBe(200)
    expect(picturesOf(await fetchStream(share.stream_url ?? ''))).toEqual(source)
    expect(await status(share.preview_url)).toBe(200)
    const download = await fetch(share.media_download_url ?? '')
    expect(download.headers.get('content-disposition')).toContain('"Gone soon.mp4"')
    expect((await download.arrayBuffer()).byteLength).toBe(film.bytes)
    const clip = (await matinee.v1('GET', `/share/${share.id}?clip_start=1&clip_end=3`)).json
    const shown = picturesOf(await fetchStream(clip.stream_url ?? ''))
    expect([shown.length, placeOf(shown[0] ?? Buffer.alloc(0), source)]).toEqual([60, 30])
    expect(await status(clip.media_download_url)).toBe(200)
    // The owner sees that the source is missing, and that the share is not.
    await vi.waitUntil(async () => (await matinee.v1('GET', `/files/${film.id}/content`)).status === 410)
    expect((await matinee.v1('GET', `/files/${film.id}`)).json).toMatchObject({ missing: true })
    expect(await shareOf(share.id)).toMatchObject({ status: 'completed', duration_seconds: 10 })
  })

  it('plays what was shared when its source becomes another film', async () => {
    const film = await matinee.addFile('Changed.mp4')
    const share = await keep(film)
    const before = await (await fetch(share.stream_url ?? '')).text()
    renameSync(matinee.makeFile('other.mp4', { from: 'h264-aac-gop10.mp4' }), film.path)
    await vi.waitUntil(
      async () => {
        // A use of the file is what finds that it has changed.
        await matinee.v1('GET', `/files/${film.id}/cut?start=1&end=2`)
        const file = (await matinee.v1('GET', `/files/${film.id}`)).json as unknown as File
        return (file.media_info.duration_seconds ?? 0) > 15
      },
      { timeout: 30_000 },
    )
    expect(await (await fetch(share.stream_url ?? '')).text()).toBe(before)
    expect(await shareOf(share.id)).toMatchObject({ duration_seconds: 10 })
  })

  it('of a part keeps that part alone, exact to the frame', async () => {
    const film = await matinee.addFile('Part.mp4')
    const source = picturesOf(film.path)
    const segment = (
      await matinee.v1('POST', `/files/${film.id}/segments`, { body: { start_time: 2.5, end_time: 6.1 } })
    ).json
    const share = await keep(film, { file_segment_id: segment.id })
    rmSync(film.path)
    const shown = picturesOf(await fetchStream(share.stream_url ?? ''))
    const [first, last] = [shown[0], shown.at(-1)].map((it) => placeOf(it ?? Buffer.alloc(0), source))
    expect({ first, last, count: shown.length }).toEqual({ first: 75, last: 182, count: 108 })
    expect((await shareOf(share.id)).duration_seconds).toBeCloseTo(3.6, 6)
    expect(await status(share.preview_url)).toBe(200)
    const clip = (await matinee.v1('GET', `/share/${share.id}?clip_start=1&clip_end=2`)).json
    const inner = picturesOf(await fetchStream(clip.stream_url ?? ''))
    expect([inner.length, placeOf(inner[0] ?? Buffer.alloc(0), source)]).toEqual([30, 105])
    const download = await fetch(share.media_download_url ?? '')
    expect(download.headers.get('content-disposition')).toContain('"Part 0.02-0.06.mp4"')
  })

  it.each(['h264-aac.flv', 'hevc-aac.mp4'])('of %s plays on too', async (from) => {
    const film = await matinee.addFile(`kept-${from}`, { from })
    const share = await keep(film)
    rmSync(film.path)
    expect(picturesOf(await fetchStream(share.stream_url ?? '')).length).toBeGreaterThan(100)
    expect(await status(share.media_download_url)).toBe(200)
  })

  it('is stored once for two shares, and goes with the last of them', async () => {
    const film = await matinee.addFile('Twice.mp4')
    const before = kept().length
    const open = await keep(film)
    const hidden = await keep(film, { visibility: 'private' })
    expect(kept()).toHaveLength(before + 1)
    expect((await storage()).kept).toMatchObject({ count: before + 1 })
    expect((await storage()).kept.bytes).toBeGreaterThan(film.bytes)
    await matinee.v1('DELETE', `/share/${hidden.id}`)
    expect(await status(open.stream_url)).toBe(200)
  })

  it('goes with its file when that is forgotten', async () => {
    const film = await matinee.addFile('Forgotten.mp4')
    const share = await keep(film)
    expect((await matinee.v1('DELETE', `/files/${film.id}`)).status).toBe(200)
    expect(await status(share.stream_url)).toBe(404)
    expect(existsSync(film.path)).toBe(true)
  })

  it('takes the subtitles beside its film along, but nothing that a link shows', async () => {
    const film = await matinee.addFile('Titled.mp4')
    writeFileSync(film.path.replace('.mp4', '.en.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n')
    writeFileSync(join(matinee.folder, 'secret.txt'), 'secret')
    symlinkSync(join(matinee.folder, 'secret.txt'), film.path.replace('.mp4', '.de.srt'))
    const names = new Set(kept())
    await keep(film)
    const folder = kept().find((name) => !names.has(name)) ?? ''
    expect(readdirSync(join(matinee.folder, 'data', 'packaged', 'kept', folder)).sort()).toEqual([
      'Titled.en.srt',
      'Titled.mp4',
    ])
  })
})

describe('storage', () => {
  it('is measured by parts, and what can be made again is made again after it was cleared', async () => {
    const film = await matinee.addFile('Stored.mp4')
    const flv = await matinee.addFile('stored.flv', { from: 'h264-aac.flv' })
    const share = await settled((await matinee.share(flv.id)).id)
    const copied = await keep(film)
    const before = await storage()
    expect(before.packaged.bytes).toBeGreaterThan(0)
    expect(before.caches.count).toBeGreaterThan(0)
    expect(before.database.bytes).toBeGreaterThan(0)
    expect(before.free_bytes).toBeGreaterThan(0)

    const body = { what: ['packaged', 'converted', 'caches', 'exports'] }
    const clearedMs = Date.now()
    expect(cachedSince(clearedMs)).not.toEqual([])
    const after = (await matinee.v1('POST', '/storage/clear', { body })).json as unknown as Storage
    expect(after).toMatchObject({ exports: { bytes: 0 } })
    // A card's film may be under way: it is put there whenever it is done.
    expect(cachedSince(clearedMs)).toEqual([])
    // What somebody watched a moment ago stays.
    expect(after.packaged.bytes).toBeLessThan(before.packaged.bytes)
    expect(after.kept).toEqual(before.kept)
    expect(await status(copied.stream_url)).toBe(200)
    await vi.waitUntil(async () => (await status(share.stream_url)) === 200, { timeout: 30_000 })
    await vi.waitUntil(async () => (await status(copied.preview_url)) === 200, { timeout: 30_000 })
    await vi.waitUntil(async () => (await status(share.preview_url)) === 200, { timeout: 30_000 })
  })

  it.each<[string, object]>([
    ['nothing', { what: [] }],
    ['what is no part', { what: ['uploads'] }],
    ['copies that shares play from', { what: ['kept'] }],
    ['no list', { what: 'caches' }],
  ])('%s is not cleared', async (_, body) => {
    const answer = await matinee.v1('POST', '/storage/clear', { body })
    expect([answer.status, answer.json]).toEqual([400, failure('bad_request')])
  })
})
