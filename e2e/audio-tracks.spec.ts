import { copyFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { choose, openSection } from './player-menu.ts'
import { buffered, collectTrouble, currentTime, playsPast, seekAndPlay } from './watch.ts'

/** A share of a copy of its own, so that no other test on the same engine has shared the file already. */
async function shareOf(engine: RunningEngine, name: string) {
  const path = join(mkdtempSync(join(engine.dataDir, 'copy-')), name)
  copyFileSync(testMedia(name), path)
  const file = await engine.addFile(path)
  return { file, share: await engine.share(file.id) }
}

type Language = 'Deutsch' | 'English'

/** What listens to the page's media element, once it does. */
type Ear = { ear?: AnalyserNode }

/** The language whose tone is loudest in what the element plays: 440 Hz is German, 1 kHz is English. */
const heard = (page: Page): Promise<Language | 'nothing'> =>
  page
    .locator('video, audio')
    .first()
    .evaluate((media) => {
      const keeper = window as Ear
      if (!keeper.ear) {
        const context = new AudioContext()
        keeper.ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
        context.createMediaElementSource(media as HTMLMediaElement).connect(keeper.ear)
        keeper.ear.connect(context.destination)
      }
      const { ear } = keeper
      const levels = new Float32Array(ear.frequencyBinCount)
      ear.getFloatFrequencyData(levels)
      const levelAt = (hz: number): number =>
        levels[Math.round((hz * ear.fftSize) / ear.context.sampleRate)] ?? -Infinity
      const [german, english] = [levelAt(440), levelAt(1000)]
      if (Math.max(german, english) < -60) return 'nothing'
      return german > english ? 'Deutsch' : 'English'
    })

async function hears(page: Page, language: Language | 'nothing'): Promise<void> {
  await expect.poll(() => heard(page), { intervals: [50], timeout: 20_000 }).toBe(language)
}

const isPlaying = (page: Page): Promise<boolean> =>
  page
    .locator('video, audio')
    .first()
    .evaluate((it) => !(it as HTMLMediaElement).paused && !(it as HTMLMediaElement).ended)

async function openAndPlay(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.2)
}

for (const name of ['h264-two-audio.mp4', 'h264-two-audio.mkv', 'h264-two-audio.ts', 'two-audio.m4a']) {
  test(`the audio tracks of ${name} are chosen in the page: the right one is heard, at the same place`, async ({
    engine,
    page,
  }) => {
    const { file, share } = await shareOf(engine, name)
    const tracks = file.media_info.audio_tracks
    const nameOf = (language: string): string => tracks.find((it) => it.language === language)?.name ?? ''
    const first = tracks.find((it) => it.default)?.language === 'de' ? 'Deutsch' : 'English'
    const trouble = collectTrouble(page)
    await openAndPlay(page, share.share_url)
    await hears(page, first)
    const menu = await openSection(page, 'Audio track')
    await expect(menu.getByRole('menuitemradio')).toHaveText([nameOf('de'), nameOf('en')])
    await expect(menu.getByRole('menuitemradio', { checked: true })).toContainText(first)
    await page.keyboard.press('Escape')

    const [second, code] = first === 'English' ? (['Deutsch', 'de'] as const) : (['English', 'en'] as const)
    // Near the end of a Media Segment of 4 s: hls.js tidies up behind it while the next one is heard.
    await seekAndPlay(page, 3.4)
    const beforeS = await currentTime(page)
    await choose(page, 'Audio track', nameOf(code))
    await hears(page, second)
    expect(await currentTime(page)).toBeGreaterThanOrEqual(beforeS)
    expect(await isPlaying(page)).toBe(true)

    for (const toS of [5.5, 0.4, 4.2, 2.1]) {
      await seekAndPlay(page, toS)
      await hears(page, second)
    }
    // One range: the segments of both join without a hole.
    await expect.poll(async () => (await buffered(page)).length).toBe(1)
    expect(trouble).toEqual([])
  })
}

