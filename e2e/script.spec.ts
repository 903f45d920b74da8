import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { testMedia } from '../scripts/test-media.ts'
import { expect, test } from './fixtures.ts'

const README = resolve(import.meta.dirname, '../README.md')

/** The lines of a playlist that are URIs, resolved against its address. */
const uris = (playlist: string, base: string): string[] =>
  playlist
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => new URL(line, base).href)

test('the script of the README makes a link that plays', async ({ engine }) => {
  const code = /```js\n([\s\S]*?)```/.exec(readFileSync(README, 'utf8'))?.[1]
  if (!code) throw new Error('README.md has no js example')
  const script = join(engine.dataDir, 'share.mjs')
  writeFileSync(script, code)
  const { stdout } = await promisify(execFile)(process.execPath, [script, testMedia('h264-irregular.mp4')], {
    env: { ...process.env, MATINEE_DATA_DIR: engine.dataDir },
  })
  expect(stdout).toContain(`${engine.shareUrl}/share/`)
})

test('register, share, fetch every piece of the stream, download by ranges, delete: with fetch alone', async ({
  engine,
}) => {
  const source = readFileSync(testMedia('h264-aac-gop10.mp4'))
  const file = await engine.addFile(testMedia('h264-aac-gop10.mp4'))
  const share = await engine.share(file.id)
  const main = await (await fetch(share.stream_url ?? '')).text()
  expect(main).toMatch(/^#EXTM3U\n/)
  const [media] = uris(main, share.stream_url ?? '')
  const playlist = await (await fetch(media ?? '')).text()
  expect(playlist).toContain('#EXT-X-ENDLIST')
  const init = new URL(/#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? '', media).href
  const segments = uris(playlist, media ?? '')
  expect(segments.length).toBeGreaterThan(1)
  for (const url of [init, ...segments]) {
    const answer = await fetch(url)
    expect(answer.status, url).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100)
  }

  const download = share.media_download_url ?? ''
  const whole = await fetch(download)
  expect(whole.headers.get('content-disposition')).toMatch(/^attachment/)
  expect(Buffer.from(await whole.arrayBuffer()).equals(source)).toBe(true)
  const range = await fetch(download, { headers: { range: 'bytes=1000-1999' } })
  expect(range.status).toBe(206)
  expect(Buffer.from(await range.arrayBuffer()).equals(source.subarray(1000, 2000))).toBe(true)

  await engine.call('DELETE', `/share/${share.id}`)
  for (const url of [share.share_url, share.stream_url ?? '', media ?? '', init, ...segments, download]) {
    expect((await fetch(url)).status, url).toBe(404)
  }
})
