import type { Page } from 'playwright/test'
import type { ApiKey } from '../src/shared/api/api-key.ts'
import { expect, test } from './fixtures.ts'
import { openManager, openSettings } from './manager.ts'

type ListOf<T> = { data: T[] }
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

test('a key is made, shown once, works, tells its last use, and is revoked', async ({ engine, page }) => {
  const trouble = await openManager(engine, page)
  const dialog = await openSettings(page, 'API keys')
  await expect(dialog.getByText('No keys yet.')).toBeVisible()
  await dialog.getByRole('button', { name: 'New key' }).click()
  await dialog.getByLabel('Name').fill('Backup script')
  await page.keyboard.press('Enter')
  const shown = dialog.getByRole('region', { name: 'Key “Backup script”' })
  await shown.getByRole('button', { name: 'Copy' }).click()
  const key = await clipboard(page)
  const ask = (method: string): Promise<number> =>
    fetch(`${engine.apiUrl}/v1/files`, { method, headers: { authorization: `Bearer ${key}` } }).then(
      (it) => it.status,
    )
  expect(await ask('GET')).toBe(200)
  expect(await ask('POST')).toBe(403)
  await shown.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).not.toContainText(key)

  await page.keyboard.press('Escape')
  await openSettings(page, 'API keys')
  const row = dialog.getByRole('listitem').filter({ hasText: 'Backup script' })
  await expect(row).toContainText(/…\s·\sMay look\s·\sLast used Just now/)
  await row.getByRole('button', { name: 'Revoke Backup script' }).click()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(dialog.getByText('No keys yet.')).toBeVisible()
  expect(await ask('GET')).toBe(401)
  expect((await engine.call<ListOf<ApiKey>>('GET', '/api-keys')).data).toEqual([])
  expect(trouble).toEqual([])
})

test('sites that may embed are named one a line; what is no site is told, and nothing is lost', async ({
  engine,
  page,
}) => {
  await openManager(engine, page)
  const dialog = await openSettings(page, 'Embedding')
  const field = dialog.getByLabel('Sites that may embed')
  const save = dialog.getByRole('button', { name: 'Save' })
  await expect(save).toBeDisabled()
  await field.fill('blog.example\nhttp://localhost:8080')
  await save.click()
  await expect(dialog.getByRole('alert')).toContainText('“blog.example” is not a site.')
  await expect(field).toHaveValue('blog.example\nhttp://localhost:8080')
  await field.fill('https://Blog.example/\nhttp://localhost:8080')
  await field.press('Control+Enter')
  await expect(field).toHaveValue('https://blog.example\nhttp://localhost:8080')
  await expect(save).toBeDisabled()
  expect(await engine.call('GET', '/settings')).toMatchObject({
    embed: { origins: ['https://blog.example', 'http://localhost:8080'] },
  })
  await field.fill('')
  await save.click()
  await expect(page.getByText('Saved. Any site may embed.')).toBeVisible()
})
