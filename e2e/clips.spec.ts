import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { createLog } from '../src/main/base/log.ts'
import type { ClipWindow } from '../src/main/media/playable.ts'
import { createStreams } from '../src/main/streaming/streams.ts'
import { readPlayable, testTools } from '../src/main/streaming/testing.ts'
import { serveSite, type Site } from './sites.ts'
import { buffered, collectTrouble, currentTime, playsPast, seekAndPlay } from './watch.ts'

/*
 * Exact clips in a browser: what is encoded and what is copied are one stream to it. hls.js plays them on a page that
 * has nothing else, from a server that has nothing else.
 */

const HLS = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><video muted></video>
<script src="/hls.js"></script><script>
  const hls = new Hls({ maxBufferLength: 60 })
  hls.on(Hls.Events.ERROR, (_, { details }) => console.error('hls.js: ' + details))
  hls.loadSource(location.pathname + 'main.m3u8')
  hls.attachMedia(document.querySelector('video'))
</script>`

/** A clip each: what it is cut from, and the times in it at which encoded pictures meet copied ones, in seconds. */
const CLIPS: readonly { name: string; window: ClipWindow; bordersS: number[] }[] = [
  // Key frames every 2 s, pictures out of order: a head of 20 pictures, a tail of some.
  { name: 'h264-aac-gop2.mp4', window: { startS: 1.34, endS: 9.21 }, bordersS: [0.66, 7.8] },
  // Every 10 s: more than half of it is head.
  { name: 'h264-aac-gop10.mp4', window: { startS: 3.3, endS: 14.71 }, bordersS: [6.7, 11.3] },
  { name: 'h264-aac.mkv', window: { startS: 2.9, endS: 8.14 }, bordersS: [1.1, 5.1] },
  { name: 'h264-aac.ts', window: { startS: 0.71, endS: 6.53 }, bordersS: [1.3, 5.7] },
]

let site: Site
const files = new Map<string, { type: string; body: string | Buffer }>()
let dir: string

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-clips-e2e-'))
  const streams = createStreams({
    ...{ tools: await testTools(), packagedDir: join(dir, 'packaged'), clipsDir: join(dir, 'clips') },
    log: createLog({ level: 'error' }),
  })
  const { signal } = new AbortController()
  files.set('/hls.js', { type: 'text/javascript', body: readFileSync(HLS) })
  for (const { name, window } of CLIPS) {
    const { playable } = await readPlayable(testMedia(name))
    const clip = { ...playable, window }
    const put = (path: string, type: string, body: string | Uint8Array): void =>
      void files.set(`/${name}/${path}`, { type, body: typeof body === 'string' ? body : Buffer.from(body) })
    const playlist = 'application/vnd.apple.mpegurl'
    put('', 'text/html', PAGE)
    put('main.m3u8', playlist, await streams.mainPlaylist(clip))
    const media = await streams.mediaPlaylist(clip, '0')
    put('0/media.m3u8', playlist, media)
    put('0/init.mp4', 'video/mp4', (await streams.init(clip, '0')) as Uint8Array)
    for (const index of (media.match(/\.m4s/g) ?? []).keys()) {
      const segment = await streams.segment(clip, '0', { index, format: 'fmp4' }, signal)
      put(`0/${index}.m4s`, 'video/mp4', segment as Uint8Array)
    }
  }
  await streams.close()
  site = await serveSite((path) => files.get(path))
})
test.afterAll(() => {
  site.close()
  rmSync(dir, { recursive: true })
})

const facts = (page: Page) =>
  page.locator('video').evaluate((it) => {
    const video = it as HTMLVideoElement
    return {
      ...{ durationS: video.duration, ended: video.ended, error: video.error?.message ?? null },
      shown: video.getVideoPlaybackQuality().totalVideoFrames,
    }
  })

for (const { name, window, bordersS } of CLIPS) {
  test(`a clip of ${name} plays over its borders, with seeks, in one range, to its end`, async ({ page }) => {
    const trouble = collectTrouble(page)
    const lengthS = window.endS - window.startS
    await page.goto(`${site.origin}/${name}/`)
    await page.locator('video').evaluate((it) => (it as HTMLVideoElement).play())
    await playsPast(page, 0.3)
    // Onto each border and over it, backwards and forwards.
    const [headS = 0, tailS = 0] = bordersS
    for (const targetS of [tailS - 0.4, headS - 0.3, lengthS / 2, tailS - 0.2]) {
      await seekAndPlay(page, targetS)
      await playsPast(page, Math.min(targetS + 0.7, lengthS - 0.15))
    }
    await expect.poll(async () => (await facts(page)).ended, { timeout: 20_000 }).toBe(true)
    const { durationS, error, shown } = await facts(page)
    expect(Math.abs(durationS - lengthS)).toBeLessThan(0.07)
    expect(Math.abs((await currentTime(page)) - durationS)).toBeLessThan(0.1)
    expect(error).toBeNull()
    expect(shown).toBeGreaterThan(30)
    const ranges = await buffered(page)
    expect(ranges).toHaveLength(1)
    expect(ranges[0]?.[0]).toBeLessThan(0.05)
    expect(ranges[0]?.[1]).toBeGreaterThan(lengthS - 0.1)
    expect(trouble).toEqual([])
  })
}
