import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { Cut } from '../../shared/api/cut.ts'
import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import type { Playback, Share } from '../../shared/api/share.ts'
import { run } from '../base/spawn.ts'
import { testTools } from '../streaming/testing.ts'
import { hashTracks } from '../streaming/testing-packets.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'

/* Files that browsers do not play, from the click to the last segment, as a page and its owner see them. */

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

const PATIENCE = { timeout: 60_000, interval: 20 }
const get = async <Body>(path: string): Promise<Body> =>
  (await matinee.v1('GET', path)).json as unknown as Body
const jobOf = async (fileId: string): Promise<Job | undefined> =>
  (await get<ListOf<Job>>('/jobs')).data.find((it) => it.kind === 'transcode' && it.file_id === fileId)

/** Adds a copy of a test file, `times` over without a gap, and waits until it has been read. */
async function add(name: string, source: string, times = 1): Promise<File> {
  const path = join(matinee.folder, name)
  if (times === 1) copyFileSync(testMedia(source), path)
  else {
    const loop = ['-stream_loop', String(times - 1), '-i', testMedia(source), '-map', '0', '-c', 'copy', path]
    const { ffmpeg } = await testTools()
    await run(ffmpeg.path, ['-v', 'error', '-nostdin', ...loop], { timeoutMs: 60_000 })
  }
  const { json } = await matinee.v1('POST', '/files', { body: { path } })
  return vi.waitUntil(async () => {
    const file = await get<File>(`/files/${json.id}`)
    return file.status === 'completed' ? file : undefined
  }, PATIENCE)
}

const playbackOf = async (id: string): Promise<Playback> =>
  (await (await fetch(matinee.at(`/share/${id}/playback`))).json()) as Playback
const becomes = (id: string, status: Share['status']): Promise<Share> =>
  vi.waitUntil(async () => {
    const share = await get<Share>(`/share/${id}`)
    return share.status === status ? share : undefined
  }, PATIENCE)

/** Command lines of the encoders that work on a file. */
async function encodersOf(file: File): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'stat=,args='], { timeoutMs: 10_000 })
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => !line.startsWith('Z') && line.includes(`file:${file.path}`))
}
const isQuiet = (file: File): Promise<boolean> =>
  vi.waitUntil(async () => (await encodersOf(file)).length === 0, { timeout: 10_000, interval: 20 })

describe.each(
  (
    [
      ['mpeg4-mp3.avi', 'transcode'],
      ['hevc-aac.mp4', 'transcode'],
      ['h264-ac3.mkv', 'audio'],
      ['alac.m4a', 'audio'],
    ] as const
  ).filter(([name]) => hasTestMedia(name)),
)('%s', (name, delivery) => {
  test('is shared, plays from the address its page has at once, and completes', async () => {
    const file = await add(`shared ${name}`, name)
    expect(file).toMatchObject({ playable: true, delivery })
    expect(file.media_info.audio_tracks).toMatchObject([{ streamed: true, default: true }])
    const share = await matinee.share(file.id)
    const { stream_url: url } = await vi.waitUntil(async () => {
      const playback = await playbackOf(share.id)
      return playback.stream_url === undefined ? undefined : playback
    }, PATIENCE)
    expect(await (await fetch(matinee.at(url ?? ''))).text()).toContain('mp4a.40.2')
    const first = await fetch(matinee.stream(share.id, '0/0.m4s'))
    expect([first.status, (await first.arrayBuffer()).byteLength > 1000]).toEqual([200, true])
    expect(await becomes(share.id, 'completed')).toMatchObject({ stream_url: matinee.stream(share.id) })
    await vi.waitUntil(async () => (await jobOf(file.id))?.status === 'completed', PATIENCE)

    const tools = await testTools()
    const [source, stream] = await Promise.all([
      hashTracks(tools, file.path, 'decode'),
      hashTracks(tools, matinee.stream(share.id), 'decode'),
    ])
    expect(stream.video).toHaveLength(source.video.length)
    expect(stream.audio.length > 0).toBe(source.audio.length > 0)
  })
})

describe('the owner', () => {
  test('looks at a file that is converted without waiting, and no more of it is made than is looked at', async () => {
    const file = await add('preview.avi', 'mpeg4-mp3.avi')
    for (const name of ['main.m3u8', '0/media.m3u8', '0/init.mp4', '0/0.m4s', '0/0.m4s?start=1&end=3']) {
      expect([name, (await matinee.v1('GET', `/files/${file.id}/stream/${name}`)).status]).toEqual([
        name,
        200,
      ])
    }
    expect(await jobOf(file.id)).toBeUndefined()
  })

  test('is told what a part takes that is encoded whole, and shares it', async () => {
    const file = await add('part.avi', 'mpeg4-mp3.avi')
    expect(await get<Cut>(`/files/${file.id}/cut?start=1.25&end=3`)).toMatchObject({
      ...{ exact: true, copied_seconds: 0, encoded_seconds: 1.75 },
    })
    const segment = await matinee.v1('POST', `/files/${file.id}/segments`, {
      body: { start_time: 1.25, end_time: 3 },
    })
    const share = await matinee.share(file.id, { file_segment_id: segment.json.id })
    const whole = await becomes(share.id, 'completed')
    const tools = await testTools()
    const rate = file.frame_rate ?? 0
    const decoded = await hashTracks(tools, whole.stream_url ?? '', 'decode')
    expect(decoded.video).toHaveLength(Math.round(1.75 * rate))
    const download = await hashTracks(tools, whole.media_download_url ?? '', 'decode')
    expect(download.video).toHaveLength(Math.round(1.75 * rate))
    const clip = await get<Share>(`/share/${share.id}?clip_start=0.5&clip_end=1`)
    const part = await hashTracks(tools, clip.stream_url ?? '', 'decode')
    expect(part.video).toHaveLength(Math.round(0.5 * rate))
  })

  test('cancels a conversion, and its encoder is gone; the link says that it failed', async () => {
    const file = await add('cancelled.mp4', 'h264-opengop.mp4', 40)
    const share = await matinee.share(file.id)
    const job = await vi.waitUntil(() => jobOf(file.id), PATIENCE)
    await vi.waitUntil(async () => (await encodersOf(file)).length === 1, PATIENCE)
    expect((await matinee.v1('POST', `/jobs/${job.id}/cancel`)).status).toBe(200)
    expect(await isQuiet(file)).toBe(true)
    expect((await becomes(share.id, 'failed')).failure).toMatchObject({ code: 'conflict' })
  })
})

test('a conversion goes on for as long as one of its shares is there, and ends with the last of them', async () => {
  const file = await add('shared twice.mp4', 'h264-opengop.mp4', 40)
  const open = await matinee.share(file.id)
  const hidden = await matinee.share(file.id, { visibility: 'private' })
  await vi.waitUntil(async () => (await encodersOf(file)).length === 1, PATIENCE)
  await matinee.v1('DELETE', `/share/${open.id}`)
  expect((await jobOf(file.id))?.status).toBe('running')
  expect((await becomes(hidden.id, 'processing')).progress).toBeLessThan(1)
  await matinee.v1('DELETE', `/share/${hidden.id}`)
  expect(await isQuiet(file)).toBe(true)
  expect((await jobOf(file.id))?.status).toBe('cancelled')
  // What was deleted by mistake goes on where it was.
  await matinee.v1('POST', `/share/${hidden.id}/restore`)
  await vi.waitUntil(async () => (await jobOf(file.id))?.status === 'running', PATIENCE)
  await matinee.v1('DELETE', `/files/${file.id}`)
  expect(await isQuiet(file)).toBe(true)
})
