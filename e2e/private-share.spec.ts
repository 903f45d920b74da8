import { copyFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { serveSite, type Site } from './sites.ts'
import { collectTrouble, playsPast, seekAndPlay } from './watch.ts'

const HLS = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
/** Somebody else's page, which has nothing but the address of a stream. */
const PLAYER = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
  <body><video muted></video><script src="/hls.js"></script><script>
    const hls = new Hls()
    hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && console.error('hls.js: ' + details))
    hls.loadSource(decodeURIComponent(location.hash.slice(1)))
    hls.attachMedia(document.querySelector('video'))
  </script></body>`

let site: Site
test.beforeAll(async () => {
  site = await serveSite((path) =>
    path === '/hls.js'
      ? { type: 'text/javascript', body: readFileSync(HLS) }
      : { type: 'text/html', body: PLAYER },
  )
})
test.afterAll(() => {
  site.close()
})

/** A film under a name that nothing a stranger sees may hold. */
async function addFilm(engine: RunningEngine, name: string): Promise<void> {
  const path = join(engine.dataDir, name)
  copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
  await engine.addFile(path)
}

async function openManager(engine: RunningEngine, page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: engine.apiUrl })
  await page.goto((await engine.call<{ url: string }>('POST', '/launch')).url)
}
const card = (page: Page, name: string) => page.getByRole('gridcell').filter({ hasText: name })
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

test('a private share, from the dialog to a player elsewhere, and its end', async ({
  engine,
  page,
  browser,
}) => {
  await addFilm(engine, 'Hidden valley.mp4')
  await openManager(engine, page)
  const trouble = collectTrouble(page)
  await card(page, 'Hidden valley.mp4').click()
  await page.getByRole('complementary').getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().fill('Nobody reads this')
  await dialog.getByRole('radio', { name: /^Public/ }).press('ArrowRight')
  await expect(dialog.getByRole('radio', { name: /^Private/ })).toBeChecked()
  await expect(dialog).toContainText('Fixed once created')
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Link copied')
  expect(await clipboard(page)).toMatch(new RegExp(`^${engine.shareUrl}/share/`))
  await dialog.getByRole('button', { name: 'Copy stream link' }).click()
  await expect
    .poll(() => clipboard(page))
    .toMatch(new RegExp(`^${engine.shareUrl}/stream/m1\\.[\\w-]+\\.[\\w-]+/main\\.m3u8$`))
  const streamUrl = await clipboard(page)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('complementary')).toContainText('Nobody reads this')
  await expect(page.getByRole('complementary')).toContainText('Private · ')
  await expect(page.getByRole('link', { name: /^Private/ })).toBeVisible()

  const { data } = await engine.call<{ data: Share[] }>('GET', '/share?visibility=private')
  const share = data.find((it) => it.title === 'Nobody reads this')
  if (!share) throw new Error('the share is not in the list')

  await test.step('S1: a stranger sees that it is private, and nothing of it', async () => {
    const stranger = await browser.newPage()
    const answered: string[] = []
    stranger.on('response', (answer) => answered.push(new URL(answer.url()).pathname))
    for (const query of ['', '?layout=minimal', '?s=3']) {
      const answer = await stranger.goto(`${share.share_url}${query}`)
      expect(answer?.status()).toBe(401)
      await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Sign in to watch')
      expect(await stranger.content()).not.toMatch(/Nobody|Hidden|og:|oembed/)
      await expect(stranger.locator('video, audio, img, script:not([src*="/show-password-"])')).toHaveCount(0)
    }
    expect(answered.filter((path) => /stream|poster|download|playback/.test(path))).toEqual([])
    expect(await stranger.context().cookies()).toEqual([])
    await stranger.context().close()
  })

  const viewer = await browser.newPage()
  const viewersTrouble = collectTrouble(viewer)
  await test.step('S7, S26: its stream link plays in a bare hls.js on another origin', async () => {
    await viewer.goto(`${site.origin}/#${encodeURIComponent(streamUrl)}`)
    await viewer.locator('video').evaluate((it) => (it as HTMLVideoElement).play())
    await playsPast(viewer, 0.5)
    for (const at of [6, 1.5]) await seekAndPlay(viewer, at)
    expect(viewersTrouble).toEqual([])
  })

  await test.step('S9: deleted, it is gone at every address within a second', async () => {
    await page.getByRole('link', { name: /^Private/ }).click()
    const row = page.getByRole('row').filter({ hasText: 'Nobody reads this' })
    await row.hover()
    await row.getByRole('button', { name: /^Delete/ }).click()
    await expect(row).toBeHidden()
    const urls = [
      share.share_url,
      streamUrl,
      new URL('0/0.m4s', streamUrl).href,
      share.media_download_url ?? '',
    ]
    for (const url of urls) expect((await fetch(url)).status, url).toBe(404)
    // What the viewer's browser has fetched before is not played from its cache either.
    const again = await viewer.evaluate(
      async (url) => (await fetch(url, { cache: 'force-cache' })).status,
      new URL('0/0.m4s', streamUrl).href,
    )
    expect(again).toBe(404)
  })
  await viewer.context().close()
  expect(trouble).toEqual([])
})

test('a file can be shared both ways, several at once; what is copied says to whom it opens', async ({
  engine,
  page,
}) => {
  for (const name of ['Two ways 1.mp4', 'Two ways 2.mp4']) await addFilm(engine, name)
  await openManager(engine, page)
  const trouble = collectTrouble(page)
  await card(page, 'Two ways 1.mp4').click()
  await card(page, 'Two ways 2.mp4').click({ modifiers: ['Shift'] })
  const chosen = await page.getByRole('gridcell', { selected: true }).count()
  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Private', { exact: true }).click()
  await dialog.getByRole('button', { name: `Create ${chosen} private shares` }).click()
  await expect(dialog.getByRole('heading')).toHaveText(`${chosen} private links copied`)
  await dialog.getByRole('button', { name: `Copy ${chosen} links` }).click()
  await expect(page.getByText(`${chosen} links copied. Members sign in to watch.`)).toBeVisible()
  const lines = (await clipboard(page)).split('\n')
  expect(lines).toHaveLength(chosen)
  for (const url of lines) expect((await fetch(url)).status).toBe(401)
  await dialog.getByRole('button', { name: 'Done' }).click()

  // The other kind is one press away, and the one there is is shown instead of made again.
  await card(page, 'Two ways 1.mp4').click()
  await expect(card(page, 'Two ways 1.mp4')).toContainText('Shared privately')
  await page.keyboard.press('s')
  await expect(dialog).toContainText('Already shared')
  await dialog.getByRole('button', { name: 'Share publicly…' }).click()
  await dialog.getByText('Private', { exact: true }).click()
  await expect(dialog.getByRole('button', { name: /^Show share/ })).toBeVisible()
  await dialog.getByText('Public', { exact: true }).click()
  await dialog.getByRole('button', { name: /^Create link/ }).click()
  await expect(dialog).toContainText('Link copied')
  expect(await clipboard(page)).toContain('/share/')
  await dialog.getByRole('button', { name: 'Show the private share' }).click()
  await expect(dialog.getByRole('button', { name: 'Copy download link' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(card(page, 'Two ways 1.mp4')).toContainText('Shared publicly and privately')
  expect(trouble).toEqual([])
})
