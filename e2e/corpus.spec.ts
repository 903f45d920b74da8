import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChromium, type PlayingBrowser } from '../scripts/corpus/browsers.ts'
import { checkFile, newFaultsOf } from '../scripts/corpus/check.ts'
import { CORPUS, shortName, TESTED, withSources } from '../scripts/corpus/files.ts'
import { makeTestMedia } from '../scripts/make-media.ts'
import { hasTestMedia } from '../scripts/test-media.ts'
import { createLimit } from '../src/main/base/limit.ts'
import { resolveTools } from '../src/main/media/tools.ts'
import { expect, test } from './fixtures.ts'
import { servePlayers } from './play-through.ts'
import type { Site } from './sites.ts'

/* A cut of the corpus (docs/corpus.md): one file of each kind. `npm run corpus` plays all of them. */

/** Files that play at the same time. */
const AT_ONCE = 3

const files = CORPUS.filter((it) => TESTED.includes(shortName(it)))
const dir = mkdtempSync(join(tmpdir(), 'matinee-corpus-'))
let site: Site
let browser: PlayingBrowser

test.beforeAll(async () => {
  test.setTimeout(240_000)
  await makeTestMedia(withSources(files))
  site = await servePlayers()
  browser = await openChromium()
})
test.afterAll(async () => {
  await browser.close()
  site.close()
  rmSync(dir, { recursive: true })
})

test('the cut names files of the corpus', () => {
  expect(files.map(shortName).toSorted()).toEqual(TESTED.toSorted())
})

test(`each of ${TESTED.length} files of the corpus is delivered, played, heard and compared as it should be`, async ({
  engine,
}) => {
  test.setTimeout(240_000)
  const tools = await resolveTools(process.env)
  const limit = createLimit(AT_ONCE)
  await Promise.all(
    files
      .filter(({ name }) => hasTestMedia(name))
      .map((file) =>
        limit(async () => {
          const checked = await checkFile(
            { engine, tools, browsers: [browser], site: site.origin, dir },
            file,
          )
          expect.soft(newFaultsOf(checked), shortName(file)).toEqual([])
        }),
      ),
  )
})
