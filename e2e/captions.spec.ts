import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { choose, openSection, wakeControls } from './player-menu.ts'
import { collectTrouble, playsPast } from './watch.ts'

const lines = (page: Page) => page.locator('.captions__cue')

/** Those in the film. */
const CHOICES = ['Off', 'English', 'Deutsch – Forced']

/** Opens the page of a film with English captions, and German ones of single scenes; it stands still. */
async function openFilm(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.1)
  await page.keyboard.press('k')
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.locator('video').evaluate(async (it, to) => {
    const video = it as HTMLVideoElement
    video.currentTime = to
    await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
  }, seconds)
}

test('captions are shown at their times, above the controls, as text whatever is in them; c turns them on and off', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('around.mkv'))
  const share = await engine.share(file.id)
  const trouble = collectTrouble(page)
  await openFilm(page, share.share_url)
  const button = page.getByRole('button', { name: 'Captions (c)' })
  await expect(button).toHaveAttribute('aria-pressed', 'false')

  await page.keyboard.press('c')
  await expect(button).toHaveAttribute('aria-pressed', 'true')
  await goTo(page, 1.5)
  await expect(lines(page)).toHaveText('Good morning & welcome')
  await expect(lines(page).locator('i')).toHaveText('Good morning')
  await goTo(page, 4)
  await expect(lines(page)).toHaveText(/Second line$/)
  await goTo(page, 5.5)
  await expect(lines(page)).toHaveCount(0)
  await goTo(page, 7)
  await expect(lines(page)).toHaveText('Über den Wolken')
  expect(await page.locator('.captions').getAttribute('lang')).toBe('en')

  await wakeControls(page)
  // The lines move up with the controls.
  await expect
    .poll(async () => {
      const line = await lines(page).boundingBox()
      const bar = await page.getByRole('group', { name: 'Controls' }).boundingBox()
      return line && bar ? line.y + line.height <= bar.y + 1 : false
    })
    .toBe(true)

  await page.keyboard.press('c')
  await expect(button).toHaveAttribute('aria-pressed', 'false')
  await expect(lines(page).filter({ hasText: 'Wolken' })).toHaveCount(0)
  expect(trouble).toEqual([])
})

test('the captions are chosen by language; those of single scenes are shown unasked, and off is off', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('around.mkv'))
  const share = await engine.share(file.id)
  await openFilm(page, share.share_url)
  await goTo(page, 7)
  await expect(lines(page)).toHaveText('Das Ende')

  const menu = await openSection(page, 'Captions')
  await expect(menu.getByRole('menuitemradio')).toHaveText(CHOICES)
  await menu.getByRole('menuitemradio', { name: 'English' }).click()
  await expect(lines(page)).toHaveText('Über den Wolken')
  await choose(page, 'Captions', 'Off')
  await expect(lines(page)).toHaveCount(0)
  // The key goes back to what was chosen.
  await page.keyboard.press('c')
  await expect(lines(page)).toHaveText('Über den Wolken')
})

test('captions that cannot be had are said to be so, and the film plays on', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('around.webm'))
  const share = await engine.share(file.id)
  await openFilm(page, share.share_url)
  await page.route('**/*.vtt', (route) => route.fulfill({ status: 410 }))
  await page.keyboard.press('c')
  await expect(page.locator('.player__note')).toHaveText(/cannot be had right now/)
  await expect(page.getByRole('button', { name: 'Captions (c)' })).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('k')
  await playsPast(page, 1)
})
