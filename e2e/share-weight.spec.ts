import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'
import { collectWeight, totalOf } from './page-weight.ts'

/** What the first visit of a share page may load as code and style, in bytes as sent. */
const BUDGET = 250_000

test('the first visit of a share page loads at most 250 kB of code and style, and nothing of React', async ({
  engine,
  page,
}) => {
  const file = await engine.addFile(testMedia('h264-fragmented.mp4'))
  const share = await engine.share(file.id)
  const sent = await collectWeight(page)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await expect
    .poll(() => page.locator('video').evaluate((it) => (it as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0.2)

  const total = totalOf(sent)
  console.log(`share page: ${sent.size} files, ${(total / 1000).toFixed(1)} kB as sent`)
  expect(sent.size).toBeGreaterThanOrEqual(3)
  expect(total).toBeLessThanOrEqual(BUDGET)
  for (const url of sent.keys()) {
    const { headers } = await fetch(url).then((answer) => ({ headers: answer.headers }))
    expect(headers.get('cache-control'), url).toContain('immutable')
    expect(await (await fetch(url)).text(), url).not.toMatch(/react\.(element|transitional)/)
  }
})
