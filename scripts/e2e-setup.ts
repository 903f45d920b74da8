import { buildIfStale } from './build.mjs'
import { ensureChromium } from './ensure-chromium.ts'
import { makeTestMedia } from './make-media.ts'
import { openRunFolder } from './run-folder.ts'

/**
 * Gets ready what the browser tests drive, so that a bare `playwright test` works as well: build, browser, media. What
 * they leave behind goes when all have run.
 */
export default async function setup(): Promise<() => void> {
  ensureChromium()
  await Promise.all([buildIfStale(process.execPath), makeTestMedia()])
  return openRunFolder()
}
