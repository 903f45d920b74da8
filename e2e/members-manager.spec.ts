import type { Page } from 'playwright/test'
import type { Invite, Member } from '../src/shared/api/member.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { openManager, openSettings } from './manager.ts'

type ListOf<T> = { data: T[] }
const members = async (engine: RunningEngine) => (await engine.call<ListOf<Member>>('GET', '/members')).data
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

test('members are added, invited by a link that is shown once, and removed after a question', async ({
  engine,
  page,
}) => {
  test.slow()
  const trouble = await openManager(engine, page)
  const dialog = await openSettings(page, 'Members')
  await expect(dialog.getByText('Nobody is invited yet')).toBeVisible()

  await dialog.getByRole('button', { name: 'Set a password' }).click()
  await dialog.getByLabel('Password', { exact: true }).fill('short')
  await dialog.getByLabel('Name').focus()
  await expect(dialog.getByText('A password has 8 characters or more.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await dialog.getByLabel('Password', { exact: true }).fill('my own long password')
  await page.keyboard.press('Enter')
  const list = dialog.getByRole('list', { name: 'Members' })
  await expect(list.getByRole('listitem').filter({ hasText: 'Has not signed in yet' })).toBeVisible()
  expect(await members(engine)).toMatchObject([{ name: 'Owner', role: 'owner' }])

  await dialog.getByRole('button', { name: 'Add with a password' }).click()
  await dialog.getByLabel('Name').fill('Ada')
  await dialog.getByLabel('Password', { exact: true }).fill('a long password')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  const ada = list.getByRole('listitem').filter({ hasText: 'Ada' })
  await expect(ada).toBeVisible()

  // The name again: the engine's sentence stands in the form, and what was typed stays.
  await dialog.getByRole('button', { name: 'Add with a password' }).click()
  await dialog.getByLabel('Name').fill('ada')
  await dialog.getByLabel('Password', { exact: true }).fill('a long password')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('There is a member of this name already.')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()

  await dialog.getByRole('button', { name: 'Invite by link' }).click()
  await dialog.getByLabel('Name').fill('Grace')
  await page.keyboard.press('Enter')
  const shown = dialog.getByRole('region', { name: 'Invite link' })
  await expect(shown).toContainText('It is shown this once')
  await shown.getByRole('button', { name: 'Copy' }).click()
  expect(await clipboard(page)).toMatch(new RegExp(`^${engine.shareUrl}/invite/\\S+$`))
  await shown.getByRole('button', { name: 'Done' }).click()
  const open = dialog.getByRole('list', { name: 'Open invites' }).getByRole('listitem')
  await expect(open).toContainText('Grace')
  await dialog.getByRole('button', { name: 'Withdraw the link for Grace' }).click()
  await expect(open).toHaveCount(0)
  expect((await engine.call<ListOf<Invite>>('GET', '/invites')).data).toEqual([])

  await ada.getByRole('button', { name: 'New password for Ada, by link' }).click()
  await expect(dialog.getByRole('region', { name: 'Link for a new password of Ada' })).toContainText(
    '/invite/',
  )
  await dialog.getByRole('region').getByRole('button', { name: 'Done' }).click()

  await ada.getByRole('button', { name: 'Remove Ada' }).click()
  await expect(list.getByRole('alert')).toContainText('Remove Ada? They are signed out everywhere at once')
  await list.getByRole('button', { name: 'Cancel' }).click()
  expect(await members(engine)).toHaveLength(2)
  await ada.getByRole('button', { name: 'Remove Ada' }).click()
  await list.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(ada).toHaveCount(0)
  expect(await members(engine)).toMatchObject([{ name: 'Owner' }])
  expect(trouble.filter((it) => !it.includes('409'))).toEqual([])
})
