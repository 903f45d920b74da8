import { expect, type Page } from 'playwright/test'

/** What a page must not say while it plays. Collect before `goto`, look after. */
export function collectTrouble(page: Page): string[] {
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()} ${message.location().url}`)
  })
  return trouble
}

const media = (page: Page) => page.locator('video, audio').first()

/** Seconds the page's media element stands at. */
export const currentTime = (page: Page): Promise<number> =>
  media(page).evaluate((it) => (it as HTMLMediaElement).currentTime)

/** Waits until the media element has moved past `seconds`. */
export async function playsPast(page: Page, seconds: number): Promise<void> {
  await expect.poll(() => currentTime(page), { timeout: 20_000 }).toBeGreaterThan(seconds)
}

/** Seeks to `seconds` and waits until it has been shown and goes on playing there. */
export async function seekAndPlay(page: Page, seconds: number): Promise<void> {
  await media(page).evaluate(async (it, to) => {
    const element = it as HTMLMediaElement
    element.currentTime = to
    await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }))
    await element.play()
  }, seconds)
  await playsPast(page, seconds + 0.2)
}

/** The buffered ranges, in seconds. */
export const buffered = (page: Page): Promise<[number, number][]> =>
  media(page).evaluate((it) => {
    const ranges = (it as HTMLMediaElement).buffered
    return Array.from({ length: ranges.length }, (_, at): [number, number] => [
      ranges.start(at),
      ranges.end(at),
    ])
  })
