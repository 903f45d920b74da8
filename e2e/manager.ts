import type { Locator, Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { File } from '../src/shared/api/file.ts'
import type { RunningEngine } from './engine.ts'
import { expect } from './fixtures.ts'
import { collectTrouble } from './watch.ts'

/** Opens the file manager signed in, as the printed address does; what went wrong on the page is collected. */
export async function openManager(engine: RunningEngine, page: Page): Promise<string[]> {
  const trouble = collectTrouble(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: engine.apiUrl })
  const { url } = await engine.call<{ url: string }>('POST', '/launch')
  await page.goto(url)
  await expect(page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible()
  return trouble
}

/** Opens the file manager at a test medium, which is registered first: its row, the inspector that shows it, and trouble. */
export async function openAtFile(
  engine: RunningEngine,
  page: Page,
  name: string,
): Promise<{ file: File; inspector: Locator; trouble: string[] }> {
  const file = await engine.addFile(testMedia(name))
  const trouble = await openManager(engine, page)
  await page.getByRole('gridcell').filter({ hasText: file.filename }).click()
  return { file, inspector: page.getByRole('complementary'), trouble }
}

/** Opens a page of the settings, in the file manager that is open. */
export async function openSettings(page: Page, tab: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.getByRole('tab', { name: tab }).click()
  return dialog
}
