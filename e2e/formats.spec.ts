import { copyFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import {
  PACKAGED_MEDIA,
  PACKED_MEDIA,
  REMUXED_MEDIA,
  SEVERAL_SOUNDS_MEDIA,
} from '../scripts/accepted-media.ts'
import { testMedia } from '../scripts/test-media.ts'
import { createLimit } from '../src/main/base/limit.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { playThrough, servePlayers } from './play-through.ts'
import type { Site } from './sites.ts'

/*
 * Every test file that Matinee plays as it is, in a browser: it plays, and goes on playing after each of four seeks;
 * then all of it is loaded in one piece. One page plays several at a time.
 */

/** Files that play at the same time. */
const AT_ONCE = 4

let site: Site
test.beforeAll(async () => {
  site = await servePlayers()
})
test.afterAll(() => {
  site.close()
})

/** Address and length of a file's stream; of a copy of its own, since other specs share the same media. */
async function streamOf(engine: RunningEngine, dir: string, name: string) {
  const copy = join(dir, name)
  copyFileSync(testMedia(name), copy)
  const file = await engine.addFile(copy)
  expect(file.playable, `${name}: ${file.delivery_reason ?? file.failure?.message ?? ''}`).toBe(true)
  const { stream_url: url = '' } = await engine.share(file.id)
  return { url, durationS: file.media_info.duration_seconds ?? 0, isVideo: file.media_type === 'video' }
}

for (const [build, names] of [
  ['light', [...REMUXED_MEDIA, ...PACKED_MEDIA, ...PACKAGED_MEDIA]],
  ['full', SEVERAL_SOUNDS_MEDIA],
] as const) {
  test(`each of ${names.length} files plays in Chromium by hls.js (${build}), also after four seeks, and in one piece`, async ({
    engine,
    page,
  }) => {
    test.setTimeout(240_000)
    const dir = mkdtempSync(join(engine.dataDir, 'formats-'))
    await page.goto(`${site.origin}/${build}`)
    const limit = createLimit(AT_ONCE)
    await Promise.all(
      names.map((name) =>
        limit(async () => {
          const { url, durationS, isVideo } = await streamOf(engine, dir, name)
          const outcome = await page.evaluate(playThrough, { url, isHeard: false })
          expect.soft(outcome.errors, name).toEqual([])
          expect.soft(outcome.ranges, name).toHaveLength(1)
          expect.soft(Math.abs(outcome.durationS - durationS), `${name}: length`).toBeLessThan(0.3)
          expect.soft(outcome.width > 0, `${name}: picture`).toBe(isVideo)
        }),
      ),
    )
  })
}
