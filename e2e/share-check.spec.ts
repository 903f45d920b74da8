import { testMedia } from '../scripts/test-media.ts'
import type { ShareCheck } from '../src/shared/api/share-check.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'

test('a share is checked from its dialog: what was tried is told, way by way', async ({ engine, page }) => {
  test.slow()
  const file = await engine.addFile(testMedia('h264-aac-gop2.mp4'))
  const share = await engine.share(file.id, { visibility: 'private', title: 'For members' })
  const trouble = await openManager(engine, page)
  await page.goto(`${engine.apiUrl}/#/shares`)
  await page.getByRole('row').filter({ hasText: 'For members' }).click({ button: 'right' })
  const told = page.waitForResponse((it) => it.url().endsWith(`/share/${share.id}/check`))
  await page.getByRole('menuitem', { name: 'Check this share…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Check this share' })
  const result = (await (await told).json()) as ShareCheck
  await expect(dialog.getByRole('status')).toContainText(
    'It opens for those it is meant for, and for nobody else',
  )
  const rows = dialog.getByRole('list', { name: 'What was tried' }).getByRole('listitem')
  await expect(rows).toHaveCount(result.checks.length)
  for (const { what } of result.checks) await expect(rows.filter({ hasText: what }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  expect(trouble).toEqual([])
})
