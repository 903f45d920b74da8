import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { File } from '../../shared/api/file.ts'
import type { FileSegment } from '../../shared/api/segment.ts'
import type { Playback, Share } from '../../shared/api/share.ts'
import { failure, startTestMatinee, type Answer, type TestMatinee } from './testing.ts'

const FRAME_RATE = 25
/** The film is red, green and blue, 2 s each: what is green comes from the segment. */
const GREEN = { start_time: 2, end_time: 4 }

let matinee: TestMatinee
let film: File
let whole: Share
let segment: FileSegment
let part: Share
beforeAll(async () => {
  matinee = await startTestMatinee()
  const path = join(matinee.folder, 'colours.mp4')
  makeColours(path)
  const { json } = await matinee.v1('POST', '/files', { body: { path } })
  film = await vi.waitUntil(
    async () => {
      const file = (await matinee.v1('GET', `/files/${json.id}`)).json as unknown as File
      return file.thumbnail_url === undefined ? undefined : file
    },
    { timeout: 30_000, interval: 50 },
  )
  whole = await matinee.share(film.id)
  const body = { ...GREEN, name: 'Green' }
  segment = (await matinee.v1('POST', `/files/${film.id}/segments`, { body })).json as unknown as FileSegment
  part = await matinee.share(film.id, { file_segment_id: segment.id })
})
afterAll(() => matinee.stop())

const get = async (url: string): Promise<Uint8Array> => {
  const answer = await fetch(url)
  expect(answer.status, url).toBe(200)
  return new Uint8Array(await answer.arrayBuffer())
}
const text = async (url: string): Promise<string> => Buffer.from(await get(url)).toString()
/** All bytes of a stream's one rendition, in order; every address stands in a playlist. */
async function streamed(mainUrl: string): Promise<Uint8Array> {
  const mediaUrl = new URL(/^\d+\/media\.m3u8$/m.exec(await text(mainUrl))?.[0] ?? '', mainUrl).href
  const list = await text(mediaUrl)
  const init = /URI="([^"]+)"/.exec(list)?.[1] ?? ''
  const names = [init, ...list.split('\n').filter((line) => /^\d+\.m4s$/.test(line))]
  expect(names.length).toBeGreaterThan(1)
  const parts: Uint8Array[] = []
  for (const name of names) parts.push(await get(new URL(name, mediaUrl).href))
  // Nothing lies behind the last one.
  expect((await fetch(new URL(`${names.length - 1}.m4s`, mediaUrl))).status).toBe(404)
  return Buffer.concat(parts)
}
const clip = async (share: Share, from: number, to: number): Promise<Share> => {
  const { status, json, text } = await matinee.v1(
    'GET',
    `/share/${share.id}?clip_start=${from}&clip_end=${to}`,
  )
  expect(status, text).toBe(200)
  return json as unknown as Share
}
const tokenIn = (url = ''): string => (url.split('/')[4] ?? '').replace(/\.jpg$/, '')

