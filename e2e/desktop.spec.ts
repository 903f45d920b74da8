import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { expect, test } from 'playwright/test'
import { testMedia } from '../scripts/test-media.ts'
import { launchDesktop, RUNTIME, type Desktop } from './stand-in/launch.ts'
import { collectTrouble, playsPast } from './watch.ts'

let films: string
let desktop: Desktop
let trouble: string[]
test.beforeAll(async () => {
  console.log(`the desktop bundle runs in ${RUNTIME}`)
  films = mkdtempSync(join(tmpdir(), 'matinee-films-'))
  desktop = await launchDesktop()
  trouble = collectTrouble(desktop.page)
})
test.afterAll(async () => {
  await desktop.stop()
  rmSync(films, { recursive: true })
})

const card = (page: Page, name: string) => page.getByRole('gridcell').filter({ hasText: name })

/** A copy under a name of its own, where a user might have it. */
function ownersFile(from: string, name: string): string {
  copyFileSync(testMedia(from), join(films, name))
  return join(films, name)
}

test('the window opens by itself, shows the library, and says nothing wrong', async () => {
  const { page, evaluate } = desktop
  await expect(page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible()
  await expect
    .poll(() => evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((it) => it.isVisible())))
    .toEqual([true])
  // The launch address is used up and nowhere to be seen.
  expect(new URL(page.url()).search).toBe('')
  expect(trouble).toEqual([])
})

test('S63: every window is sandboxed and isolated, without Node, webviews or weakened web security', async () => {
  const preferences = await desktop.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((it) =>
      (it.webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
    ),
  )
  expect(preferences).toHaveLength(1)
  for (const each of preferences) {
    expect(each).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    for (const weak of [
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'nodeIntegrationInSubFrames',
      'nodeIntegrationInWorker',
      'navigateOnDragDrop',
    ]) {
      expect((each as Record<string, unknown>)[weak] ?? false, weak).toBe(false)
    }
  }
})

test('S63: a page has the declared functions of the bridge, frozen, and nothing of Node or the preload script', async () => {
  const found = await desktop.page.evaluate(() => {
    const bridge = window.matinee as unknown as Record<string, unknown>
    const before = { ...bridge }
    const tries = [
      () => Object.assign(window, { matinee: { chooseFiles: () => ['/etc/passwd'] } }),
      () => Object.defineProperty(window, 'matinee', { value: {} }),
      () => Reflect.deleteProperty(window, 'matinee'),
      () => Object.assign(bridge, { chooseFiles: () => ['/etc/passwd'], more: 1 }),
      () => Object.setPrototypeOf(bridge, { more: 1 }) as unknown,
    ]
    for (const attempt of tries) {
      try {
        attempt()
      } catch {
        // Refused aloud or in silence: it counts what is there afterwards.
      }
    }
    const after = window.matinee as unknown as Record<string, unknown>
    const page = window as unknown as Record<string, unknown>
    return {
      kinds: Object.fromEntries(Object.entries(after).map(([name, it]) => [name, typeof it])),
      isSame: after === bridge && Object.keys(before).every((name) => before[name] === after[name]),
      isFrozen: Object.isFrozen(after),
      more: after['more'],
      leaked: [
        ...['require', 'process', 'module', 'exports', 'global', 'Buffer', 'ipcRenderer', 'electron'],
        ...['__dirname', 'contextBridge', 'webUtils', 'standInPost', 'standInReceive', 'standInPaths'],
      ].filter((name) => page[name] !== undefined),
    }
  })
  expect(found).toEqual({
    kinds: {
      platform: 'string',
      pathForFile: 'function',
      chooseFiles: 'function',
      chooseFolder: 'function',
      revealFile: 'function',
      saveExport: 'function',
    },
    isSame: true,
    isFrozen: true,
    leaked: [],
  })
})

test('S64: the bridge tells no path of what was not dropped, and takes no path to show', async () => {
  const answers = await desktop.page.evaluate(async () => {
    const bridge = window.matinee as unknown as Record<string, (argument: unknown) => unknown>
    const message = async (name: string, argument: unknown): Promise<string> => {
      try {
        return JSON.stringify(await bridge[name]?.(argument))
      } catch (error) {
        return String(error)
      }
    }
    return {
      made: await message('pathForFile', new File(['x'], '/etc/passwd')),
      text: await message('pathForFile', '/etc/passwd'),
      path: await message('revealFile', '/etc/passwd'),
      above: await message('revealFile', '../share'),
      object: await message('revealFile', { path: '/etc/passwd' }),
    }
  })
  expect(answers).toMatchObject({ made: '""', text: '""' })
  for (const name of ['path', 'above', 'object'] as const)
    expect(answers[name]).toMatch(/^Error: .*revealFile|reveal-file/)
})

