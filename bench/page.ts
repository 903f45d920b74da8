import { readFileSync } from 'node:fs'
import { chromium, type Browser } from 'playwright'
import { startBuiltEngine } from '../e2e/engine.ts'
import { collectWeight, totalOf } from '../e2e/page-weight.ts'
import { serveSite } from '../e2e/sites.ts'
import { chromiumPath } from '../scripts/ensure-chromium.ts'
import { makeTestMedia } from '../scripts/make-media.ts'
import { testMedia } from '../scripts/test-media.ts'
import { median, PeerMissing, showMs, type Benchmark } from './measure.ts'

const PAIRS = 9
/** What TARGETS.md allows. */
const MOST_BYTES = 250_000
const MOST_MS = 1000

/**
 * The share page in browsers that have never seen it: bytes of code and style, and the time until the first frame is
 * on the screen. Beside it, in turns, a page with nothing but a `<video>` and the same file: what Chromium needs anyway.
 */
export const page: Benchmark = async ({ log }) => {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new PeerMissing('there is no Chromium to open pages in')
  await makeTestMedia()
  const film = testMedia('h264-aac-gop2.mp4')
  const engine = await startBuiltEngine()
  const bare = await serveSite((path) =>
    path === '/film.mp4'
      ? { type: 'video/mp4', body: readFileSync(film) }
      : { type: 'text/html', body: '<!doctype html><body><video src="/film.mp4" preload="auto"></video>' },
  )
  const isRoot = process.getuid?.() === 0
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-background-networking', ...(isRoot ? ['--no-sandbox'] : [])],
  })
  try {
    const { share_url: url } = await engine.share((await engine.addFile(film)).id)
    // The first page of a browser pays for its start.
    await visit(browser, bare.origin)
    const ours: number[] = []
    const peer: number[] = []
    const weights: number[] = []
    for (let pair = 1; pair <= PAIRS; pair++) {
      const { frameMs, bytes } = await visit(browser, url)
      ours.push(frameMs)
      weights.push(bytes)
      peer.push((await visit(browser, bare.origin)).frameMs)
      log(`${pair}/${PAIRS}: ${showMs(frameMs)}, ${showMs(peer.at(-1) ?? 0)}`)
    }
    const [bytes, frameMs] = [Math.max(...weights), median(ours)]
    const kilobytes = (of: number) => `${(of / 1000).toFixed(1)} kB`
    return [
      {
        what: 'share page, code and style as sent',
        ours: kilobytes(bytes),
        peer: `${kilobytes(MOST_BYTES)} allowed`,
        ratio: MOST_BYTES / bytes,
        must: 1,
      },
      {
        what: 'share page, first frame',
        ours: showMs(frameMs),
        peer: `${showMs(MOST_MS)} allowed; page with the bare file ${showMs(median(peer))}`,
        ratio: MOST_MS / frameMs,
        must: 1,
      },
    ]
  } finally {
    await browser.close()
    bare.close()
    await engine.stop()
  }
}

/** Opens `url` in a fresh profile; milliseconds from its navigation to its first frame on the screen. */
async function visit(browser: Browser, url: string): Promise<{ frameMs: number; bytes: number }> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const sent = await collectWeight(page)
  // The viewer is quick: play is pressed as soon as there is something to play.
  await page.addInitScript(() => {
    document.addEventListener(
      'loadedmetadata',
      ({ target }) => {
        const video = target as HTMLVideoElement
        video.requestVideoFrameCallback((_now, { expectedDisplayTime }) => {
          Object.assign(window, { firstFrameMs: expectedDisplayTime })
        })
        video.muted = true
        void video.play()
      },
      { capture: true, once: true },
    )
  })
  await page.goto(url)
  const first = await page.waitForFunction(() => (window as { firstFrameMs?: number }).firstFrameMs)
  const frameMs = (await first.jsonValue()) ?? 0
  // A frame needs all of the player; what the page draws with was there before.
  await page.waitForLoadState('load')
  const bytes = totalOf(sent)
  await context.close()
  return { frameMs, bytes }
}
