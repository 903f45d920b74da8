import { statSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { Job } from '../src/shared/api/job.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'

/* Exports in the file manager: what is asked for is what is downloaded, and what cannot be made says why. */

const inspector = (page: Page) => page.getByRole('complementary')
const exportsTray = (page: Page) => page.getByRole('region', { name: 'Exports' })

/** Opens the export of a whole file by its menu. */
async function openExport(page: Page, name: string): Promise<void> {
  await page.getByRole('gridcell').filter({ hasText: name }).click()
  await inspector(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Export…' }).click()
  await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible()
}

/** Asks for an MP4 of a size of one's own. */
async function fitInto(page: Page, megabytes: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByText('MP4 to fit', { exact: true }).click()
  await dialog.getByText('Other', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Megabytes' }).fill(megabytes)
}

test('a marked clip is exported as MP4 and downloaded, as long as it was marked', async ({
  engine,
  page,
}) => {
  test.slow()
  const file = await engine.addFile(testMedia('h264-aac-gop2.mp4'))
  await openManager(engine, page)
  await page.getByRole('gridcell').filter({ hasText: file.filename }).click()
  await inspector(page).getByRole('button', { name: 'Clip', exact: true }).click()
  await page.getByRole('textbox', { name: 'In' }).fill('1.5')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Out' }).fill('0:04')
  await page.keyboard.press('Enter')
  await inspector(page).getByRole('button', { name: 'Export clip…' }).click()
  await expect(page.getByRole('dialog')).toContainText('Only 0:01.5 – 0:04.0, 2.5 s')
  const download = page.waitForEvent('download')
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
  const path = `${engine.dataDir}-clip.mp4`
  await (await download).saveAs(path)
  expect((await download).suggestedFilename()).toMatch(/\.mp4$/)
  await expect(exportsTray(page)).toContainText('1 exported')
  const made = await engine.addFile(path)
  expect(made.media_info.duration_seconds).toBeCloseTo(2.5, 1)
})

test('a film is made to fit into a size, and is no larger', async ({ engine, page }) => {
  test.slow()
  const file = await engine.addFile(testMedia('h264-aac-gop10.mp4'))
  await openManager(engine, page)
  await openExport(page, file.filename)
  const dialog = page.getByRole('dialog')
  // Twenty seconds are too long for a moving picture, and the card of it says so.
  await expect(dialog.getByRole('radio', { name: /^GIF/ })).toBeDisabled()
  await expect(dialog).toContainText('Up to 15 s: mark a shorter clip')
  await fitInto(page, 'lots')
  await expect(dialog.getByRole('button', { name: 'Export' })).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Megabytes' }).fill('0,4')
  await expect(dialog).toContainText('At most 400 kB')
  const download = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const path = `${engine.dataDir}-fit.mp4`
  await (await download).saveAs(path)
  expect(statSync(path).size).toBeLessThanOrEqual(400_000)
})

test('an export that is cancelled is gone, and nothing is downloaded', async ({ engine, page }) => {
  test.slow()
  const file = await engine.addFile(testMedia('h264-aac-gop10.mp4'))
  await openManager(engine, page)
  const downloads: string[] = []
  page.on('download', (download) => downloads.push(download.suggestedFilename()))
  await openExport(page, file.filename)
  // What fits as it is would only be copied, which is done before anybody can cancel it.
  await fitInto(page, '0.3')
  await page.keyboard.press('Enter')
  await exportsTray(page)
    .getByRole('button', { name: /^Cancel the export/ })
    .click()
  await expect(exportsTray(page)).toBeHidden()
  const states = async (): Promise<string[]> =>
    (await engine.call<{ data: Job[] }>('GET', '/jobs')).data
      .filter((job) => job.kind === 'export')
      .map((job) => job.status)
  await expect.poll(states).toContain('cancelled')
  expect(downloads).toEqual([])
})
