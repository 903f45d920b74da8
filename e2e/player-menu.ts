import type { Locator, Page } from 'playwright/test'

/** Shows the controls, which hide while nobody moves over what plays. */
export async function wakeControls(page: Page): Promise<void> {
  await page.locator('.player').hover({ position: { x: 5, y: 5 } })
}

/** Opens a section of the player's settings and returns the menu of its choices. */
export async function openSection(page: Page, label: string): Promise<Locator> {
  await wakeControls(page)
  await page.locator('.player').getByRole('button', { name: 'Settings' }).click()
  const menu = page.getByRole('menu')
  await menu.waitFor()
  // The only section there is comes at once.
  if ((await menu.getAttribute('aria-label')) !== label) {
    await menu.getByRole('menuitem', { name: label }).click()
  }
  return page.getByRole('menu', { name: label })
}

/** Chooses in the player's settings. */
export async function choose(page: Page, label: string, name: string | RegExp): Promise<void> {
  const menu = await openSection(page, label)
  await menu.getByRole('menuitemradio', { name }).click()
}
