import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { buffered, collectTrouble, currentTime, playsPast, seekAndPlay } from './watch.ts'

for (const { kind, name } of [
  { kind: 'video', name: 'h264-aac-gop2.mp4' },
  { kind: 'audio', name: 'aac.m4a' },
]) {
  test(`S22: a public ${kind} share plays in Chromium, seeks four times, and breaks no rule of its page`, async ({
    engine,
    page,
  }) => {
    const file = await engine.addFile(testMedia(name))
    const share = await engine.share(file.id)
    expect(share.status).toBe('completed')
    const trouble = collectTrouble(page)
    const foreign: string[] = []
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== new URL(engine.shareUrl).origin)
        foreign.push(request.url())
    })

    await page.goto(share.share_url)
    await expect(page).toHaveTitle(new RegExp(share.title ?? ''))
    await page.getByRole('button', { name: /^play/i }).first().click()
    await playsPast(page, 0.3)
    const duration = file.media_info.duration_seconds ?? 0
    for (const part of [0.6, 0.3, 0.8, 0.05]) await seekAndPlay(page, duration * part)

    // One range: the segments join without a hole.
    await expect.poll(async () => (await buffered(page)).length).toBe(1)
    expect(trouble).toEqual([])
    expect(foreign).toEqual([])
    expect(await page.context().cookies()).toEqual([])
  })
}

test('a link with ?s= starts there, and a wrong one starts at the beginning', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-aac.mkv'))
  const share = await engine.share(file.id)
  await page.goto(`${share.share_url}?s=0:05`)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 5.1)
  await page.goto(`${share.share_url}?s=nonsense`)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.1)
  expect(await currentTime(page)).toBeLessThan(5)
})

test('the minimal layout of a public share plays inside a frame of another site', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('vp9-opus.webm'))
  const share = await engine.share(file.id)
  // Another origin on this computer: a browser would ask before a site of the internet may reach it.
  const blog = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end(
      `<iframe id="m" src="${share.share_url}?layout=minimal" width="640" height="360" allow="autoplay"></iframe>
       <iframe id="full" src="${share.share_url}" width="640" height="360"></iframe>`,
    )
  }).listen(0, '127.0.0.1')
  await once(blog, 'listening')
  await page.goto(`http://localhost:${(blog.address() as AddressInfo).port}/`)
  const frame = page.frameLocator('#m')
  await frame.getByRole('button', { name: /^play/i }).first().click()
  await expect
    .poll(() => frame.locator('video').evaluate((it) => (it as HTMLVideoElement).currentTime), {
      timeout: 20_000,
    })
    .toBeGreaterThan(0.3)
  // S23: everything but the minimal layout refuses the frame; Chromium shows its error page instead.
  await expect(page.frameLocator('#full').locator('video')).toHaveCount(0)
  blog.close()
  blog.closeAllConnections()
})

test('S20: a title with script in it is shown as text, on the page and in the frame', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-silent.mp4'))
  const title = `<img src=x onerror=alert(1)>"><script>alert(2)</script></title>{{7*7}}`
  const share = await engine.share(file.id, { title, description: '</script><script>alert(3)</script>' })
  const trouble = collectTrouble(page)
  await page.goto(share.share_url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  await expect(page.getByText('</script><script>alert(3)</script>')).toBeVisible()
  await page.goto(`${share.share_url}?layout=minimal`)
  await page.locator('video').waitFor()
  expect(trouble).toEqual([])
})

test('S9: a deleted share shows the page for links that lead nowhere, as an unknown one does', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-opus.mkv'))
  const share = await engine.share(file.id)
  await engine.call('DELETE', `/share/${share.id}`)
  const gone = await page.goto(share.share_url)
  expect(gone?.status()).toBe(404)
  const text = await page.locator('body').innerText()
  const unknown = await page.goto(`${engine.shareUrl}/share/2f1c3f0e-9d1e-4a6c-8c55-0f2b7f5f9a11`)
  expect(unknown?.status()).toBe(404)
  expect(await page.locator('body').innerText()).toBe(text)
})

test('a share that is prepared first turns into the player by itself', async ({ engine, page }) => {
  const file = await engine.addFile(testMedia('h264-aac.flv'))
  const share = await engine.call<{ id: string; share_url: string; status: string }>('POST', '/share', {
    file_id: file.id,
  })
  expect(['pending', 'processing', 'completed']).toContain(share.status)
  const trouble = collectTrouble(page)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click({ timeout: 20_000 })
  await playsPast(page, 0.3)
  await seekAndPlay(page, 4)
  expect(trouble).toEqual([])
})
