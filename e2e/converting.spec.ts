import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { File } from '../src/shared/api/file.ts'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { buffered, collectTrouble, currentTime, playsPast, seekAndPlay } from './watch.ts'

/* A film that no browser plays, from the click to its last segment. */

/** A film of minutes with open GOPs: encoding it takes longer than looking at the page. Shared, and not waited for. */
async function shareOf(engine: RunningEngine, times: number): Promise<{ file: File; share: Share }> {
  const path = join(mkdtempSync(join(engine.dataDir, 'converted-')), 'Ridge walk.mp4')
  const source = ['-stream_loop', String(times - 1), '-i', testMedia('h264-opengop.mp4')]
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...source, '-c', 'copy', path])
  const file = await engine.addFile(path)
  expect(file).toMatchObject({ playable: true, delivery: 'transcode' })
  return { file, share: await engine.call<Share>('POST', '/share', { file_id: file.id }) }
}

const statusOf = async (engine: RunningEngine, id: string): Promise<Share['status']> =>
  (await engine.call<Share>('GET', `/share/${id}`)).status

const play = (page: Page) => page.getByRole('button', { name: /^play/i }).first().click()

test('a film that is converted plays while that goes on, also far ahead, and has its buttons when it is done', async ({
  engine,
  page,
}) => {
  test.setTimeout(240_000)
  const { file, share } = await shareOf(engine, 20)
  const durationS = file.media_info.duration_seconds ?? 0
  await expect.poll(() => statusOf(engine, share.id)).toBe('processing')
  const trouble = collectTrouble(page)
  await page.goto(share.share_url)
  const note = page.getByText(/preparing, \d+ %$/)
  await expect(note).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeHidden()
  await play(page)
  await playsPast(page, 0.5)
  expect(await statusOf(engine, share.id)).toBe('processing')
  await seekAndPlay(page, durationS * 0.9)
  await seekAndPlay(page, durationS * 0.4)

  await expect.poll(() => statusOf(engine, share.id), { timeout: 200_000 }).toBe('completed')
  await expect(note).toBeHidden()
  await expect(page.getByRole('button', { name: /Copy link/ })).toBeVisible()
  await expect(page.getByRole('link', { name: /Download/ })).toBeVisible()
  await seekAndPlay(page, durationS - 2)
  expect((await buffered(page)).length).toBeGreaterThan(0)
  expect(trouble).toEqual([])
})

test('in a frame the player alone says how far preparing is, and hides that with its controls', async ({
  engine,
  page,
}) => {
  // Another length is another content: that of the test before is there already.
  const { share } = await shareOf(engine, 24)
  await expect.poll(() => statusOf(engine, share.id)).toBe('processing')
  await page.goto(`${share.share_url}?layout=minimal`)
  const note = page.getByText(/^Preparing, \d+ %$/)
  await expect(note).toBeVisible()
  await play(page)
  await playsPast(page, 0.5)
  await page.mouse.move(0, 0)
  await expect(note).toHaveCSS('opacity', '0')
  expect(await currentTime(page)).toBeGreaterThan(0.5)
  await engine.call('DELETE', `/share/${share.id}`)
})
