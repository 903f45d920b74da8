import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, playsPast, seekAndPlay } from './watch.ts'

const PASSWORD = 'walking notes'
/** A page asks for new addresses after ten minutes. */
const LATER_MS = 11 * 60_000

/** What of an address a request is admitted by. */
const tokenIn = (url: string): string | undefined => /\/stream\/([^/]+)\//.exec(url)?.[1]

test('a page of a private share that is left open plays on by new addresses: picture, captions and storyboard', async ({
  engine,
  page,
}) => {
  const path = join(engine.dataDir, 'All night.mp4')
  copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
  writeFileSync(join(engine.dataDir, 'All night.en.srt'), '1\n00:00:00,000 --> 00:01:00,000\nStill here\n')
  const share = await engine.share((await engine.addFile(path)).id, { visibility: 'private' })
  await engine.call('POST', '/members', { name: 'Eve', password: PASSWORD })
  const trouble = collectTrouble(page)
  const asked: string[] = []
  page.on('request', (it) => asked.push(it.url()))

  await page.clock.install()
  await page.goto(share.share_url)
  await page.getByLabel('Name').fill('Eve')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.locator('video')).toBeVisible()
  await expect.poll(() => asked.findLast((url) => url.endsWith('.m4s'))).toBeDefined()
  const opened = tokenIn(asked.findLast((url) => url.endsWith('.m4s')) ?? '')

  // Two that are told in the same ten seconds are the same.
  await expect
    .poll(
      () =>
        page.evaluate(async () => {
          const answer = await fetch(`${location.pathname}/playback`)
          return ((await answer.json()) as { stream_url: string }).stream_url
        }),
      { timeout: 20_000 },
    )
    .not.toContain(opened)
  // The answer to the sign-in form is a 401.
  trouble.length = 0
  const renewed = page.waitForResponse(
    (it) => it.url().endsWith('/playback') && it.request().method() === 'GET',
  )
  await page.clock.fastForward(LATER_MS)
  const fresh = tokenIn(((await (await renewed).json()) as { stream_url: string }).stream_url)
  expect(fresh).not.toBe(opened)

  asked.length = 0
  await page.locator('video').evaluate((it: HTMLVideoElement) => {
    it.muted = true
    return it.play()
  })
  await playsPast(page, 0.5)
  await seekAndPlay(page, 7)
  await page.keyboard.press('c')
  await expect(page.locator('.captions__cue')).toHaveText('Still here')
  const bar = page.getByRole('slider', { name: 'Seek' })
  await expect(async () => {
    for (const x of [100, 110]) await bar.hover({ position: { x, y: 4 } })
    await expect(page.locator('.hint__picture img')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
  const kinds = ['.m4s', '.vtt', '.jpg']
  for (const kind of kinds) {
    const tokens = asked.filter((url) => url.endsWith(kind) && tokenIn(url) !== undefined).map(tokenIn)
    expect(new Set(tokens), kind).toEqual(new Set([fresh]))
  }
  expect(trouble).toEqual([])
})
