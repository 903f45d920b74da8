import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { Member } from '../src/shared/api/member.ts'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, playsPast } from './watch.ts'

const PASSWORD = 'walking notes'

async function shareFilm(engine: RunningEngine, name: string, more: object): Promise<Share> {
  const path = join(engine.dataDir, name)
  copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
  return engine.share((await engine.addFile(path)).id, more)
}

const play = (page: Page): Promise<unknown> =>
  page.locator('video').evaluate((it: HTMLVideoElement) => {
    it.muted = true
    it.loop = true
    return it.play()
  })

test('a member signs in from the link and it plays, until they are removed', async ({ engine, browser }) => {
  const share = await shareFilm(engine, 'For members.mp4', { visibility: 'private', title: 'For members' })
  const member = await engine.call<Member>('POST', '/members', { name: 'Ada', password: PASSWORD })
  const page = await browser.newPage()
  const trouble = collectTrouble(page)
  const link = `${share.share_url}?s=2`

  await test.step('S33: a wrong password is told, the right one leads back to the very link', async () => {
    expect((await page.goto(link))?.status()).toBe(401)
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('not this')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText('don’t match')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL(link)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('For members')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false })
  })
  await play(page)
  await playsPast(page, 2.5)
  // Answers of 401 to the pages before are no trouble.
  trouble.length = 0
  const token = await page.evaluate(async () => {
    const { stream_url } = (await (await fetch(`${location.pathname}/playback`)).json()) as {
      stream_url: string
    }
    return stream_url
  })

  await test.step('removed, they see nothing more: the stream stops at once, the page within moments', async () => {
    await engine.call('DELETE', `/members/${member.id}`)
    expect((await fetch(new URL(token, engine.shareUrl))).status).toBe(403)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to watch')
    await expect(page.locator('video')).toHaveCount(0)
    await expect(page).toHaveURL(link)
  })
  await page.context().close()
})

test('the eye shows what is typed, by keyboard too; without any script the form signs in as well', async ({
  engine,
  browser,
}) => {
  const share = await shareFilm(engine, 'Typed.mp4', { visibility: 'private', title: 'Typed right' })
  await engine.call<Member>('POST', '/members', { name: 'Cleo', password: PASSWORD })
  const signIn = async (page: Page, look: () => Promise<void>): Promise<void> => {
    await page.goto(share.share_url)
    await page.getByLabel('Name').fill('Cleo')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await look()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Typed right')
    await page.context().close()
  }
  const page = await browser.newPage()
  await signIn(page, async () => {
    const field = page.getByLabel('Password', { exact: true })
    const eye = page.getByRole('button', { name: 'Show the password' })
    await page.keyboard.press('Tab')
    await expect(eye).toBeFocused()
    await page.keyboard.press('Space')
    await expect(eye).toHaveAttribute('aria-pressed', 'true')
    await expect(field).toHaveAttribute('type', 'text')
    await page.keyboard.press('Space')
    await expect(field).toHaveAttribute('type', 'password')
  })
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await signIn(plain, () => expect(plain.getByRole('button', { name: 'Show the password' })).toBeHidden())
})

test('somebody who is invited chooses a password and is in', async ({ engine, browser }) => {
  const share = await shareFilm(engine, 'For guests.mp4', { visibility: 'private', title: 'For guests' })
  const { url } = await engine.call<{ url: string }>('POST', '/invites', { name: 'Ben' })
  const page = await browser.newPage()
  await page.goto(url)
  await expect(page.getByRole('heading')).toHaveText('You are invited')
  await expect(page.getByLabel('Name')).toHaveValue('Ben')
  await page.getByLabel(/^Password/).fill(PASSWORD)
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByText('As Ben.')).toBeVisible()
  await page.goto(share.share_url)
  await expect(page.getByText('Signed in as Ben')).toBeVisible()
  await play(page)
  await playsPast(page, 0.5)
  await page.getByRole('link', { name: 'Sign out…' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('heading')).toHaveText('Sign in')
  expect((await page.goto(share.share_url))?.status()).toBe(401)
  await page.context().close()
})

test('a share with a password asks for it and plays then, in that browser alone', async ({
  engine,
  browser,
}) => {
  const share = await shareFilm(engine, 'Locked.mp4', { title: 'Behind a word', password: 'open sesame' })
  const page = await browser.newPage()
  await page.goto(share.share_url)
  await expect(page.getByRole('heading')).toHaveText('This link has a password')
  expect(await page.content()).not.toContain('Behind a word')
  await page.getByLabel('Password', { exact: true }).fill('open sesame')
  await page.getByRole('button', { name: 'Watch' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Behind a word')
  await play(page)
  await playsPast(page, 0.5)
  const stranger = await browser.newPage()
  expect((await stranger.goto(share.share_url))?.status()).toBe(401)
  for (const it of [page, stranger]) await it.context().close()
})