describe('the share of a segment', () => {
  it('says what it is of, with the name of the segment and its length', () => {
    expect(part).toMatchObject({
      ...{ asset_type: 'file_segment', file_id: film.id, file_segment_id: segment.id },
      ...{ title: 'Green', duration_seconds: 2, status: 'completed' },
    })
    expect(whole).toMatchObject({ asset_type: 'file', title: 'colours' })
    expect(whole.file_segment_id).toBeUndefined()
  })

  it('stands beside that of its file and has a pair of its own', async () => {
    const again = await matinee.v1('POST', '/share', {
      body: { file_id: film.id, file_segment_id: segment.id },
    })
    expect([again.status, again.json.share_id]).toEqual([409, part.id])
    const list = async (query: string) =>
      (await matinee.v1('GET', `/share?${query}`)).json.data.map((it) => it.id).sort()
    expect(await list(`file_id=${film.id}`)).toEqual([whole.id, part.id].sort())
    expect(await list(`file_segment_id=${segment.id}`)).toEqual([part.id])
  })

  it('is of a segment of that very file', async () => {
    const other = await matinee.addFile('other.mp4')
    for (const body of [
      { file_id: other.id, file_segment_id: segment.id },
      { file_id: film.id, file_segment_id: other.id },
      { file_id: film.id, file_segment_id: 'nonsense' },
    ]) {
      const answer = await matinee.v1('POST', '/share', { body })
      expect([answer.status, answer.json]).toEqual([404, failure('not_found')])
    }
  })

  it('keeps its segment, and the segmentation of that, from being deleted', async () => {
    const path = `/files/${film.id}/segments/${segment.id}`
    const answer = await matinee.v1('DELETE', path)
    expect([answer.status, answer.json]).toEqual([409, failure('conflict')])
    const { json: cut } = await matinee.v1('POST', `/files/${film.id}/segmentations`, {
      body: { strategy: 'manual', manual_config: { segments: [GREEN] } },
    })
    const { json: listed } = await matinee.v1('GET', `/segmentations/${cut.id}`)
    const id = (listed as unknown as { segments: { data: FileSegment[] } }).segments.data[0]?.id
    const share = await matinee.share(film.id, { file_segment_id: id })
    expect((await matinee.v1('DELETE', `/segmentations/${cut.id}`)).status).toBe(409)
    await matinee.v1('DELETE', `/share/${share.id}`)
    expect((await matinee.v1('DELETE', `/segmentations/${cut.id}`)).status).toBe(200)
    // Its segment is gone: the undo has nothing to bring back.
    expect((await matinee.v1('POST', `/share/${share.id}/restore`)).status).toBe(404)
  })

  it('S5: gives its own pictures and no other, at each of its addresses', async () => {
    expect(colours(await streamed(part.stream_url ?? ''))).toEqual({ green: 2 * FRAME_RATE })
    expect(colours(await get(part.media_download_url ?? ''))).toEqual({ green: 2 * FRAME_RATE })
    expect(colours(await get(part.preview_url ?? ''))).toEqual({ green: 1 })
    expect(colours(await get(`${part.preview_url}?size=card`))).toEqual({ green: 1 })
    const playback = JSON.parse(await text(matinee.at(`/share/${part.id}/playback`))) as Playback
    expect(playback).toMatchObject({ duration_seconds: 2 })
    expect(playback.download_bytes).toBeUndefined()
    const oembed = JSON.parse(
      await text(matinee.at(`/oembed?url=${encodeURIComponent(part.share_url)}`)),
    ) as { title: string; thumbnail_url: string }
    expect(oembed.title).toBe('Green')
    expect(colours(await get(oembed.thumbnail_url))).toEqual({ green: 1 })
  })

  it('counts the times of a clip from its own start, and no clip leaves it', async () => {
    const { stream_url: url, duration_seconds } = await clip(part, 1.6, 100)
    expect(duration_seconds).toBeCloseTo(0.4)
    expect(colours(await streamed(url ?? ''))).toEqual({ green: 10 })
    expect((await matinee.v1('GET', `/share/${part.id}?clip_start=2&clip_end=3`)).status).toBe(400)
  })
})

