import { testMedia } from '../scripts/test-media.ts'
import type { Share } from '../src/shared/api/share.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'
import { serveSite } from './sites.ts'

const CHAT = { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' }

/** What a chat is told at an address: the status, and the tags by name. */
async function readAsChat(url: string): Promise<{ status: number; tags: Record<string, string> }> {
  const answer = await fetch(url, { headers: CHAT })
  const found = (await answer.text()).matchAll(/<meta property="([^"]*)" content="([^"]*)">/g)
  return {
    status: answer.status,
    tags: Object.fromEntries([...found].map(([, name = '', content = '']) => [name, content])),
  }
}
const statusOf = async (url = ''): Promise<number> => (await fetch(url)).status

test('S1: what chats show of a private share is chosen when it is made, and taken back at once', async ({
  engine,
  page,
  browser,
}) => {
  await engine.addFile(testMedia('h264-aac-gop2.mp4'))
  const trouble = await openManager(engine, page)
  await page.getByRole('gridcell').first().click()
  await page.getByRole('complementary').getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().fill('Over the ridge')
  const choice = dialog.getByRole('radiogroup', { name: 'What chats show of its link' })
  await expect(choice).toBeHidden()
  await dialog.getByRole('radio', { name: /^Private/ }).press('ArrowRight')
  await dialog.getByRole('radio', { name: /^Public/ }).press('ArrowRight')
  await expect(choice.getByRole('radio', { name: 'Nothing' })).toBeChecked()
  await choice.getByText('A card that plays').click()
  await expect(choice).toContainText('without signing in')
  await dialog.getByRole('button', { name: 'Create private share' }).click()
  await dialog.getByRole('button', { name: 'Done' }).click()
  const { data } = await engine.call<{ data: Share[] }>('GET', '/share?visibility=private')
  const share = data.find((it) => it.title === 'Over the ridge')
  if (!share) throw new Error('the share is not in the list')
  expect(share.link_preview).toBe('player')

  await expect
    .poll(async () => (await readAsChat(share.share_url)).tags, { timeout: 30_000 })
    .toMatchObject({
      ...{ 'og:title': 'Over the ridge', 'og:image:width': '1200', 'og:video:type': 'video/mp4' },
    })
  const { 'og:video': film = '', 'og:image': picture = '' } = (await readAsChat(share.share_url)).tags

  await test.step('the film of the card plays in a page elsewhere', async () => {
    const site = await serveSite(() => ({
      type: 'text/html',
      body: `<video muted autoplay src="${film}"></video>`,
    }))
    const elsewhere = await browser.newPage()
    await elsewhere.goto(site.origin)
    const at = () => elsewhere.locator('video').evaluate((it: HTMLVideoElement) => it.currentTime)
    await expect.poll(at).toBeGreaterThan(0.3)
    await elsewhere.close()
    site.close()
  })
  await test.step('a person sees nothing of it', async () => {
    const stranger = await browser.newPage()
    expect((await stranger.goto(share.share_url))?.status()).toBe(401)
    expect(await stranger.content()).not.toMatch(/Over the ridge|og:/)
    await stranger.close()
  })
  await test.step('less is shown as soon as it is saved', async () => {
    await page.goto(`${engine.apiUrl}/#/shares`)
    await page.getByRole('row').filter({ hasText: 'Over the ridge' }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: /^Edit/ }).click()
    await choice.getByText('Nothing').click()
    await expect(choice).toContainText('a chat may keep what it has shown')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()
    expect(await readAsChat(share.share_url)).toEqual({ status: 401, tags: {} })
    expect([await statusOf(film), await statusOf(picture)]).toEqual([403, 403])
  })
  expect(trouble).toEqual([])
})
