import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'
import { playsPast } from './watch.ts'

/** A folder with three films, one song and a broken file, below the engine's data folder. */
function ownersFolder(engine: RunningEngine, name: string): string {
  const folder = join(engine.dataDir, '..', `${engine.dataDir.split('/').at(-1) ?? ''}-${name}`)
  mkdirSync(folder, { recursive: true })
  for (const [from, to] of [
    ['h264-aac-gop2.mp4', 'Ridge walk.mp4'],
    ['vp9-opus.webm', 'Stream after rain.webm'],
    ['h264-aac.flv', 'Old camera.flv'],
    ['aac.m4a', 'Field notes.m4a'],
    ['truncated.mp4', 'Cut off.mp4'],
  ] as const) {
    copyFileSync(testMedia(from), join(folder, to))
  }
  return folder
}

const card = (page: Page, name: string) => page.getByRole('gridcell').filter({ hasText: name })
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

test('from an empty library to a link on the clipboard that plays: add a folder, search, preview, share', async ({
  engine,
  page,
}) => {
  const trouble = await openManager(engine, page)
  const folder = ownersFolder(engine, 'first')

  await page.getByRole('button', { name: 'Add folder' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(join(folder, 'not-there'))
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('There is nothing at this path')
  // Chromium reports the answer that was just asked for.
  expect(trouble.splice(0)).toHaveLength(1)
  await dialog.getByRole('textbox').fill(folder)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('gridcell')).toHaveCount(5)
  await expect(card(page, 'Cut off.mp4')).toContainText('cut off')

  await page.keyboard.press('Control+f')
  await page.keyboard.type('ridge')
  await expect(page.getByRole('gridcell')).toHaveCount(1)
  await card(page, 'Ridge walk.mp4').click()
  const inspector = page.getByRole('complementary')
  await expect(inspector).toContainText('Plays everywhere')
  await inspector.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.5)

  await inspector.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('dialog').getByRole('textbox').first().fill('The ridge, in one go')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toBeVisible()
  const link = await clipboard(page)
  expect(link).toMatch(new RegExp(`^${engine.shareUrl}/share/[0-9a-f-]{36}$`))
  await page.getByRole('button', { name: 'Done' }).click()
  expect(trouble).toEqual([])

  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The ridge, in one go')
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.3)
})

test('sharing twice shows the share there is, and a file that must be prepared becomes ready by itself', async ({
  engine,
  page,
}) => {
  const old = await engine.addFile(join(ownersFolder(engine, 'second'), 'Old camera.flv'))
  await openManager(engine, page)
  await card(page, old.filename).first().click()
  const inspector = page.getByRole('complementary')
  await inspector.getByRole('button', { name: 'Share', exact: true }).click()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toBeVisible()
  const link = await clipboard(page)
  await page.getByRole('button', { name: 'Done' }).click()
  await inspector.getByRole('button', { name: 'Share', exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText(/already shared/i)
  await page.keyboard.press('Escape')
  await page.goto(link)
  await page.getByRole('button', { name: /^play/i }).first().click({ timeout: 20_000 })
  await playsPast(page, 0.3)
})

test('a deleted share is gone at once, and undo brings the very same link back', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-2997.mp4'))
  const share = await engine.share(file.id, { title: 'To be deleted' })
  await openManager(engine, page)
  await page.getByRole('link', { name: /^All shares/ }).click()
  const row = page.getByRole('row').filter({ hasText: 'To be deleted' })
  await row.hover()
  await row.getByRole('button', { name: /^delete/i }).click()
  await expect(row).toBeHidden()
  expect((await fetch(share.share_url)).status).toBe(404)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toBeVisible()
  expect((await fetch(share.share_url)).status).toBe(200)
})

test('what happens elsewhere shows by itself: a file that a script adds, a share that it makes', async ({
  engine,
  page,
}) => {
  await openManager(engine, page)
  const file = await engine.addFile(testMedia('h264-delayed-audio.mp4'))
  await expect(card(page, file.filename)).toBeVisible()
  await card(page, file.filename).click()
  await engine.share(file.id, { title: 'Made by a script' })
  await expect(page.getByRole('complementary')).toContainText('Made by a script')
})

test('S20: a file name with markup in it is text', async ({ engine, page }) => {
  const folder = ownersFolder(engine, 'names')
  const name = '<img src=x onerror=alert(1)>.m4a'
  copyFileSync(testMedia('aac.m4a'), join(folder, name))
  await engine.addFile(join(folder, name))
  const trouble = await openManager(engine, page)
  await card(page, name).click()
  await expect(page.getByRole('complementary').getByRole('heading', { level: 2 })).toHaveText(name)
  expect(trouble).toEqual([])
})

test('without a session the file manager shows how to open it, and nothing else', async ({
  engine,
  page,
}) => {
  const answer = await page.goto(engine.apiUrl)
  expect(answer?.status()).toBe(401)
  await expect(page.locator('body')).toContainText('matinee open')
  expect((await page.request.get(`${engine.apiUrl}/v1/files`)).status()).toBe(401)
})

test('S17: another site in the same browser can neither read nor change anything', async ({
  engine,
  page,
}) => {
  await openManager(engine, page)
  const other = await page.context().newPage()
  await other.goto(`${engine.shareUrl}/share/none`)
  const outcome = await other.evaluate(async (api) => {
    const tries = [
      fetch(`${api}/v1/files`, { credentials: 'include' }),
      fetch(`${api}/v1/folders`, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        headers: { 'content-type': 'text/plain' },
        body: '{"path":"/tmp"}',
      }),
    ]
    return Promise.all(
      tries.map((it) =>
        it.then(
          (answer) => (answer.type === 'opaque' ? 'opaque' : String(answer.status)),
          () => 'refused',
        ),
      ),
    )
  }, engine.apiUrl)
  expect(outcome).not.toContain('200')
  const folders = await engine.call<{ data: { path: string }[] }>('GET', '/folders')
  expect(folders.data.map((it) => it.path)).not.toContain('/tmp')
})
