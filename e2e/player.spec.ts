import { copyFileSync, mkdtempSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, currentTime, playsPast } from './watch.ts'

/** A share of a copy of its own, so that no other spec on the same engine has shared the file already. */
async function shareOf(engine: RunningEngine, name: string, more: object = {}) {
  const path = join(mkdtempSync(join(engine.dataDir, 'copy-')), name)
  copyFileSync(testMedia(name), path)
  const file = await engine.addFile(path)
  return { path, share: await engine.share(file.id, more) }
}

/** What the page's media element says of itself. */
const media = (page: Page) =>
  page
    .locator('video, audio')
    .first()
    .evaluate((it) => {
      const { paused, muted, playbackRate, duration } = it as HTMLMediaElement
      return { paused, muted, playbackRate, duration }
    })

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.2)
}

for (const name of ['h264-aac-gop10.mp4', 'aac.m4a']) {
  test(`the keys of the player do on ${name} what they do on YouTube`, async ({ engine, page }) => {
    const { share } = await shareOf(engine, name)
    const trouble = collectTrouble(page)
    await open(page, share.share_url)
    const duration = (await media(page)).duration
    const at = () => currentTime(page)

    await page.keyboard.press('k')
    expect((await media(page)).paused).toBe(true)
    await page.keyboard.press('5')
    await expect.poll(at).toBeCloseTo(duration / 2, 1)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(at).toBeCloseTo(duration / 2 - 5, 1)
    await page.keyboard.press('ArrowRight')
    await expect.poll(at).toBeCloseTo(duration / 2, 1)
    await page.keyboard.press('j')
    await expect.poll(at).toBeCloseTo(Math.max(0, duration / 2 - 10), 1)
    await page.keyboard.press('0')
    await expect.poll(at).toBe(0)

    await page.keyboard.press('m')
    expect((await media(page)).muted).toBe(true)
    await expect(page.getByRole('button', { name: 'Sound on (m)' })).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('m')
    await page.keyboard.press('>')
    expect((await media(page)).playbackRate).toBe(1.25)
    await expect(page.getByRole('button', { name: 'Speed' })).toHaveText('1.25×')
    await page.keyboard.press('<')
    expect((await media(page)).playbackRate).toBe(1)

    await page.keyboard.press(' ')
    await expect.poll(async () => (await media(page)).paused).toBe(false)
    await playsPast(page, 0.2)
    expect(trouble).toEqual([])
  })
}

test('the bar is a slider that says its time in words and can be dragged', async ({ engine, page }) => {
  const { share } = await shareOf(engine, 'h264-irregular.mp4')
  await open(page, share.share_url)
  await page.keyboard.press('k')
  const bar = page.getByRole('slider', { name: 'Seek' })
  const { x, y, width, height } = (await bar.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await page.mouse.move(x + width * 0.2, y + height / 2)
  await page.mouse.down()
  for (const part of [0.3, 0.4, 0.5, 0.6]) await page.mouse.move(x + width * part, y + height / 2)
  await page.mouse.up()
  const duration = (await media(page)).duration
  await expect.poll(() => currentTime(page)).toBeCloseTo(duration * 0.6, 0)
  await expect(bar).toHaveAttribute('aria-valuetext', /^[56] seconds of 10 seconds$/)
  await bar.focus()
  await page.keyboard.press('Home')
  await expect.poll(() => currentTime(page)).toBe(0)
})

test('a viewer counts once, after three seconds of playing', async ({ engine, page }) => {
  const { share } = await shareOf(engine, 'h264-delayed-audio.mp4')
  const views: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/view')) views.push(request.postData() ?? '')
  })
  await open(page, share.share_url)
  expect(views).toEqual([])
  await playsPast(page, 5)
  await expect
    .poll(async () => (await engine.call<{ view_count: number }>('GET', `/share/${share.id}`)).view_count)
    .toBe(1)
  expect(views).toHaveLength(1)
  expect(views[0]).toMatch(/^\{"session":"[\da-f]{32}"\}$/)
})

test('a link at this time and the embed code can be taken along', async ({ engine, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { share } = await shareOf(engine, 'h264-vfr.mp4', { title: 'A "title"' })
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await open(page, share.share_url)
  await playsPast(page, 2.1)
  await page.keyboard.press('k')
  // A busy machine may take a while from the one to the other; the page says where it stands.
  const startS = Math.floor(await currentTime(page))
  await page.getByRole('button', { name: /^Copy link/ }).click()
  await expect.poll(clipboard).toBe(`${share.share_url}?s=${startS}`)

  await page.getByRole('button', { name: 'Embed' }).click()
  await page.getByRole('checkbox', { name: `Start at 0:0${startS}` }).check()
  const dialog = page.getByRole('dialog', { name: 'Embed code' })
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await expect.poll(clipboard).toContain(`src="${share.share_url}?layout=minimal&amp;s=${startS}"`)
  expect(await clipboard()).toContain('title="A &quot;title&quot;"')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('a link can be copied where the browser has no clipboard, as on plain http', async ({
  engine,
  page,
}) => {
  const { share } = await shareOf(engine, 'h264-2997.mp4')
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }),
  )
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^Copy link/ }).click()
  await expect(page.getByRole('button', { name: /^Copied/ })).toBeVisible()
})

test('a lost connection ends in a clear state, and trying again goes on from there', async ({
  engine,
  page,
}) => {
  const { share } = await shareOf(engine, 'h264-aac-gop10.mp4')
  await page.goto(share.share_url)
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await page.route('**/*.m4s', (route) => route.abort('connectionrefused'))
  await page.keyboard.press('8')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('The connection was lost.', { timeout: 40_000 })
  await page.unroute('**/*.m4s')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(alert).toBeHidden()
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await playsPast(page, 15)
})

test('a source that goes away while it plays is told, and plays again once it is back', async ({
  engine,
  page,
}) => {
  const { path, share } = await shareOf(engine, 'h264-aac-gop10.mp4')
  const { share_url: url } = share
  await page.goto(url)
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  renameSync(path, `${path}.away`)
  await page.keyboard.press('8')
  await expect(page.getByRole('heading', { name: 'It can’t be played right now' })).toBeVisible()
  renameSync(`${path}.away`, path)
  await open(page, url)
})

test('without scripts the page is there, with the file in the browser’s own player', async ({
  engine,
  browser,
}) => {
  const { share } = await shareOf(engine, 'h264-aac.ts', { title: 'Plain' })
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(share.share_url)
  await expect(page.getByRole('heading', { name: 'Plain' })).toBeVisible()
  await expect(page.getByRole('link', { name: /Download/ })).toBeVisible()
  await expect(page.locator('noscript video[controls]')).toBeVisible()
  await expect(page.getByRole('button')).toHaveCount(0)
  await context.close()
})
