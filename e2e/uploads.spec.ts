import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import type { File } from '../src/shared/api/file.ts'
import { startBuiltEngine, type RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, playsPast } from './watch.ts'

/** A folder with a film of its own for each name; those called `big` have some MB more, which players skip. */
function films(...names: string[]): { folder: string; paths: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-sent-'))
  return { folder, paths: names.map((name) => film(join(folder, name))) }
}

function film(path: string): string {
  copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
  const box = Buffer.alloc(path.includes('big') ? 6e6 : 64)
  box.writeUInt32BE(box.length)
  box.write(`free${path}`, 4, 'latin1')
  appendFileSync(path, box)
  return path
}

const copies = (engine: RunningEngine): string[] => readdirSync(join(engine.dataDir, 'uploads'))
const tray = (page: Page) => page.getByRole('region', { name: 'Uploads' })
const row = (page: Page, name: string) => tray(page).getByRole('listitem').filter({ hasText: name })
const card = (page: Page, name: string) => page.getByRole('gridcell').filter({ hasText: name })
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())

async function openManager(engine: RunningEngine, page: Page): Promise<CDPSession> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: engine.apiUrl })
  const { url } = await engine.call<{ url: string }>('POST', '/launch')
  await page.goto(url)
  await expect(page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible()
  return page.context().newCDPSession(page)
}

/** Lets nothing leave the page faster than this, so that there is something to see of an upload. */
const slowDown = (cdp: CDPSession, bytesPerS: number): Promise<unknown> =>
  cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerS,
  })

async function choose(page: Page, paths: string[]): Promise<void> {
  await page.getByRole('button', { name: 'Add files' }).first().click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files to upload' }).click()
  await (await chooser).setFiles(paths)
}

/** Drags files or folders of the disk over the window and lets them go over a zone, as the system does. */
async function dropOn(page: Page, cdp: CDPSession, zone: 'share' | 'add', paths: string[]): Promise<void> {
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop', x: number, y: number): Promise<unknown> =>
    cdp.send('Input.dispatchDragEvent', { type, x, y, data })
  await drag('dragEnter', 300, 300)
  await drag('dragOver', 300, 300)
  const box = await page.locator(`[data-zone="${zone}"]`).boundingBox()
  if (!box) throw new Error('the zone is not shown')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await drag('dragOver', x, y)
  await expect(page.locator(`[data-zone="${zone}"]`)).toHaveAttribute('data-over', 'true')
  await drag('drop', x, y)
}

test('files are chosen, sent with progress, and play', async ({ engine, page }) => {
  const trouble = collectTrouble(page)
  const cdp = await openManager(engine, page)
  await slowDown(cdp, 4e6)
  await choose(page, films('Ridge big.mp4', 'Second.mp4').paths)
  await expect(page.getByRole('dialog')).toBeHidden()
  const bar = row(page, 'Ridge big.mp4').getByRole('progressbar')
  await expect(bar).toHaveAccessibleName('Uploading Ridge big.mp4')
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5)
  await expect(tray(page)).toContainText(/MB of .* MB · .*\/s/)
  await slowDown(cdp, -1)
  await expect(tray(page)).toContainText('2 uploaded')
  await expect(card(page, 'Second.mp4')).toBeVisible()
  await row(page, 'Ridge big.mp4').getByRole('button', { name: 'Show' }).click()
  const inspector = page.getByRole('complementary')
  await expect(inspector.getByRole('heading', { level: 2 })).toHaveText('Ridge big.mp4')
  await expect(inspector).toContainText('Plays everywhere')
  await inspector.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.5)
  await tray(page).getByRole('button', { name: 'Close uploads' }).click()
  await expect(tray(page)).toBeHidden()
  expect(trouble).toEqual([])
})

test('files dropped to be shared have their links when they are there; forgetting one deletes its copy', async ({
  engine,
  page,
}) => {
  const cdp = await openManager(engine, page)
  await dropOn(page, cdp, 'share', films('Dropped.mp4').paths)
  await row(page, 'Dropped.mp4').getByRole('button', { name: 'Copy link' }).click()
  await expect.poll(() => clipboard(page)).toContain(`${engine.shareUrl}/share/`)
  const link = await clipboard(page)
  await row(page, 'Dropped.mp4').getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('complementary')).toContainText('Uploaded')
  const { data } = await engine.call<{ data: File[] }>('GET', '/files?q=Dropped')
  const path = data[0]?.path ?? ''
  expect(existsSync(path)).toBe(true)

  const guest = await page.context().newPage()
  await guest.goto(link)
  await guest.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(guest, 0.3)
  await guest.close()

  await card(page, 'Dropped.mp4').click()
  await page.keyboard.press('Delete')
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('its copy is deleted from the disk')
  await question.getByRole('button', { name: 'Forget' }).click()
  await expect(card(page, 'Dropped.mp4')).toBeHidden()
  await expect.poll(() => existsSync(path)).toBe(false)
})

