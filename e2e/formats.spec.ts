import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  PACKAGED_MEDIA,
  PACKED_MEDIA,
  REMUXED_MEDIA,
  SEVERAL_SOUNDS_MEDIA,
} from '../scripts/accepted-media.ts'
import { testMedia } from '../scripts/test-media.ts'
import { createLimit } from '../src/main/base/limit.ts'
import type { RunningEngine } from './engine.ts'
import { expect, test } from './fixtures.ts'
import { serveSite, type Site } from './sites.ts'

/*
 * Every test file that Matinee plays as it is, in a browser: it plays, and goes on playing after each of four seeks;
 * then all of it is loaded in one piece. One page plays several at a time.
 */

/** Files that play at the same time. */
const AT_ONCE = 4

/** The parts of a file that are jumped to. */
const SEEKS = [0.65, 0.2, 0.85, 0.45]

/** The page plays what it is told to; `hls.js` is the build that plays it. */
const require = createRequire(import.meta.url)
const SCRIPTS: Readonly<Record<string, string>> = {
  '/light.js': require.resolve('hls.js/dist/hls.light.min.js'),
  '/full.js': require.resolve('hls.js/dist/hls.min.js'),
}
const pageWith = (script: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="${script}"></script>`

let site: Site
test.beforeAll(async () => {
  site = await serveSite((path) => {
    const script = SCRIPTS[path]
    if (script !== undefined) return { type: 'text/javascript', body: readFileSync(script) }
    return { type: 'text/html', body: pageWith(`${path}.js`) }
  })
})
test.afterAll(() => {
  site.close()
})

/** What became of one file. */
type Outcome = {
  errors: string[]
  ranges: [number, number][]
  durationS: number
  width: number
  stands: number[]
}

/** Runs in the page. Plays a stream, jumps in it, waits until all of it is loaded. */
async function playThrough([url, seeks]: [string, number[]]): Promise<Outcome> {
  type HlsLike = {
    loadSource(url: string): void
    attachMedia(media: HTMLMediaElement): void
    destroy(): void
  }
  type Listening = HlsLike & {
    on(event: string, listen: (name: string, data: { details: string; fatal: boolean }) => void): void
  }
  const Hls = (window as unknown as { Hls: new (config: object) => Listening }).Hls
  const errors: string[] = []
  const media = document.body.appendChild(document.createElement('video'))
  media.muted = true
  media.addEventListener('error', () => errors.push(`media: ${media.error?.message ?? ''}`))
  const hls = new Hls({ maxBufferLength: 60, backBufferLength: 60 })
  hls.on('hlsError', (_, { details, fatal }) => {
    if (fatal || details.includes('Hole')) errors.push(`hls.js: ${details}`)
  })
  hls.loadSource(url)
  hls.attachMedia(media)

  const until = (what: string, condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const startedMs = performance.now()
      const look = (): void => {
        const isLate = performance.now() - startedMs > 20_000
        if (isLate) errors.push(`${what}: never, at ${media.currentTime} s`)
        if (isLate || errors.length > 0 || condition()) resolve()
        else setTimeout(look, 20)
      }
      look()
    })
  await media.play().catch((error: unknown) => errors.push(`play: ${String(error)}`))
  await until('begins', () => media.currentTime > 0.3)
  const stands: number[] = []
  for (const part of errors.length === 0 ? seeks : []) {
    const toS = media.duration * part
    media.currentTime = toS
    await until(`seek to ${toS} s`, () => !media.seeking && media.currentTime > toS + 0.15)
    stands.push(media.currentTime - toS)
  }
  media.pause()
  const ranges = (): [number, number][] =>
    Array.from({ length: media.buffered.length }, (_, at) => [
      media.buffered.start(at),
      media.buffered.end(at),
    ])
  await until('is loaded whole', () => {
    const [[startS, endS] = [1, 0], ...more] = ranges()
    return more.length === 0 && startS < 0.1 && endS > media.duration - 0.3
  })
  const outcome = { errors, ranges: ranges(), durationS: media.duration, width: media.videoWidth, stands }
  hls.destroy()
  media.remove()
  return outcome
}

/** Address and length of a file's stream; of a copy of its own, since other specs share the same media. */
async function streamOf(engine: RunningEngine, dir: string, name: string) {
  const copy = join(dir, name)
  copyFileSync(testMedia(name), copy)
  const file = await engine.addFile(copy)
  expect(file.playable, `${name}: ${file.delivery_reason ?? file.failure?.message ?? ''}`).toBe(true)
  const { stream_url: url = '' } = await engine.share(file.id)
  return { url, durationS: file.media_info.duration_seconds ?? 0, isVideo: file.media_type === 'video' }
}

for (const [build, names] of [
  ['light', [...REMUXED_MEDIA, ...PACKED_MEDIA, ...PACKAGED_MEDIA]],
  ['full', SEVERAL_SOUNDS_MEDIA],
] as const) {
  test(`each of ${names.length} files plays in Chromium by hls.js (${build}), also after four seeks, and in one piece`, async ({
    engine,
    page,
  }) => {
    test.setTimeout(240_000)
    const dir = mkdtempSync(join(engine.dataDir, 'formats-'))
    await page.goto(`${site.origin}/${build}`)
    const limit = createLimit(AT_ONCE)
    await Promise.all(
      names.map((name) =>
        limit(async () => {
          const { url, durationS, isVideo } = await streamOf(engine, dir, name)
          const outcome = await page.evaluate(playThrough, [url, SEEKS] as [string, number[]])
          expect.soft(outcome.errors, name).toEqual([])
          expect.soft(outcome.ranges, name).toHaveLength(1)
          expect.soft(Math.abs(outcome.durationS - durationS), `${name}: length`).toBeLessThan(0.3)
          expect.soft(outcome.width > 0, `${name}: picture`).toBe(isVideo)
        }),
      ),
    )
  })
}
