import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { FileSegment } from '../src/shared/api/segment.ts'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { openManager } from './manager.ts'
import { currentTime, playsPast, seekAndPlay } from './watch.ts'

/* Parts of files in the file manager: marked in the preview by keys, by typing, kept as segments, shared, split. */

const FRAME_S = 1 / 30

const card = (page: Page, name: string) => page.getByRole('gridcell').filter({ hasText: name })
const inspector = (page: Page) => page.getByRole('complementary')
const listOf = async (engine: RunningEngine, fileId: string): Promise<FileSegment[]> =>
  (await engine.call<{ data: FileSegment[] }>('GET', `/files/${fileId}/segments`)).data

/** Opens the player of a file in the inspector, paused. */
async function openPlayer(page: Page, name: string): Promise<void> {
  await card(page, name).click()
  await inspector(page).getByRole('button', { name: 'Clip', exact: true }).click()
  await playsPast(page, 0.1)
  await page.keyboard.press('k')
  await expect(page.getByRole('region', { name: 'Clip' })).toBeVisible()
}

/** Waits until the player has played from `startS` to `endS` (seconds, within a tenth) and stands still. */
const hasPlayed = (page: Page, startS: number, endS: number): Promise<void> =>
  expect
    .poll(
      () =>
        page.locator('video').evaluate(
          ({ paused, played }: HTMLVideoElement, [from, to]) => ({
            isPaused: paused,
            isPlayed: Array.from(
              { length: played.length },
              (_, at) => played.start(at) < from && played.end(at) > to,
            ).includes(true),
          }),
          [startS + 0.1, endS - 0.1] as const,
        ),
      { timeout: 20_000 },
    )
    .toEqual({ isPaused: true, isPlayed: true })

/** The time in one of the two fields, in seconds. */
async function fieldS(page: Page, label: 'In' | 'Out'): Promise<number> {
  const [minutes = 0, seconds = 0] = (await page.getByRole('textbox', { name: label }).inputValue())
    .split(':')
    .map(Number)
  return minutes * 60 + seconds
}

test('marked by keys to the picture, shared, and the link plays exactly that', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-aac-gop2.mp4'))
  const trouble = await openManager(engine, page)
  await openPlayer(page, file.filename)
  await seekAndPlay(page, 2.5)
  await page.keyboard.press('k')
  // A player that is stopped may still show pictures that were on their way; a step ends that.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('i')
  const inS = await fieldS(page, 'In')
  // On by one second and three pictures; the picture that is seen is the last one of the clip.
  await page.keyboard.press('Shift+ArrowRight')
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight')
  await expect.poll(() => currentTime(page)).toBeGreaterThan(inS + 1 + 3 * FRAME_S - 0.001)
  await page.keyboard.press('o')
  const outS = await fieldS(page, 'Out')
  expect(outS - inS).toBeCloseTo(1 + 4 * FRAME_S, 2)
  await expect(inspector(page)).toContainText('Length 1.1 s')
  await expect(inspector(page)).toContainText(/Exact, (about|ready)/)

  await inspector(page).getByRole('button', { name: 'Share clip' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('1.1 s')
  await dialog.getByRole('button', { name: /^Create link/ }).click()
  await expect(page.getByRole('dialog', { name: 'Link copied' })).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(inspector(page).getByRole('heading', { name: 'Segments 1' })).toBeVisible()
  const [segment] = await listOf(engine, file.id)
  expect(segment).toMatchObject({ start_time: inS, end_time: outS })
  expect(trouble).toEqual([])

  await page.goto(link)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await expect
    .poll(() => page.locator('video').evaluate((it) => (it as HTMLVideoElement).duration))
    .toBeCloseTo(outS - inS, 1)
})

test('typed times are read in every way people write them, and refused with the reason', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-aac-gop10.mp4'))
  await openManager(engine, page)
  await openPlayer(page, file.filename)
  const start = page.getByRole('textbox', { name: 'In' })
  const end = page.getByRole('textbox', { name: 'Out' })
  await start.fill('0h0m3.5s')
  await start.press('Enter')
  await expect(start).toHaveValue('0:03.500')
  await end.fill('0:05.25')
  await end.press('Tab')
  await expect(end).toHaveValue('0:05.250')
  await expect(inspector(page)).toContainText('Length 1.8 s')

  await end.fill('2')
  await end.press('Enter')
  await expect(inspector(page).getByRole('alert')).toContainText('A clip ends behind its beginning.')
  await end.fill('9:59')
  await end.press('Enter')
  await expect(inspector(page).getByRole('alert')).toContainText('The file ends at')
  await start.fill('soon')
  await start.press('Enter')
  await expect(inspector(page).getByRole('alert')).toContainText('1h2m3s')
  await expect(start).toHaveValue('0:03.500')

  // It plays to the end of the clip, and stands on its last picture.
  await inspector(page).getByRole('button', { name: 'Play clip' }).click()
  await hasPlayed(page, 3.5, 5.25)
  await expect.poll(() => currentTime(page)).toBeGreaterThan(5.25 - FRAME_S)
  expect(await currentTime(page)).toBeLessThan(5.25 + FRAME_S)

  await inspector(page).getByRole('button', { name: 'Clear the marks' }).click()
  await expect(start).toHaveValue('')
})

