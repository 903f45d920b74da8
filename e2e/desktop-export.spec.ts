import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SaveDialogOptions } from 'electron'
import { expect, test } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { launchDesktop, RUNTIME, type Desktop } from './stand-in/launch.ts'
import { collectTrouble } from './watch.ts'

/* Exports in the desktop window: saved where the system's own dialog says, whole or not at all. */

let folder: string
let source: string
let desktop: Desktop
let trouble: string[]
test.beforeAll(async () => {
  console.log(`the desktop bundle runs in ${RUNTIME}`)
  folder = mkdtempSync(join(tmpdir(), 'matinee-exports-'))
  source = join(folder, 'Walk.mp4')
  copyFileSync(testMedia('h264-aac-gop2.mp4'), source)
  mkdirSync(join(folder, 'out'))
  desktop = await launchDesktop(source)
  trouble = collectTrouble(desktop.page)
})
test.afterAll(async () => {
  await desktop.stop()
  rmSync(folder, { recursive: true })
})

const out = (...names: string[]): string => join(folder, 'out', ...names)
const tray = () => desktop.page.getByRole('region', { name: 'Exports' })

/** Has the dialog answer with `path`, null for a cancel, from now on. */
const answerWith = (path: string | null) =>
  desktop.evaluate(({ dialog }, filePath) => {
    const seen = globalThis as { asked?: unknown[] }
    dialog.showSaveDialog = (...all: unknown[]) => {
      seen.asked = [...(seen.asked ?? []), all.at(-1)]
      return Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' })
    }
  }, path)
const asked = () =>
  desktop.evaluate(() => (globalThis as { asked?: unknown[] }).asked ?? []) as Promise<SaveDialogOptions[]>

/** The bytes of the one export, as the API gives them. */
async function madeBytes(): Promise<Buffer> {
  const base64 = await desktop.page.evaluate(async () => {
    type Jobs = { data: { id: string; kind: string }[] }
    const jobs = (await (await fetch('/v1/jobs')).json()) as Jobs
    const job = jobs.data.find(({ kind }) => kind === 'export')
    const bytes = await (await fetch(`/v1/jobs/${job?.id ?? ''}/result`)).arrayBuffer()
    return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''))
  })
  return Buffer.from(base64, 'base64')
}

test('an export asks where it should go as soon as it is made; a cancel is no error', async () => {
  const { page } = desktop
  await answerWith(null)
  await page.getByRole('gridcell').filter({ hasText: 'Walk.mp4' }).click()
  await page.getByRole('complementary').getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await dialog.getByText('M4A', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Export' }).click()
  await expect(tray()).toContainText('1 exported')
  await expect
    .poll(asked)
    .toMatchObject([
      { defaultPath: 'Walk.m4a', properties: expect.arrayContaining(['showOverwriteConfirmation']) as [] },
    ])
  await expect(tray().getByRole('button', { name: 'Save as…' })).toBeVisible()
  expect(readdirSync(out())).toEqual([])
  expect(trouble).toEqual([])
})

test('it is saved whole under the chosen name, over what was there', async () => {
  writeFileSync(out('Mine.m4a'), 'older')
  await answerWith(out('Mine.m4a'))
  await tray().getByRole('button', { name: 'Save as…' }).click()
  await expect(desktop.page.getByText('Saved as Mine.m4a')).toBeVisible()
  const made = await madeBytes()
  expect(made.length).toBeGreaterThan(1000)
  expect(readFileSync(out('Mine.m4a')).equals(made)).toBe(true)
  expect(readdirSync(out())).toEqual(['Mine.m4a'])
  expect(trouble).toEqual([])
})

test('a folder that is not there and the source itself are refused in one sentence, and nothing changes', async () => {
  const { page } = desktop
  await answerWith(out('gone', 'Mine.m4a'))
  await tray().getByRole('button', { name: 'Save as…' }).click()
  await expect(page.getByText('Not saved: This folder is not there. Choose another one.')).toBeVisible()
  await answerWith(source)
  await tray().getByRole('button', { name: 'Save as…' }).click()
  await expect(page.getByText('Not saved: This is the file that the export was made of.')).toBeVisible()
  expect(readFileSync(source).equals(readFileSync(testMedia('h264-aac-gop2.mp4')))).toBe(true)
  expect(existsSync(out('gone'))).toBe(false)
  expect(readdirSync(out())).toEqual(['Mine.m4a'])
  expect(trouble).toEqual([])
})

test('S64: the bridge saves the result of a job, and takes neither paths nor other names', async () => {
  await answerWith(out('stolen'))
  const before = (await asked()).length
  const answers = await desktop.page.evaluate(async () => {
    const bridge = window.matinee as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>
    const answers: string[] = []
    for (const id of ['/etc/passwd', '../share', '..', '', 'job_none', { path: '/etc/passwd' }, 7, null]) {
      try {
        answers.push(JSON.stringify(await bridge['saveExport']?.(id, '/etc/target')))
      } catch (error) {
        answers.push(String(error))
      }
    }
    return answers
  })
  expect(answers).toHaveLength(8)
  for (const answer of answers) expect(answer).toMatch(/"state":"failed"|^Error: .*save-?export/i)
  expect((await asked()).length).toBe(before)
  expect(readdirSync(out())).toEqual(['Mine.m4a'])
})
