import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, currentTime, playsPast } from './watch.ts'

/** Paths of the share listener that the page has asked for. Collect before `goto`. */
function requested(page: Page): string[] {
  const paths: string[] = []
  page.on('request', (request) => paths.push(new URL(request.url()).pathname))
  return paths
}
const isPaused = (page: Page): Promise<boolean> =>
  page.locator('video').evaluate((it) => (it as HTMLVideoElement).paused)
const clickPlay = (page: Page) => page.getByRole('button', { name: /^play/i }).first().click()

test('a moment link plays from a to b, pauses there, and offers the way back; it never forces', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-aac-gop2.mp4'))
  const share = await engine.share(file.id)
  const trouble = collectTrouble(page)
  await page.goto(`${share.share_url}?s=2&e=3`)
  const back = page.getByRole('button', { name: 'Back to moment 0:02–0:03' })
  await expect(back).toBeHidden()
  await clickPlay(page)
  await playsPast(page, 2.3)
  expect(await currentTime(page)).toBeLessThan(3.1)
  await expect.poll(() => isPaused(page), { timeout: 20_000 }).toBe(true)
  expect(Math.abs((await currentTime(page)) - 3)).toBeLessThan(0.1)
  await expect(back).toBeVisible()
  await expect(page.locator('#copy')).toHaveText(/to this moment/)

  // Playing on goes on, past the end.
  await page.locator('video').evaluate((it) => (it as HTMLVideoElement).play())
  await playsPast(page, 3.6)
  await expect(page.locator('#copy')).toHaveText(/at 0:(0[3-9]|1\d)/)

  await back.click()
  await expect(back).toBeHidden()
  // A slow machine may have played the second of it before it is looked at.
  await expect.poll(() => isPaused(page), { timeout: 20_000 }).toBe(true)
  expect(Math.abs((await currentTime(page)) - 3)).toBeLessThan(0.1)

  // Scrubbing away is going away.
  await back.click()
  await page.locator('video').evaluate((it) => ((it as HTMLVideoElement).currentTime = 5))
  await expect(back).toBeVisible()
  await playsPast(page, 5.3)
  expect(await isPaused(page)).toBe(false)
  expect(trouble).toEqual([])
})

test('S5: a hard clip is the whole bar, and nothing outside of it is asked for', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-aac-gop10.mp4'))
  const share = await engine.share(file.id)
  const trouble = collectTrouble(page)
  const paths = requested(page)
  await page.goto(`${share.share_url}?s=0:02&e=0:04&clip=hard`)
  await clickPlay(page)
  await playsPast(page, 0.3)
  const seek = page.getByRole('slider', { name: 'Seek' })
  expect(Number(await seek.getAttribute('aria-valuemax'))).toBeCloseTo(2, 0)
  await expect
    .poll(() => page.locator('video').evaluate((it) => (it as HTMLVideoElement).ended), { timeout: 20_000 })
    .toBe(true)
  const duration = await page.locator('video').evaluate((it) => (it as HTMLVideoElement).duration)
  expect(Math.abs(duration - 2)).toBeLessThan(0.1)

  // All media came by tokens of the window; the share's own address was never used.
  const media = paths.filter((path) => /^\/(stream|poster|download)\//.test(path))
  expect(media.some((path) => path.endsWith('.m4s'))).toBe(true)
  for (const path of media) {
    const token = path.split('/')[2] ?? ''
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    expect(claims, path).toContain(`${share.id}~`)
    expect(claims, path).toContain('~2~4~')
  }
  await expect(page.locator('#copy')).toHaveText(/to this clip/)
  const download = page.locator('#download')
  expect(await download.getAttribute('href')).toMatch(/^\/download\/m1\./)
  expect(trouble).toEqual([])
})

test('a clip that this share cannot have is ignored: the page plays all of it', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-silent.mp4'))
  const share = await engine.share(file.id)
  for (const query of [
    's=500&e=600&clip=hard',
    's=3&e=2&clip=hard',
    's=x&e=y&clip=hard',
    'clip=hard',
    'e=3',
  ]) {
    const answer = await page.goto(`${share.share_url}?${query}`)
    expect(answer?.status(), query).toBe(200)
    await clickPlay(page)
    await playsPast(page, 0.1)
    const duration = await page.locator('video').evaluate((it) => (it as HTMLVideoElement).duration)
    expect(Math.abs(duration - (file.media_info.duration_seconds ?? 0)), query).toBeLessThan(0.2)
  }
})

test('the share of a segment plays in its page as a film of its own', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-aac.mkv'))
  const segment = await engine.call<{ id: string }>('POST', `/files/${file.id}/segments`, {
    ...{ start_time: 1.5, end_time: 3.5, name: 'The middle' },
  })
  const share = await engine.share(file.id, { file_segment_id: segment.id })
  expect(share.status).toBe('completed')
  const trouble = collectTrouble(page)
  await page.goto(`${share.share_url}?s=1&e=1.5`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The middle')
  await clickPlay(page)
  await playsPast(page, 1.1)
  const duration = await page.locator('video').evaluate((it) => (it as HTMLVideoElement).duration)
  expect(Math.abs(duration - 2)).toBeLessThan(0.1)
  await expect.poll(() => isPaused(page), { timeout: 20_000 }).toBe(true)
  expect(trouble).toEqual([])
})
