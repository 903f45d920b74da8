import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { openSection } from './player-menu.ts'
import { collectTrouble, currentTime, playsPast } from './watch.ts'

const bar = (page: Page) => page.getByRole('slider', { name: 'Seek' })

async function openStill(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.1)
  await page.keyboard.press('k')
  await page.keyboard.press('0')
  await expect.poll(() => currentTime(page)).toBe(0)
}

/** Moves the pointer over the bar, at a part of it. */
async function pointAt(page: Page, part: number): Promise<void> {
  const { x, y, width, height } = (await bar(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await page.mouse.move(x + width * part, y + height / 2)
}

/** The mean colour of what the browser shows of an element: red, green, blue. */
async function colourOf(page: Page, selector: string): Promise<number[]> {
  const png = await page.locator(selector).screenshot()
  const other = await page.context().newPage()
  const colour = await other.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    context?.drawImage(
      image,
      image.width / 4,
      image.height / 4,
      image.width / 2,
      image.height / 2,
      0,
      0,
      1,
      1,
    )
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3)
  }, png.toString('base64'))
  await other.close()
  return colour
}

/** Which of the three is strongest. */
const strongest = ([red = 0, green = 0, blue = 0]: number[]): string =>
  red > Math.max(green, blue) ? 'red' : green > blue ? 'green' : 'blue'

test('the chapters divide the bar, are named in its words and over the pointer, and are jumped to', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('around.mkv'))
  const share = await engine.share(file.id, { description: 'With chapters' })
  const trouble = collectTrouble(page)
  await openStill(page, share.share_url)
  await expect(bar(page)).toHaveAttribute('aria-valuetext', /, Opening$/)
  expect(
    await page.locator('.player__seek .slider__track').evaluate((it) => getComputedStyle(it).maskImage),
  ).toMatch(/calc\((29\.9\d*|30)% - 1\.5px\), .*calc\(7[45]/)

  await pointAt(page, 0.5)
  await expect(page.locator('.hint__text')).toHaveText('Mitte & Ende; "so"0:05')

  // The list below the player, which are links as well.
  const list = page.getByRole('navigation', { name: 'Chapters' })
  await expect(list.getByRole('link')).toHaveText(['0:00Opening', '0:03Mitte & Ende; "so"', '0:07Closing'])
  await list.getByRole('link', { name: 'Mitte' }).click()
  await playsPast(page, 3)
  await page.keyboard.press('k')
  expect(await currentTime(page)).toBeLessThan(7)
  await expect(list.locator('[aria-current]')).toHaveText(/Mitte/)

  // The name in the controls opens the same list, by keys.
  const name = page.getByRole('button', { name: /^Chapters, Mitte/ })
  await name.focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu', { name: 'Chapters' })
  await expect(menu.getByRole('menuitemradio', { checked: true })).toHaveText(/Mitte/)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(menu).toBeHidden()
  await expect.poll(() => currentTime(page)).toBeCloseTo(7.5, 1)
  await expect(page.getByRole('button', { name: 'Chapters, Closing' })).toBeFocused()
  expect(trouble).toEqual([])
})

test('a link to a chapter starts there without a script of ours', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('around.mp4'))
  const share = await engine.share(file.id)
  await page.goto(share.share_url)
  const link = page.getByRole('navigation', { name: 'Chapters' }).getByRole('link', { name: 'Closing' })
  await page.goto(new URL((await link.getAttribute('href')) ?? '', page.url()).href)
  await page.getByRole('button', { name: 'Play from 7 seconds' }).click()
  await playsPast(page, 7.5)
})

test('over the bar is the picture of the place: by pointer and by keys', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('colours.mp4'))
  const share = await engine.share(file.id)
  await openStill(page, share.share_url)
  const picture = page.locator('.hint__picture')
  // The pictures are made when they are first asked for.
  await expect(async () => {
    await pointAt(page, 0.5)
    await pointAt(page, 0.52)
    await expect(picture.locator('img')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
  const seen = async (): Promise<string> => strongest(await colourOf(page, '.hint__picture'))
  await expect.poll(seen).toBe('green')
  await pointAt(page, 0.1)
  await expect.poll(seen).toBe('red')
  await pointAt(page, 0.9)
  await expect.poll(seen).toBe('blue')

  await page.mouse.move(0, 0)
  await bar(page).focus()
  await page.keyboard.press('Home')
  await expect.poll(seen).toBe('red')
  await page.keyboard.press('ArrowRight')
  await expect.poll(seen).toBe('blue')
})

test('sound is sought on its waveform, which is coloured as far as it was played', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('cover.m4a'))
  const share = await engine.share(file.id)
  await openStill(page, share.share_url)
  const waves = page.locator('.wave path')
  await expect(waves).toHaveCount(2, { timeout: 30_000 })
  expect(await waves.first().getAttribute('d')).toMatch(/^(M[\d.]+ [\d.]+v[\d.]+){50,}$/)

  const { x, y, width, height } = (await bar(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  expect(height).toBeGreaterThanOrEqual(80)
  await page.mouse.click(x + width / 2, y + 10)
  const durationS = await page.locator('audio').evaluate((it) => (it as HTMLAudioElement).duration)
  await expect.poll(() => currentTime(page)).toBeCloseTo(durationS / 2, 0)
  const clip = await page.locator('.wave__lines--played').evaluate((it) => (it as SVGElement).style.clipPath)
  expect(Number(/inset\(0(?:px)? ([\d.]+)%/.exec(clip)?.[1])).toBeCloseTo(50, -1)
  // The chapters of a song are in the settings where there is no room for their name.
  await page.setViewportSize({ width: 390, height: 844 })
  const menu = await openSection(page, 'Chapters')
  await expect(menu.getByRole('menuitemradio', { checked: true })).toHaveText(/Mitte/)
})
