import type { Frame, Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { serveSite, type Site } from './sites.ts'

/** Somebody's page around a player: buttons for what it may be told, a list of what it tells. */
const BLOG = `<!doctype html><meta charset="utf-8"><title>A blog</title><link rel="icon" href="data:,">
  <iframe id="player" width="640" height="360" allow="autoplay"></iframe>
  <script>
    const frame = document.getElementById('player')
    window.heard = []
    addEventListener('message', ({ source, origin, data }) => {
      if (source === frame.contentWindow) window.heard.push({ origin, ...data })
    })
    window.tell = (message) => frame.contentWindow.postMessage(message, '*')
    frame.src = decodeURIComponent(location.hash.slice(1))
  </script>`

type Heard = { origin: string; type: string; version: number; event: string; time: number; duration: number }

let blog: Site
let other: Site
test.beforeAll(async () => {
  const serve = () => serveSite((path) => (path === '/' ? { type: 'text/html', body: BLOG } : undefined))
  ;[blog, other] = [await serve(), await serve()]
})
test.afterAll(() => {
  blog.close()
  other.close()
})

const embed = (page: Page, site: Site, address: string) =>
  page.goto(`${site.origin}/#${encodeURIComponent(address)}`)
const heard = (page: Page): Promise<Heard[]> => page.evaluate('window.heard')
const tell = (page: Page, message: object): Promise<void> =>
  page.evaluate(`window.tell(${JSON.stringify(message)})`)
const last = async (page: Page, event: string): Promise<Heard | undefined> =>
  (await heard(page)).findLast((it) => it.event === event)
const framed = (page: Page): Frame => {
  const [, frame] = page.frames()
  if (!frame) throw new Error('there is no frame')
  return frame
}

test('a page of another site plays, pauses and seeks the player in its frame, and is told what happens', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('vp9-opus.webm'))
  const share = await engine.share(file.id)
  await embed(page, blog, `${share.share_url}?layout=minimal`)
  await expect.poll(() => last(page, 'ready')).toMatchObject({ type: 'matinee', version: 1, time: 0 })
  expect((await last(page, 'ready'))?.origin).toBe(engine.shareUrl)

  await tell(page, { type: 'matinee', version: 1, action: 'play' })
  await expect
    .poll(async () => (await last(page, 'timeupdate'))?.time ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(0.3)
  expect((await last(page, 'timeupdate'))?.duration).toBeGreaterThan(5)
  await tell(page, { type: 'matinee', version: 1, action: 'pause' })
  await expect.poll(() => last(page, 'pause')).toBeTruthy()
  await tell(page, { type: 'matinee', action: 'seek', time: 4 })
  await expect.poll(async () => (await last(page, 'seeked'))?.time, { timeout: 20_000 }).toBeCloseTo(4, 0)

  // Nothing else is understood: the frame stays where it is, and as it is.
  const address = framed(page).url()
  const before = (await heard(page)).length
  for (const message of [
    { type: 'matinee', version: 2, action: 'play' },
    { type: 'matinee', action: 'navigate', url: 'https://example.com/' },
    { type: 'matinee', action: 'seek', time: 'javascript:alert(1)' },
    { action: 'play' },
  ]) {
    await tell(page, message)
  }
  // Answered after all of these.
  await tell(page, { type: 'matinee', action: 'seek', time: 2 })
  await expect.poll(async () => (await last(page, 'seeked'))?.time, { timeout: 20_000 }).toBeCloseTo(2, 0)
  const since = (await heard(page)).slice(before).map((it) => it.event)
  expect(since).not.toContain('play')
  expect(framed(page).url()).toBe(address)
})

test('S23: with a list of sites, the player stands in frames of these and of no others', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('vp9-opus.webm'))
  const share = await engine.share(file.id)
  const allow = (origins: string[]) => engine.call('PUT', '/settings', { embed: { origins } })
  await allow([blog.origin])
  try {
    await embed(page, blog, `${share.share_url}?layout=minimal`)
    await expect.poll(() => last(page, 'ready')).toBeTruthy()
    await embed(page, other, `${share.share_url}?layout=minimal`)
    await expect.poll(() => framed(page).url()).toBe('chrome-error://chromewebdata/')
    expect(await heard(page)).toEqual([])
  } finally {
    await allow([])
  }
})

test('S23: a private share and the whole page of a public one refuse every frame', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-silent.mp4'))
  const open = await engine.share(file.id)
  const closed = await engine.share(file.id, { visibility: 'private' })
  for (const address of [open.share_url, closed.share_url, `${closed.share_url}?layout=minimal`]) {
    await page.goto('about:blank')
    await embed(page, blog, address)
    await expect.poll(() => framed(page).url()).toBe('chrome-error://chromewebdata/')
    expect(await heard(page)).toEqual([])
  }
})
