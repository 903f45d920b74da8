import { testMedia } from '../scripts/test-media.ts'
import type { Share } from '../src/shared/api/share.ts'
import { expect, test } from './fixtures.ts'
import { openAtFile } from './manager.ts'

const DAY_MS = 86_400_000

test('a share gets an end and a password, shows both, and loses them again', async ({ engine, page }) => {
  test.slow()
  const { inspector, trouble } = await openAtFile(engine, page, 'h264-aac-gop2.mp4')
  await inspector.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'An end, or a password' }).click()
  await dialog.getByText('7 days', { exact: true }).click()
  await dialog.locator('input[type=password]').fill('open sesame')
  await dialog.getByRole('button', { name: /^Create link/ }).click()
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(inspector).toContainText(/password · [67] days left/)
  const shareNow = async (): Promise<Share | undefined> =>
    (await engine.call<{ data: Share[] }>('GET', '/share')).data[0]
  const made = await shareNow()
  expect(made?.password_protected).toBe(true)
  expect((made?.expires_at ?? 0) - (made?.created_at ?? 0)).toBeGreaterThan(6.9 * DAY_MS)

  const edit = async (): Promise<void> => {
    await inspector.getByRole('listitem').hover()
    await inspector.getByRole('button', { name: 'Edit share' }).click()
  }
  await edit()
  await dialog.getByText('On a date').click()
  await dialog.getByLabel('Works until').fill('2020-01-01T00:00')
  await expect(dialog.getByText('That time is over.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Save' }).click()
  // The browser holds the form at the field that is wrong.
  await expect(dialog.getByText('That time is over.')).toBeVisible()
  await dialog.getByText('Never').click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(dialog.getByRole('status')).toContainText('The password is taken away when you save.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  const open = await shareNow()
  expect([open?.password_protected, open?.expires_at]).toEqual([false, undefined])
  expect(trouble).toEqual([])
})

test('the first private share asks for the owner’s password, the next one does not', async ({
  engine,
  page,
}) => {
  test.slow()
  await openAtFile(engine, page, 'h264-silent.mp4')
  const openShare = async () => {
    await page.keyboard.press('s')
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: /^Public/ })
      .press('ArrowRight')
  }
  await openShare()
  const dialog = page.getByRole('dialog')
  const password = dialog.getByLabel('Your password for share pages')
  await password.fill('short')
  await dialog.getByLabel('Title', { exact: true }).focus()
  await expect(dialog.getByText('A password has 8 characters or more.')).toBeVisible()
  await password.fill('my own long password')
  await dialog.getByRole('button', { name: /^Create private share/ }).click()
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toContainText('Members sign in on the page')
  expect((await engine.call<{ data: object[] }>('GET', '/members')).data).toMatchObject([
    { name: 'Owner', role: 'owner' },
  ])
  await page.getByRole('button', { name: 'Done' }).click()
  const other = await engine.addFile(testMedia('h264-aac.mkv'))
  await page.getByRole('gridcell').filter({ hasText: other.filename }).click()
  await openShare()
  await expect(dialog.getByRole('button', { name: /^Create private share/ })).toBeVisible()
  await expect(password).toHaveCount(0)
})
