import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'
import { choose, openSection } from './player-menu.ts'
import { playsPast } from './watch.ts'

test('the preview of a film has its captions and chapters, as a share of it has', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('around.mkv'))
  const trouble = await openManager(engine, page)
  await page.getByRole('gridcell').filter({ hasText: file.filename }).click()
  await page.getByRole('button', { name: `Play ${file.filename}` }).click()
  await playsPast(page, 0.1)
  await page.locator('video').evaluate((it) => (it as HTMLVideoElement).pause())

  const menu = await openSection(page, 'Captions')
  await expect(menu.getByRole('menuitemradio')).toHaveText(['Off', 'English', 'Deutsch – Forced'])
  await page.keyboard.press('Escape')
  await choose(page, 'Captions', 'English')
  await page.locator('video').evaluate((it) => {
    ;(it as HTMLVideoElement).currentTime = 1.5
  })
  await expect(page.locator('.captions__cue').first()).toBeVisible()
  await expect(page.getByRole('slider', { name: 'Seek' })).toHaveAttribute('aria-valuetext', /, Opening$/)
  expect(trouble).toEqual([])
})
