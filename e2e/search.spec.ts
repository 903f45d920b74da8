import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test as base, type Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { File } from '../src/shared/api/file.ts'
import { startBuiltEngine, type RunningEngine } from './engine.ts'
import { collectTrouble } from './watch.ts'

/** A library of its own: a spec file that ran before it in the same worker has filled the shared one. */
const test = base.extend<{ engine: RunningEngine }>({
  engine: async ({}, use) => {
    const engine = await startBuiltEngine()
    await use(engine)
    await engine.stop()
  },
})

const NAMES = ['Ridge walk 10.m4a', 'Ridge walk 2.m4a', 'IMG_2041.m4a', 'Übung am Morgen.m4a', 'Zoo.m4a']

/** Adds the files in this order, so that the newest is the last. */
async function addFiles(engine: RunningEngine): Promise<File[]> {
  const folder = join(engine.dataDir, '..', `${engine.dataDir.split('/').at(-1) ?? ''}-search`)
  mkdirSync(folder, { recursive: true })
  const files: File[] = []
  for (const name of NAMES) {
    copyFileSync(testMedia('aac.m4a'), join(folder, name))
    files.push(await engine.addFile(join(folder, name)))
  }
  return files
}

/** Names of the cards, as they stand. */
async function shown(page: Page): Promise<string[]> {
  const texts = await page.getByRole('gridcell').allInnerTexts()
  return texts.map((text) => NAMES.find((name) => text.includes(name)) ?? text)
}

test('what is typed narrows the list at once; selection, order and the empty state go along', async ({
  engine,
  page,
}) => {
  const files = await addFiles(engine)
  const trouble = collectTrouble(page)
  const { url } = await engine.call<{ url: string }>('POST', '/launch')
  await page.goto(url)
  await expect.poll(() => shown(page)).toEqual(NAMES.toReversed())

  const search = page.getByRole('searchbox', { name: 'Search files' })
  const inspector = page.getByRole('complementary')
  await page.getByRole('gridcell').filter({ hasText: 'Ridge walk 2.m4a' }).click()
  await page.keyboard.press('Control+f')
  await expect(search).toBeFocused()
  await page.keyboard.type('ALK rid')
  await expect.poll(() => shown(page)).toEqual(['Ridge walk 2.m4a', 'Ridge walk 10.m4a'])
  // What was selected and is still found stays selected; what is not found any more does not.
  await expect(inspector.getByRole('heading', { level: 2 })).toHaveText('Ridge walk 2.m4a')
  await search.fill('ubung')
  await expect.poll(() => shown(page)).toEqual(['Übung am Morgen.m4a'])
  await expect(inspector.getByRole('heading', { level: 2 })).toBeHidden()
  await expect(search).toBeFocused()

  await engine.call('PUT', `/files/${files.at(-1)?.id ?? ''}`, { metadata: { tags: ['Übungsplatz'] } })
  await expect.poll(() => shown(page)).toEqual(['Zoo.m4a', 'Übung am Morgen.m4a'])

  await search.fill('no such thing')
  await expect(page.getByRole('heading', { name: 'Nothing found for “no such thing”' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear search' }).last().click()
  await expect(search).toHaveValue('')
  await expect.poll(() => shown(page)).toEqual(NAMES.toReversed())

  const orderBy = async (from: string, to: string): Promise<void> => {
    await page.getByRole('button', { name: `Order: ${from}` }).click()
    await page.getByRole('menuitemradio', { name: to }).click()
  }
  const byName = ['IMG_2041.m4a', 'Ridge walk 2.m4a', 'Ridge walk 10.m4a', 'Übung am Morgen.m4a', 'Zoo.m4a']
  await orderBy('Newest first', 'Name, A to Z')
  await expect.poll(() => shown(page)).toEqual(byName)
  await orderBy('Name, A to Z', 'Name, Z to A')
  await expect.poll(() => shown(page)).toEqual(byName.toReversed())
  await orderBy('Name, Z to A', 'Oldest first')
  await expect.poll(() => shown(page)).toEqual(NAMES)
  expect(trouble).toEqual([])
})