describe('a clip of a share', () => {
  it('S5: is opened by addresses that open nothing else', async () => {
    const shown = await clip(whole, 2.2, 3.4)
    expect(shown).toMatchObject({ id: whole.id, title: whole.title })
    expect(shown.duration_seconds).toBeCloseTo(1.2)
    expect(colours(await streamed(shown.stream_url ?? ''))).toEqual({ green: 30 })
    expect(colours(await get(shown.media_download_url ?? ''))).toEqual({ green: 30 })
    expect(colours(await get(shown.preview_url ?? ''))).toEqual({ green: 1 })
    const { headers } = await fetch(shown.media_download_url ?? '')
    expect(headers.get('content-disposition')).toContain('colours 0.02-0.03.mp4')
    expect(await matinee.v1('GET', `/share/${whole.id}`)).toMatchObject({
      json: { duration_seconds: film.media_info.duration_seconds, stream_url: whole.stream_url },
    })
  })

  it('S3: has a token for each purpose, which is good for no other', async () => {
    const { stream_url, media_download_url, preview_url } = await clip(whole, 2, 3)
    const tokens = [stream_url, media_download_url, preview_url].map(tokenIn)
    const paths = (token: string): string[] => [
      `/stream/${token}/main.m3u8`,
      `/download/${token}/x.mp4`,
      `/poster/${token}.jpg`,
    ]
    for (const [at, token] of tokens.entries()) {
      expect(token).toMatch(/^m1\./)
      const statuses = await Promise.all(
        paths(token).map(async (path) => (await fetch(matinee.at(path))).status),
      )
      expect(statuses).toEqual([0, 1, 2].map((it) => (it === at ? 200 : 403)))
      expect((await fetch(matinee.at(`/share/${token}/playback`))).status).toBe(403)
    }
  })

  it('S4: is not widened by hand', async () => {
    const { stream_url } = await clip(whole, 2, 3)
    const [prefix, claims = '', signed] = tokenIn(stream_url).split('.')
    const told = Buffer.from(claims, 'base64url').toString()
    const wider = told.replace('~2~3~', '~0~6~')
    expect(wider).not.toBe(told)
    const forged = `${prefix}.${Buffer.from(wider).toString('base64url')}.${signed}`
    expect((await fetch(matinee.stream(forged))).status).toBe(403)
  })

  it.each([
    ['clip_start=1', 400],
    ['clip_end=1', 400],
    ['clip_start=2&clip_end=2', 400],
    ['clip_start=3&clip_end=2', 400],
    ['clip_start=-1&clip_end=2', 400],
    ['clip_start=6&clip_end=7', 400],
    ['clip_start=a&clip_end=2', 400],
    ['clip_start=NaN&clip_end=2', 400],
    ['clip_start=0&clip_end=Infinity', 400],
    ['clip_start=1&clip_end=1e9', 200],
    ['clip_start=0&clip_end=0.5', 200],
  ])('%s is a %d, in the API and on the page', async (query, status) => {
    const answers: Answer[] = [await matinee.v1('GET', `/share/${whole.id}?${query}`)]
    expect(answers[0]?.status).toBe(status)
    if (status === 400) expect(answers[0]?.json).toEqual(failure('bad_request'))
    const playback = await fetch(matinee.at(`/share/${whole.id}/playback?${query}`))
    expect(playback.status).toBe(status)
  })

  it('stays in the embed of its address', async () => {
    const html = async (query: string): Promise<string> => {
      const url = encodeURIComponent(`${whole.share_url}?${query}`)
      return (JSON.parse(await text(matinee.at(`/oembed?url=${url}`))) as { html: string }).html
    }
    expect(await html('s=2&e=4&clip=hard')).toContain('?layout=minimal&amp;s=2&amp;e=4&amp;clip=hard"')
    expect(await html('s=2&e=4')).toContain('?layout=minimal&amp;s=2&amp;e=4"')
    expect(await html('s=2&e=1&clip=hard')).toContain('?layout=minimal&amp;s=2"')
  })

  it('S9: is gone with its share, at every address that was handed out', async () => {
    const file = await matinee.addFile('deleted.mp4')
    const share = await matinee.share(file.id, { visibility: 'private' })
    const { stream_url, media_download_url, preview_url } = await clip(share, 1, 2)
    const urls = [stream_url, media_download_url, preview_url].map((it) => it ?? '')
    for (const url of urls) expect((await fetch(url)).status, url).toBe(200)
    await matinee.v1('DELETE', `/share/${share.id}`)
    for (const url of urls) expect((await fetch(url)).status, url).toBe(404)
  })

  it('of a private share says when its download ends', async () => {
    const file = await matinee.addFile('private.mp4')
    const share = await matinee.share(file.id, { visibility: 'private' })
    const shown = await clip(share, 1, 2)
    expect(shown.media_download_expires_at).toBeGreaterThan(Date.now())
    expect((await clip(whole, 1, 2)).media_download_expires_at).toBeNull()
    const bare = await fetch(matinee.at(`/share/${share.id}/playback?clip_start=1&clip_end=2`))
    expect(bare.status).toBe(401)
  })
})

/** The frames of a film or a picture by colour; what is none of the three is counted as `other`. */
function colours(bytes: Uint8Array): Record<string, number> {
  const pixels = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      'pipe:0',
      '-vf',
      'scale=1:1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-vsync',
      '0',
      '-',
    ],
    { input: bytes },
  )
  const counts: Record<string, number> = {}
  for (let at = 0; at < pixels.length; at += 3) {
    const [r = 0, g = 0, b = 0] = pixels.subarray(at, at + 3)
    const name =
      r > 150 && g < 80 && b < 80
        ? 'red'
        : g > 150 && r < 80 && b < 80
          ? 'green'
          : b > 150 && r < 80 && g < 80
            ? 'blue'
            : 'other'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function makeColours(path: string): void {
  const inputs = ['red', 'lime', 'blue'].flatMap((it) => [
    ...['-f', 'lavfi', '-i', `color=${it}:s=320x180:r=${FRAME_RATE}:d=2`],
  ])
  execFileSync('ffmpeg', [
    ...['-v', 'error', ...inputs, '-filter_complex', '[0][1][2]concat=n=3', '-c:v', 'libx264'],
    ...[
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-x264-params',
      'scenecut=0:keyint=75:min-keyint=75',
      path,
    ],
  ])
}
