import { appendFileSync, copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { testMedia } from '../scripts/test-media.ts'
import type { Share } from '../src/shared/api/share.ts'
import { startBuiltEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { collectTrouble, playsPast, seekAndPlay } from './watch.ts'

/** A film that may be deleted. */
function film(folder: string, name: string): string {
  const path = join(folder, name)
  copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
  // A `free` box (ISO/IEC 14496-12 section 8.1.2) makes it a content of its own.
  appendFileSync(path, Buffer.from(`\0\0\0\u0018free${name.padEnd(16, '-').slice(0, 16)}`, 'latin1'))
  return path
}

test('a share that keeps a copy plays in Chromium after its source was deleted', async ({ engine, page }) => {
  const path = film(engine.dataDir, 'kept.mp4')
  const file = await engine.addFile(path)
  const share = await engine.share(file.id, { keep_copy: true })
  rmSync(path)
  const trouble = collectTrouble(page)
  await page.goto(share.share_url)
  await page.getByRole('button', { name: /^play/i }).first().click()
  await playsPast(page, 0.3)
  for (const time of [6, 2]) await seekAndPlay(page, time)
  expect(trouble).toEqual([])
})

test('an engine killed while it makes a copy takes it up again at its next start', async () => {
  const first = await startBuiltEngine()
  const path = film(first.dataDir, 'killed.mp4')
  const file = await first.addFile(path)
  const share = await first.call<Share>('POST', '/share', { file_id: file.id, keep_copy: true })
  const gone = new Promise((resolve) => first.process.once('exit', resolve))
  first.process.kill('SIGKILL')
  await gone
  const second = await startBuiltEngine({ dataDir: first.dataDir })
  try {
    await expect
      .poll(async () => (await second.call<Share>('GET', `/share/${share.id}`)).status, { timeout: 20_000 })
      .toBe('completed')
    rmSync(path)
    const { stream_url: url = '' } = await second.call<Share>('GET', `/share/${share.id}`)
    expect((await fetch(url)).status).toBe(200)
  } finally {
    await second.stop()
    rmSync(first.dataDir, { recursive: true, force: true })
  }
})
