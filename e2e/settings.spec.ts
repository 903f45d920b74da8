import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { wakeControls } from './player-menu.ts'
import { currentTime, playsPast } from './watch.ts'

test('on a phone the settings are a sheet with rows a thumb can hit; Escape and a tap beside it close them', async ({
  engine,
  browser,
}) => {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  })
  const page = await context.newPage()
  const file = await engine.addFile(testMedia('around.mkv'))
  const share = await engine.share(file.id)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().tap()
  await playsPast(page, 0.1)
  await page.keyboard.press('k')
  const settings = page.getByRole('button', { name: 'Settings' })
  await settings.tap()
  const menu = page.getByRole('menu', { name: 'Settings' })
  await expect(menu.getByRole('menuitem')).toHaveText([/^Captions/, /^Speed1×$/, /^ChaptersOpening$/])
  for (const row of await menu.getByRole('menuitem').all()) {
    const { width, height } = (await row.boundingBox()) ?? { width: 0, height: 0 }
    expect(height).toBeGreaterThanOrEqual(44)
    expect(width).toBeGreaterThan(340)
  }
  await menu.getByRole('menuitem', { name: 'Speed' }).tap()
  await page.getByRole('menuitemradio', { name: '1.5×', exact: true }).tap()
  expect(await page.locator('video').evaluate((it) => (it as HTMLVideoElement).playbackRate)).toBe(1.5)
  await expect(page.getByRole('menu')).toBeHidden()

  await settings.tap()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(settings).toBeFocused()
  await settings.tap()
  await page.getByRole('heading', { level: 1 }).tap()
  await expect(page.getByRole('menu')).toBeHidden()
  await context.close()
})

test('by keys: into a section and back, and keys of the menu do nothing to what plays', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('around.mp4'))
  const share = await engine.share(file.id)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.1)
  await page.keyboard.press('k')
  const atS = await currentTime(page)
  const speed = page.getByRole('button', { name: 'Speed, 1×' })
  await speed.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu', { name: 'Speed' })
  await expect(menu.getByRole('menuitemradio', { name: '1×', exact: true })).toBeFocused()
  await page.keyboard.press('End')
  await expect(menu.getByRole('menuitemradio', { name: '2×' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(menu.getByRole('menuitemradio', { name: '0.5×' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Speed, 0.5×' })).toBeFocused()
  expect(await currentTime(page)).toBe(atS)

  // A narrow player has all of it in one menu, with a way back.
  await page.setViewportSize({ width: 500, height: 600 })
  await wakeControls(page)
  await page.getByRole('button', { name: 'Settings' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('menu', { name: 'Speed' })).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('menuitem', { name: /^Speed/ })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused()
})

test('every control of the player has a role and a name', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('around.webm'))
  const share = await engine.share(file.id)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.1)
  const controls = page.locator('.player :is(button, [role], a, select, input):visible')
  expect(await controls.count()).toBeGreaterThan(6)
  for (const it of await controls.all()) {
    const role = await it.getAttribute('role')
    if (role === 'status' || role === 'alert' || role === 'group') continue
    await expect(it).toHaveAccessibleName(/\S/)
  }
})
