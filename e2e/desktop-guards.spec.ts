import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { serveSite, type Site } from './sites.ts'
import { launchDesktop, RUNTIME, type Desktop } from './stand-in/launch.ts'
import { takeNotes, type Notes } from './stand-in/notes.ts'

const HTML = '<!doctype html><title>Evil</title><body><h1>Elsewhere</h1></body>'
let desktop: Desktop
let elsewhere: Site
let manager: string
let notes: () => Promise<Notes>

test.beforeAll(async () => {
  console.log(`the desktop bundle runs in ${RUNTIME}`)
  elsewhere = await serveSite(() => ({ type: 'text/html', body: HTML }))
  desktop = await launchDesktop()
  manager = desktop.page.url()
  await expect(desktop.page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible()
  notes = await takeNotes(desktop)
})
test.afterAll(async () => {
  await desktop.stop()
  elsewhere.close()
})

const refused = async () => (await notes()).refused
const opened = async () => (await notes()).opened
const windows = () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

const WAYS: Record<string, (url: string) => Promise<unknown>> = {
  'location =': (url) =>
    desktop.page.evaluate((to) => {
      location.href = to
    }, url),
  'a link': (url) =>
    desktop.page.evaluate((to) => {
      Object.assign(document.createElement('a'), { href: to }).click()
    }, url),
  'meta refresh': (url) =>
    desktop.page.evaluate((to) => {
      document.head.append(
        Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0;url=${to}` }),
      )
    }, url),
  'a redirect of our own address': async (url) => {
    await desktop.page.route('**/away', (route) => route.fulfill({ status: 302, headers: { location: url } }))
    await desktop.page.evaluate(() => {
      location.href = '/away'
    })
  },
}
for (const [name, go] of Object.entries(WAYS)) {
  test(`S64: the window goes nowhere else by ${name}`, async () => {
    const url = `${elsewhere.origin}/${encodeURIComponent(name)}`
    await go(url)
    await expect.poll(refused).toContain(url)
    expect(desktop.page.url()).toBe(manager)
    expect(elsewhere.asked).toEqual([])
    expect(await desktop.page.evaluate(() => typeof window.matinee?.chooseFiles)).toBe('function')
  })
}

test('S64: files, scripts and data have no way into the window', async () => {
  for (const url of ['file:///etc/passwd', 'javascript:document.title="Evil"', `data:text/html,${HTML}`]) {
    await WAYS['location =']?.(url)
    await WAYS['a link']?.(url)
  }
  // One more that is answered by an event: by then those before are through.
  await WAYS['location =']?.(`${elsewhere.origin}/after`)
  await expect.poll(refused).toContain(`${elsewhere.origin}/after`)
  expect(desktop.page.url()).toBe(manager)
  expect(await desktop.page.title()).not.toBe('Evil')
})

test('S64: no second window opens; https and our own share pages go to the system’s browser, nothing else does', async () => {
  const refusedOnes = [
    'http://evil.test/',
    'http://127.0.0.1:9/',
    manager,
    'file:///bin/sh',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    '',
    'https://user:pass@evil.test/',
  ]
  await desktop.page.evaluate((urls) => {
    for (const url of urls) window.open(url)
  }, refusedOnes)
  await desktop.page.evaluate(() => window.open('HTTPS://Example.com/a b', '_blank', 'noopener'))
  await expect.poll(opened).toEqual(['https://example.com/a%20b'])
  const { share_url: shares } = JSON.parse(readFileSync(join(desktop.dataDir, 'endpoint.json'), 'utf8')) as {
    share_url: string
  }
  await desktop.page.evaluate((url) => window.open(url), `${shares}/share/x`)
  await expect.poll(opened).toContain(`${shares}/share/x`)
  expect(await windows()).toBe(1)

  const link = desktop.page.getByRole('link', { name: 'Test link' })
  await desktop.page.evaluate((url) => {
    const it = Object.assign(document.createElement('a'), { href: url, textContent: 'Test link' })
    it.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 9999'
    document.body.append(it)
  }, 'https://example.com/link')
  await link.click({ modifiers: ['ControlOrMeta'] })
  await expect.poll(opened).toContain('https://example.com/link')
  await link.click({ button: 'middle' })
  await expect.poll(async () => (await opened()).length).toBe(4)
  await link.evaluate((it) => {
    it.remove()
  })
  expect(await windows()).toBe(1)
  await expect.poll(() => desktop.page.context().pages().length).toBe(1)
})

test('S64: an html file that is dropped is looked at, refused, and not shown', async () => {
  const { page, drop } = desktop
  const file = join(desktop.dataDir, 'evil.html')
  writeFileSync(file, '<title>Evil</title><script>window.opener = 1; alert(1)</script>')
  await drop([file], page.getByText('Only add to the library'))
  await expect(page.getByText(/^evil\.html: /)).toBeVisible()
  expect(page.url()).toBe(manager)
  await expect(page.getByRole('gridcell')).toHaveCount(0)
})

test('S63: pages get the clipboard for writing and full screen, and no other permission', async () => {
  const { page } = desktop
  // Chromium gives full screen to the page in front alone.
  await page.bringToFront()
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read']
    const state = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: unknown) => (error instanceof DOMException ? error.name : String(error)),
      )
    return {
      granted: (await Promise.all(names.map(state))).filter((it) => it !== 'denied'),
      position: await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => {
            resolve('done')
          },
          ({ code }) => {
            resolve(code)
          },
        )
      }),
      notification: await Notification.requestPermission(),
      read: await outcome(navigator.clipboard.readText()),
      write: await outcome(navigator.clipboard.writeText('a link')),
      fullScreen: await outcome(document.documentElement.requestFullscreen()),
    }
  })
  expect(states).toEqual({
    granted: [],
    position: 1, // GeolocationPositionError.PERMISSION_DENIED
    notification: 'denied',
    read: 'NotAllowedError',
    write: 'done',
    fullScreen: 'done',
  })
  await page.evaluate(() => document.exitFullscreen())
})

test('S63: a page of ours without a policy of its own still loads nothing from elsewhere, and its frames have no bridge', async () => {
  const { page } = desktop
  await page.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Bare</h1>' }))
  await page.goto(new URL('/bare', manager).href)
  const found = await page.evaluate(async (url) => {
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'loaded',
        () => 'refused',
      )
    const frame = (src: string): HTMLIFrameElement => {
      const it = Object.assign(document.createElement('iframe'), { src })
      document.body.append(it)
      return it
    }
    const own = frame('about:blank').contentWindow as Window
    frame(`${url}/frame`)
    return {
      fetched: await outcome(fetch(`${url}/fetch`, { mode: 'no-cors' })),
      shown: await outcome(Object.assign(new Image(), { src: `${url}/image` }).decode()),
      bridges: [typeof window.matinee, typeof own.matinee],
    }
  }, elsewhere.origin)
  expect(found).toEqual({ fetched: 'refused', shown: 'refused', bridges: ['object', 'undefined'] })
  await expect.poll(refused).toContain(`${elsewhere.origin}/frame`)
  expect(elsewhere.asked).toEqual([])
})

test('S64: with every other wall down, a page from elsewhere that has the bridge is answered by none of its calls', async () => {
  const { page, evaluate } = desktop
  await evaluate(({ session }) => {
    session.defaultSession.webRequest.onBeforeRequest(null)
  })
  await evaluate(
    ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url),
    `${elsewhere.origin}/page`,
  )
  await expect(page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible()
  const before = (await notes()).dialogs
  const messages = await page.evaluate(async () => {
    const bridge = window.matinee as unknown as Record<string, (argument?: string) => Promise<unknown>>
    return Promise.all(
      ['chooseFiles', 'chooseFolder', 'revealFile', 'saveExport'].map((name) =>
        Promise.resolve(bridge[name]?.('x')).then(
          () => `${name} was answered`,
          (error: unknown) => String(error),
        ),
      ),
    )
  })
  for (const message of messages) expect(message).toContain('Only the file manager may ask for this.')
  expect((await notes()).dialogs).toBe(before)
})
