import type { Page } from 'playwright/test'
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