test('an upload that is cancelled leaves nothing, and the next one goes on', async ({ engine, page }) => {
  const cdp = await openManager(engine, page)
  const before = copies(engine)
  const { total } = await engine.call<{ total: number }>('GET', '/files')
  await slowDown(cdp, 1e6)
  const { paths } = films('One big.mp4', 'Two big.mp4', 'Three.mp4')
  await dropOn(page, cdp, 'add', paths)
  await expect(row(page, 'Three.mp4')).toContainText('waits for its turn')
  await expect.poll(() => copies(engine).length).toBe(before.length + 2)
  for (const name of ['One big.mp4', 'Two big.mp4']) {
    await tray(page)
      .getByRole('button', { name: `Cancel the upload of ${name}` })
      .click()
  }
  await expect(tray(page)).toContainText('1 uploaded')
  await expect(tray(page).getByRole('listitem')).toHaveCount(1)
  await expect.poll(() => copies(engine).length).toBe(before.length + 1)
  expect(copies(engine).filter((name) => name.endsWith('.part'))).toEqual([])
  expect((await engine.call<{ total: number }>('GET', '/files')).total).toBe(total + 1)

  // While something is sent, the page is not left without a question.
  await choose(page, films('Four big.mp4').paths)
  await expect(row(page, 'Four big.mp4').getByRole('progressbar')).toBeVisible()
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const question = await asked
  expect(question.type()).toBe('beforeunload')
  await question.accept()
  await expect.poll(() => copies(engine).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('what cannot be uploaded says why, and what broke off is sent again', async ({ engine, page }) => {
  await openManager(engine, page)
  const { folder, paths } = films('Broken off.mp4')
  writeFileSync(join(folder, 'notes.mp4'), 'no film at all')
  let isCut = true
  await page.route('**/v1/files', (route) =>
    isCut && route.request().postDataBuffer()?.includes('Broken off') ? route.abort() : route.continue(),
  )
  await choose(page, [...paths, join(folder, 'notes.mp4')])
  await expect(row(page, 'notes.mp4')).toContainText('no audio or video file')
  await expect(row(page, 'Broken off.mp4')).toContainText('broke off')
  await expect(tray(page)).toContainText('2 could not be uploaded')
  isCut = false
  await row(page, 'Broken off.mp4').getByRole('button', { name: 'Try again' }).click()
  await expect(row(page, 'Broken off.mp4')).toContainText('in the library')
  await expect(card(page, 'Broken off.mp4')).toBeVisible()
})

test('a folder is uploaded only when that is meant', async ({ engine, page }) => {
  const cdp = await openManager(engine, page)
  const { folder } = films('First.mp4')
  mkdirSync(join(folder, 'below', '.hidden'), { recursive: true })
  film(join(folder, 'below', 'Second.mp4'))
  film(join(folder, 'below', '.hidden', 'Third.mp4'))
  writeFileSync(join(folder, 'notes.txt'), 'no media')
  await dropOn(page, cdp, 'add', [folder])
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('2 video and audio files')
  await expect(dialog.getByRole('button', { name: 'Add by path…' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Upload 2 files' }).click()
  await expect(tray(page)).toContainText('2 uploaded')
  rmSync(folder, { recursive: true })
})

test('S17: a form that another site sends with the cookie uploads nothing', async ({ engine, page }) => {
  await openManager(engine, page)
  const before = copies(engine)
  const other = await page.context().newPage()
  await other.goto(`${engine.shareUrl}/share/none`)
  const outcome = await other.evaluate(async (url) => {
    const body = new FormData()
    body.append('file', new Blob(['\0\0\0\x18ftypmp42', new Uint8Array(100_000)]), 'csrf.mp4')
    const sent = fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body })
    return sent.then(
      ({ type }) => type,
      () => 'refused',
    )
  }, `${engine.apiUrl}/v1/files`)
  // The answer cannot be read from there; what counts is what has come of it.
  expect(['opaque', 'refused']).toContain(outcome)
  expect((await engine.call<{ data: File[] }>('GET', '/files?q=csrf')).data).toEqual([])
  expect(copies(engine)).toEqual(before)
})

test('a kill in the middle of an upload leaves nothing after the next start, which has a limit of its own', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'matinee-e2e-'))
  const engine = await startBuiltEngine({ dataDir })
  const upload = request(`${engine.apiUrl}/v1/files`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${engine.key}`,
      'content-type': 'multipart/form-data; boundary=x',
    },
  })
  upload.on('error', () => undefined)
  upload.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n')
  upload.write(Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(500_000)]))
  await expect.poll(() => copies(engine).length).toBe(1)
  engine.process.kill('SIGKILL')
  await new Promise((resolve) => engine.process.once('exit', resolve))
  expect(copies(engine)).toHaveLength(1)
  const again = await startBuiltEngine({ dataDir, env: { MATINEE_MAX_UPLOAD_BYTES: '1000000' } })
  await expect.poll(() => copies(again)).toEqual([])
  expect((await again.call<{ total: number }>('GET', '/files')).total).toBe(0)

  // More than a form may have beside its file is refused as it comes, much more by its length alone.
  for (const bytes of [1_500_000, 20_000_000]) {
    const form = new FormData()
    form.append('file', new Blob(['\0\0\0\x18ftypmp42', new Uint8Array(bytes)]), 'large.mp4')
    const answer = await fetch(`${again.apiUrl}/v1/files`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${again.key}` },
    })
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error: 'The file is too large: at most 1 MB are taken.', code: 'too_large' },
    ])
  }
  expect(copies(again)).toEqual([])
  await again.stop()
  rmSync(dataDir, { recursive: true })
})
