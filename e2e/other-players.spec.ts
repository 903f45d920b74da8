import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { run } from '../src/main/base/spawn.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import { testMedia } from '../scripts/test-media.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { serveSite, type Site } from './sites.ts'
import { collectTrouble, playsPast, seekAndPlay } from './watch.ts'

const require = createRequire(import.meta.url)
const SCRIPTS: Readonly<Record<string, string>> = {
  '/video.js': require.resolve('video.js/dist/video.min.js'),
  '/hls.js': require.resolve('hls.js/dist/hls.min.js'),
}
/** How somebody else's page shows a stream that it only has the address of. */
const PAGES: Readonly<Record<string, string>> = {
  '/with-video.js': `<video class="video-js" muted crossorigin></video><script src="/video.js"></script><script>
    const player = videojs(document.querySelector('video'), { controls: true })
    player.src({ src: decodeURIComponent(location.hash.slice(1)), type: 'application/vnd.apple.mpegurl' })
    player.on('error', () => console.error('Video.js: ' + player.error().message))
  </script>`,
  '/with-hls.js': `<video muted></video><script src="/hls.js"></script><script>
    const hls = new Hls()
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && console.error('hls.js: ' + details))
    hls.loadSource(decodeURIComponent(location.hash.slice(1)))
    hls.attachMedia(document.querySelector('video'))
  </script>`,
}

let site: Site
test.beforeAll(async () => {
  site = await serveSite((path) => {
    const script = SCRIPTS[path]
    if (script !== undefined) return { type: 'text/javascript', body: readFileSync(script) }
    const page = PAGES[path]
    const body = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${page ?? ''}</body>`
    return page === undefined ? undefined : { type: 'text/html', body }
  })
})
test.afterAll(() => {
  site.close()
})

/** Shared once; of a copy of its own, since other specs on the same engine share the same media. */
const streams = new Map<string, string>()
async function streamOf(engine: RunningEngine, name: string): Promise<string> {
  const known = streams.get(name)
  if (known !== undefined) return known
  const copy = join(mkdtempSync(join(engine.dataDir, 'copy-')), name)
  copyFileSync(testMedia(name), copy)
  const { stream_url: url = '' } = await engine.share((await engine.addFile(copy)).id)
  streams.set(name, url)
  return url
}

const open = async (page: Page, path: string, streamUrl: string): Promise<void> => {
  await page.goto(`${site.origin}${path}#${encodeURIComponent(streamUrl)}`)
  await page
    .locator('video')
    .first()
    .evaluate((it) => (it as HTMLVideoElement).play())
}

for (const path of Object.keys(PAGES)) {
  for (const name of ['h264-aac-gop2.mp4', 'aac.m4a']) {
    test(`${name} plays in another site’s page ${path.slice(1).replace('-', ' ')}, and after four seeks`, async ({
      engine,
      page,
    }) => {
      const streamUrl = await streamOf(engine, name)
      const trouble = collectTrouble(page)
      const origins = new Set<string>()
      page.on('request', (request) => origins.add(new URL(request.url()).origin))
      await open(page, path, streamUrl)
      await playsPast(page, 0.5)
      for (const at of [7, 2.5, 9, 0.2]) await seekAndPlay(page, at)
      expect(trouble).toEqual([])
      // It is another origin, and nobody else was asked.
      const blobs = [...origins].filter((it) => it !== 'null')
      expect(new Set(blobs)).toEqual(new Set([site.origin, engine.shareUrl]))
    })
  }
}

test('S26: a player of another site may read ranges of a segment, and what they are', async ({
  engine,
  page,
}) => {
  const main = await streamOf(engine, 'h264-aac-gop2.mp4')
  await page.goto(`${site.origin}/with-hls.js`)
  const answer = await page.evaluate(async (url) => {
    const uris = async (playlist: string): Promise<string[]> =>
      (await (await fetch(playlist)).text())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => new URL(line, playlist).href)
    const [media = ''] = await uris(url)
    const [segment = ''] = await uris(media)
    const whole = new Uint8Array(await (await fetch(segment)).arrayBuffer())
    const part = await fetch(segment, { headers: { range: 'bytes=10-29' } })
    const bytes = new Uint8Array(await part.arrayBuffer())
    return {
      status: part.status,
      range: part.headers.get('content-range'),
      length: whole.length,
      isSame: bytes.join() === whole.slice(10, 30).join(),
    }
  }, main)
  expect(answer).toMatchObject({ status: 206, range: `bytes 10-29/${answer.length}`, isSame: true })
})

for (const name of ['h264-aac-gop2.mp4', 'h264-irregular.mp4', 'aac.m4a']) {
  test(`ffmpeg as a client gets every packet of ${name}, once`, async ({ engine }) => {
    const { ffmpeg } = await resolveTools(process.env)
    const url = await streamOf(engine, name)
    expect(await packets(ffmpeg.path, url)).toEqual(await packets(ffmpeg.path, testMedia(name)))
  })
}

/** Sizes and checksums of the packets of each stream, in their order; without the encoder's lead-in before time 0. */
async function packets(ffmpeg: string, input: string): Promise<Record<string, string[]>> {
  const args = ['-nostdin', '-loglevel', 'error', '-i', input, '-map', '0:v?', '-map', '0:a?', '-c', 'copy']
  const { stdout } = await run(ffmpeg, [...args, '-f', 'framecrc', '-'], { timeoutMs: 60_000 })
  const found: Record<string, string[]> = {}
  for (const line of String(stdout).split('\n')) {
    if (line.startsWith('#') || line === '') continue
    // stream, dts, pts, duration, size, crc and side data (ffmpeg, framecrcenc.c)
    const [stream = '', , pts, , size, crc] = line.split(',').map((it) => it.trim())
    if (Number(pts) >= 0) (found[stream] ??= []).push(`${size ?? ''} ${crc ?? ''}`)
  }
  return found
}
