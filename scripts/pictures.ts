import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium, type Page } from 'playwright/test'
import { startBuiltEngine } from '../e2e/engine.ts'
import type { File } from '../src/shared/api/file.ts'
import { chromiumPath } from './ensure-chromium.ts'

/**
 * Takes the pictures of README from the built Matinee over a folder of media:
 * `node scripts/pictures.ts FOLDER [OUT]`. The film whose name comes last is shown and shared.
 */
const [folder, out = resolve(import.meta.dirname, '../docs/pictures')] = process.argv.slice(2)
if (!folder) throw new Error('usage: node scripts/pictures.ts FOLDER [OUT]')
mkdirSync(out, { recursive: true })

const SIZES = {
  wide: { width: 1280, height: 800 },
  small: { width: 900, height: 600 },
  phone: { width: 390, height: 844 },
}
type Size = keyof typeof SIZES

const engine = await startBuiltEngine({ args: ['--library', resolve(folder)] })
const executablePath = chromiumPath()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})

async function open(size: Size, colorScheme: 'dark' | 'light', url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
  const page = await context.newPage()
  await page.goto(url)
  return page
}
const shoot = async (page: Page, name: string): Promise<void> => {
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.screenshot({ path: join(out, `${name}.png`) })
}
const launchUrl = async (): Promise<string> => (await engine.call<{ url: string }>('POST', '/launch')).url

/** Everything read, every picture made. */
async function readAll(): Promise<File[]> {
  for (;;) {
    const { data } = await engine.call<{ data: File[] }>('GET', '/files?limit=100&order=filename&sort=asc')
    const isDone = (file: File): boolean =>
      file.status === 'failed' ||
      (file.status === 'completed' && (file.media_type === 'audio' || Boolean(file.thumbnail_url)))
    if (data.length > 0 && data.every(isDone)) return data
  }
}

const files = await readAll()
const playable = files.filter((file) => file.playable)
const film = playable.filter((file) => file.media_type === 'video').at(-1)
const song = playable.find((file) => file.media_type === 'audio')
if (!film) throw new Error('no playable film in the folder')
const share = await engine.share(film.id, { description: 'Filmed from the terrace, in one go.' })
if (song) await engine.share(song.id)

for (const theme of ['dark', 'light'] as const) {
  for (const size of ['wide', 'small'] as const) {
    const page = await open(size, theme, await launchUrl())
    await page.getByRole('gridcell').filter({ hasText: film.filename }).click()
    await page
      .getByText('Shares of this file')
      .waitFor()
      .catch(() => undefined)
    await shoot(page, `manager-${size}-${theme}`)
    await page.goto(`${engine.apiUrl}/#/shares`)
    await page.getByRole('row').first().waitFor()
    await shoot(page, `shares-${size}-${theme}`)
    await page.context().close()
  }
  for (const size of ['wide', 'phone'] as const) {
    const page = await open(size, theme, share.share_url)
    await page.getByRole('button', { name: /^play/i }).first().click()
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 1)
    await page.mouse.move(400, 300)
    await shoot(page, `share-page-${size}-${theme}`)
    await page.context().close()
  }
}
await browser.close()
await engine.stop()
