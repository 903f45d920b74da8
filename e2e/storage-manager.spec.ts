import type { Share } from '../src/shared/api/share.ts'
import { expect, test } from './fixtures.ts'
import { openAtFile } from './manager.ts'

test('a share that keeps a copy is asked for in the dialog, and storage tells what it takes', async ({
  engine,
  page,
}) => {
  test.slow()
  const { file, inspector, trouble } = await openAtFile(engine, page, 'h264-aac-gop2.mp4')
  await inspector.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Works even when the file is gone; needs about')
  await dialog.getByText('Keep a copy').click()
  await expect(dialog.getByRole('checkbox', { name: /^Keep a copy/ })).toBeChecked()
  await dialog.getByRole('button', { name: /^Create link/ }).click()
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(inspector).toContainText('copy kept')
  const { data } = await engine.call<{ data: Share[] }>('GET', '/share')
  expect(data[0]).toMatchObject({ file_id: file.id, keep_copy: true })

  await page.getByRole('button', { name: 'Storage' }).click()
  const kept = dialog.getByRole('listitem').filter({ hasText: 'Kept copies' })
  await expect(kept).toContainText('1 copy')
  // A copy that a share plays from is nothing to be cleared.
  await expect(kept.getByRole('button')).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Clear converted' })).toBeDisabled()
  expect(trouble).toEqual([])
})