test('a comment on one scene is silent before and after it, and the film goes on', async ({
  engine,
  page,
}) => {
  const { share } = await shareOf(engine, 'h264-part-audio.mkv')
  await openAndPlay(page, share.share_url)
  await hears(page, 'English')
  await choose(page, 'Audio track', 'Deutsch')
  await hears(page, 'nothing')
  await seekAndPlay(page, 4.6)
  await hears(page, 'Deutsch')
  await playsPast(page, 9.5)
  expect(await heard(page)).toBe('nothing')
  await expect.poll(async () => (await buffered(page)).length).toBe(1)
})

test('the menu works by keys; with it comes the whole of hls.js, once, and in time', async ({
  engine,
  page,
}) => {
  const { share } = await shareOf(engine, 'h264-two-audio.mp4')
  const scripts: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname)
  })
  await openAndPlay(page, share.share_url)
  expect(scripts.filter((it) => /\/hls\b/.test(it))).toHaveLength(1)
  expect(scripts.filter((it) => /\/hls-/.test(it))).toHaveLength(1)

  await page.keyboard.press('k')
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  await page.getByRole('slider', { name: 'Volume' }).focus()
  await page.keyboard.press('Tab')
  expect(await focused()).toMatch(/^Speed/)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Settings')
  const atS = await currentTime(page)
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  // The arrows belong to the menu while it has the focus.
  expect(await currentTime(page)).toBe(atS)
  expect(await focused()).toBe('Settings')
  const menu = await openSection(page, 'Audio track')
  await expect(menu.getByRole('menuitemradio', { checked: true })).toContainText('Deutsch')
  await page.keyboard.press('Escape')
  await expect(menu).toBeHidden()
  await page.getByRole('button', { name: 'Play (k)' }).click()
  await hears(page, 'Deutsch')
})

test('a track that cannot be had ends playing with a sentence; tried again, it is the chosen one', async ({
  engine,
  page,
}) => {
  const { share } = await shareOf(engine, 'h264-two-audio.mp4')
  await openAndPlay(page, share.share_url)
  await hears(page, 'English')
  const german = /\/stream\/[^/]+\/1\/\d+\.m4s$/
  await page.route(german, (route) => route.fulfill({ status: 410 }))
  const beforeS = await currentTime(page)
  await choose(page, 'Audio track', /Deutsch/)
  await expect(page.getByRole('alert')).toContainText('The file is not there right now.')
  await page.unroute(german)
  await page.getByRole('button', { name: 'Try again' }).click()
  await hears(page, 'Deutsch')
  expect(await currentTime(page)).toBeGreaterThanOrEqual(beforeS)
  expect(await isPlaying(page)).toBe(true)
})

test('a film with one audio track has no menu', async ({ engine, page }) => {
  const { share } = await shareOf(engine, 'h264-aac-ac3.mkv')
  await openAndPlay(page, share.share_url)
  await hears(page, 'Deutsch')
  await expect(page.getByRole('button', { name: 'Settings' })).toBeHidden()
})

test('the owner chooses the audio track in the preview, and reads which there are', async ({
  engine,
  page,
}) => {
  await engine.addFile(testMedia('h264-two-audio.mkv'))
  await engine.addFile(testMedia('h264-aac-ac3.mkv'))
  await page.goto(engine.managerUrl)
  const inspector = page.getByRole('complementary')
  const card = (name: string) => page.getByRole('gridcell').filter({ hasText: name }).first()
  await card('h264-aac-ac3.mkv').click()
  await expect(inspector).toContainText('Left out: English (AC-3), which browsers cannot play.')
  await card('h264-two-audio.mkv').click()
  await expect(inspector).toContainText('Deutsch – Kommentar, English')
  await inspector.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.2)
  await hears(page, 'English')
  await choose(page, 'Audio track', /Deutsch/)
  // A slow machine may have reached the end of the film by now.
  await seekAndPlay(page, 0.4)
  await hears(page, 'Deutsch')
})