test('segments are kept, named, played, deleted and brought back; one that is shared stays and says why', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-two-audio.mp4'))
  await openManager(engine, page)
  await openPlayer(page, file.filename)
  await page.getByRole('textbox', { name: 'Out' }).fill('1.5')
  await page.keyboard.press('Enter')
  await inspector(page).getByRole('button', { name: 'Save' }).click()
  await page.getByRole('textbox', { name: 'Name of the segment' }).fill('The opening')
  await page.keyboard.press('Enter')
  const row = page.getByRole('region', { name: 'Segments' }).getByRole('listitem')
  await expect(row).toContainText('0:00.0 – 0:01.5 · 1.5 s')
  await row.getByRole('button', { name: /^Play The opening/ }).click()
  await hasPlayed(page, 0, 1.5)
  await expect.poll(() => currentTime(page)).toBeLessThan(1.5)

  await row.getByRole('button', { name: /^Play The opening/ }).press('Delete')
  await expect(row).toBeHidden()
  expect(await listOf(engine, file.id)).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toBeVisible()

  const [segment] = await listOf(engine, file.id)
  const share = await engine.call<Share>('POST', '/share', {
    file_id: file.id,
    file_segment_id: segment?.id,
  })
  await expect(row.getByRole('button', { name: 'Show the share of The opening' })).toBeVisible()
  await row.getByRole('button', { name: /^Play The opening/ }).press('Delete')
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('shared')
  await expect(row).toBeVisible()
  await row.getByRole('button', { name: 'Show the share of The opening' }).click()
  await expect(page.getByRole('dialog').getByTitle(share.share_url)).toBeVisible()
})

test('a file is split evenly and into scenes, and all of it is taken back at once', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-2997.mp4'))
  await openManager(engine, page)
  await card(page, file.filename).click()
  const split = async (how: string): Promise<void> => {
    await inspector(page).getByRole('button', { name: 'Split', exact: true }).click()
    await page.getByRole('menuitem', { name: how }).click()
  }
  await split('Split evenly…')
  await page.getByRole('textbox', { name: 'Length of each part' }).fill('1')
  await page.keyboard.press('Enter')
  const parts = Math.ceil((file.media_info.duration_seconds ?? 0) - 0.001)
  await expect(inspector(page).getByRole('heading', { name: `Segments ${parts}` })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(inspector(page)).toContainText('None yet.')

  await split('Split into scenes…')
  await page.getByRole('button', { name: 'Look for scenes' }).click()
  await expect(inspector(page).getByRole('heading', { name: /^Segments \d+$/ })).toBeVisible()
  await split('Remove the')
  await expect(inspector(page)).toContainText('None yet.')
})
