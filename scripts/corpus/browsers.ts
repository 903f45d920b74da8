import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'
import { playThrough, type Outcome, type PlayRequest } from '../../e2e/play-through.ts'
import { ensureChromium } from '../ensure-chromium.ts'

/** A browser that plays streams on the page at `page`, several at a time where it can. */
export interface PlayingBrowser {
  readonly name: string
  /** As it tells it. */
  readonly version: string
  /** Sound can be measured in it where there is no device that plays it. */
  readonly hears: boolean
  /** Plays one stream through, on a page of its own. */
  play(page: string, request: PlayRequest): Promise<Outcome>
  close(): Promise<void>
}

/** The first of these programs that the PATH has. */
export function programOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((it) => existsSync(it))
}

/** Opens the Chromium of the tests. Throws with how to install one where there is none. */
export async function openChromium(): Promise<PlayingBrowser> {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [
      // A system Chromium calls its maker at start; nothing here may leave the machine.
      ...['--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
      // Chromium's sandbox refuses root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  return {
    name: 'Chromium',
    version: browser.version(),
    hears: true,
    async play(address, request) {
      const page = await browser.newPage()
      try {
        await page.goto(address)
        return await page.evaluate(playThrough, request)
      } finally {
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}