test('a file dropped on the window ends as a link that plays', async ({ page: guest }) => {
  const { page, drop } = desktop
  const file = ownersFile('h264-aac-gop2.mp4', 'Dropped walk.mp4')
  await drop([file], page.getByRole('heading', { name: 'Share this video' }))
  await page.getByRole('dialog').getByRole('textbox').first().fill('From the desktop')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Link copied' })
  await expect(dialog).toBeVisible()
  const link = await dialog.getByRole('link', { name: 'Open' }).getAttribute('href')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(card(page, 'Dropped walk.mp4')).toBeVisible()

  await guest.goto(link ?? '')
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('From the desktop')
  await guest.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(guest, 0.5)
  expect(trouble).toEqual([])
})

test('files and folders are chosen with the system’s own dialogs, and shown in its file manager', async () => {
  const { page, evaluate } = desktop
  const file = ownersFile('aac.m4a', 'Chosen song.m4a')
  await evaluate(
    ({ dialog, shell }, paths) => {
      const seen = globalThis as { shown?: string[] }
      seen.shown = []
      shell.showItemInFolder = (path) => void seen.shown?.push(path)
      dialog.showOpenDialog = (...all: unknown[]) => {
        const { properties } = all.at(-1) as { properties: string[] }
        const isFolder = properties.includes('openDirectory')
        return Promise.resolve({ canceled: false, filePaths: [isFolder ? paths.folder : paths.file] })
      }
    },
    { file, folder: films },
  )
  expect(await page.evaluate(() => window.matinee?.chooseFiles())).toEqual([file])
  await page.getByRole('button', { name: 'Add folder' }).first().click()
  await expect(card(page, 'Chosen song.m4a')).toBeVisible()

  await card(page, 'Chosen song.m4a').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /^Reveal in/ }).click()
  await expect.poll(() => evaluate(() => (globalThis as { shown?: string[] }).shown)).toEqual([file])

  await evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: true, filePaths: [] })
  })
  expect(await page.evaluate(() => window.matinee?.chooseFolder())).toBeNull()
  expect(trouble).toEqual([])
})

test('a second instance hands its files to the first, brings its window up, and ends', async () => {
  const { page, evaluate } = desktop
  const file = ownersFile('vp9-opus.webm', 'Second film.webm')
  await evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize()
  })
  expect(await desktop.startAgain(file)).toBe(0)
  await expect(card(page, 'Second film.webm')).toBeVisible()
  await expect
    .poll(() =>
      evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((it) => [it.isMinimized(), it.isFocused()]),
      ),
    )
    .toEqual([[false, true]])
})

test('the menu loads the page anew, with the session that it had or a new one', async () => {
  const { page, evaluate } = desktop
  await page.context().clearCookies()
  // The cards of the old page would do for the new one's.
  await page.evaluate(() => document.documentElement.setAttribute('data-old', ''))
  await evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('reload')?.click()
  })
  await expect(page.locator('html[data-old]')).toHaveCount(0)
  await expect(card(page, 'Dropped walk.mp4')).toBeVisible()
})

test('closing the window in the middle of work ends all of it: code 0, no process, no endpoint.json', async () => {
  const { page, evaluate } = desktop
  const old = ownersFile('mpeg4-mp3.avi', 'Old camera.avi')
  const status = await page.evaluate(async (path) => {
    const post = (to: string, body: object) =>
      fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((answer) => answer.json() as Promise<{ id: string; status: string }>)
    const file = await post('/v1/files', { path })
    return (await post('/v1/share', { file_id: file.id })).status
  }, old)
  expect(status).not.toBe('completed')
  const processes = descendantsOf(desktop.process.pid ?? 0)
  await evaluate(({ BrowserWindow }) => {
    setImmediate(() => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
  })
  expect(await desktop.ended()).toBe(0)
  expect(existsSync(join(desktop.dataDir, 'endpoint.json'))).toBe(false)
  expect(existsSync(join(desktop.dataDir, 'desktop/window.json'))).toBe(true)
  await expect.poll(() => processes.filter(isAlive)).toEqual([])
})

/** Processes below `pid`; none where there is no /proc to look into. */
function descendantsOf(pid: number): number[] {
  if (process.platform !== 'linux') return []
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), stateOf(Number(name))?.parent]),
  )
  const below = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** A zombie has ended; its parent has only not been told yet. */
const isAlive = (pid: number): boolean => !['Z', undefined].includes(stateOf(pid)?.state)

function stateOf(pid: number): { state: string; parent: number } | undefined {
  try {
    // The name before may hold spaces and brackets (proc(5)).
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
