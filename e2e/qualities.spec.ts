import { copyFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { openSection } from './player-menu.ts'
import { collectTrouble, playsPast, seekAndPlay } from './watch.ts'

/** What plays on until another quality is seen, in seconds of the film: the rest of one segment, and one more. */
const SOON_S = 9

async function shareOf(engine: RunningEngine): Promise<Share> {
  const path = join(mkdtempSync(join(engine.dataDir, 'copy-')), 'Harbour.mp4')
  copyFileSync(testMedia('mpeg4-720p.mp4'), path)
  const file = await engine.addFile(path)
  expect(file).toMatchObject({ delivery: 'transcode' })
  return engine.call<Share>('POST', '/share', { file_id: file.id })
}

const linesOf = (page: Page): Promise<number> =>
  page.locator('video').evaluate((it) => (it as HTMLVideoElement).videoHeight)

/** Where the film was when something was clicked last, and when its picture became another size. */
type Moments = { clickedAtS?: number; resizedAtS?: number }

const watchMoments = (page: Page): Promise<void> =>
  page.locator('video').evaluate((it) => {
    const video = it as HTMLVideoElement
    const moments = window as Moments
    document.addEventListener('click', () => (moments.clickedAtS = video.currentTime), { capture: true })
    video.addEventListener('resize', () => (moments.resizedAtS = video.currentTime))
  })

/** Chooses a quality while the film plays. It is seen within a few seconds of the film, however slow the machine is. */
async function chooseLines(page: Page, name: string | RegExp, lines: number): Promise<void> {
  // Controls hide from a slow hand while a film plays, but not from under an open menu.
  await page.locator('video').evaluate((it) => (it as HTMLVideoElement).pause())
  const menu = await openSection(page, 'Quality')
  await page.locator('video').evaluate((it) => (it as HTMLVideoElement).play())
  await menu.getByRole('menuitemradio', { name }).click()
  await expect.poll(() => linesOf(page), { timeout: 60_000 }).toBe(lines)
  const { clickedAtS = NaN, resizedAtS = NaN } = await page.evaluate(() => ({
    clickedAtS: (window as Moments).clickedAtS,
    resizedAtS: (window as Moments).resizedAtS,
  }))
  expect(resizedAtS - clickedAtS).toBeLessThan(SOON_S)
  await playsPast(page, resizedAtS + 0.5)
}

test('a quality that is chosen is seen soon, though more of another lies ready; automatic is the best again', async ({
  engine,
  page,
}) => {
  test.setTimeout(240_000)
  const share = await shareOf(engine)
  const trouble = collectTrouble(page)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.5)
  expect(await linesOf(page)).toBe(720)
  await watchMoments(page)

  await chooseLines(page, /^480p/, 480)
  await seekAndPlay(page, 20)
  expect(await linesOf(page)).toBe(480)
  await chooseLines(page, /^Auto/, 720)
  await expect(
    (await openSection(page, 'Quality')).getByRole('menuitemradio', { name: /^Auto/ }),
  ).toBeChecked()
  expect(trouble).toEqual([])
})
