import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectCuts } from './shots.ts'
import { createStills } from './stills.ts'
import { calm, readMedia } from './testing.ts'
import { resolveTools } from './tools.ts'

const require = createRequire(import.meta.url)
const pathOf = (id: string): string => (require(id) as { path: string }).path
const found = await resolveTools(process.env)
/** ffmpeg 4.1, as it comes by npm. */
const old = await resolveTools({
  ...process.env,
  FFMPEG_PATH: pathOf('@ffmpeg-installer/ffmpeg'),
  FFPROBE_PATH: pathOf('@ffprobe-installer/ffprobe'),
})

/** Red, green and blue, 2 s each at 25 pictures per second, with a key frame every 3 s. */
const NAMES = ['film.mp4', 'film.mkv', 'film.ts'] as const
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'matinee-stills-'))
  const inputs = ['red', 'lime', 'blue'].flatMap((it) => [
    '-f',
    'lavfi',
    '-i',
    `color=${it}:s=192x108:r=25:d=2`,
  ])
  const film = join(dir, 'film.mp4')
  execFileSync('ffmpeg', [
    ...['-v', 'error', ...inputs, '-filter_complex', '[0][1][2]concat=n=3', '-c:v', 'libx264'],
    ...['-pix_fmt', 'yuv420p', '-x264-params', 'scenecut=0:keyint=75:min-keyint=75:bframes=2', film],
  ])
  for (const name of NAMES.slice(1)) {
    execFileSync('ffmpeg', ['-v', 'error', '-i', film, '-c', 'copy', join(dir, name)])
  }
})
afterAll(() => rmSync(dir, { recursive: true }))

describe.each([
  ['the ffmpeg of this machine', found],
  ['ffmpeg 4.1', old],
])('%s', (version, tools) => {
  test.each(NAMES)('S5: shows of %s a frame from inside the window, be it one alone', async (name) => {
    const path = join(dir, name)
    const media = await readMedia(path, tools)
    const stills = createStills({ tools, dir: join(dir, 'stills', version, name) })
    const at = async (startS: number, endS: number): Promise<string> => {
      const still = await stills.find({ fingerprint: name, path, media }, { startS, endS }, 'poster')
      return colourOf(still)
    }
    expect(await at(1.96, 2)).toBe('red')
    expect(await at(2, 2.04)).toBe('green')
    expect(await at(0, 0.04)).toBe('red')
    expect(await at(0, 6)).toBe('green')
    expect(await at(3.96, 4)).toBe('green')
    expect(await at(4, 6)).toBe('blue')
    expect(await at(5.96, 6)).toBe('blue')
    await expect(at(2.001, 2.002)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('finds cuts, in a stretch too', async () => {
    const path = join(dir, 'film.mp4')
    const media = await readMedia(path, tools)
    const cuts = async (startS: number, endS: number): Promise<number[]> => {
      const told: number[] = []
      const rules = { range: { startS, endS }, detector: 'content', threshold: 27 } as const
      const progress = (fraction: number): void => void told.push(fraction)
      const found = await detectCuts(tools, { path, media }, rules, { signal: calm, progress })
      expect(told).toEqual(told.toSorted((one, other) => one - other))
      expect(told.at(-1)).toBeGreaterThan(0.9)
      return found.map((it) => Math.round(it * 1000) / 1000)
    }
    expect(await cuts(0, 6)).toEqual([2, 4])
    expect(await cuts(2.5, 5)).toEqual([4])
    expect(await cuts(0, 3)).toEqual([2])
  })
})

test('a still is made once, its card lies beside it, and both go with the content', async () => {
  const path = join(dir, 'film.mp4')
  const source = { fingerprint: 'f', path, media: await readMedia(path, found) }
  const window = { startS: 1, endS: 2 }
  const home = join(dir, 'kept')
  const stills = createStills({ tools: found, dir: home })
  const [one, other] = await Promise.all([
    stills.find(source, window, 'poster'),
    stills.find(source, window, 'poster'),
  ])
  expect(one).toBe(other)
  const card = await sharp(await stills.find(source, window, 'card')).metadata()
  expect([card.width, card.height]).toEqual([1200, 630])
  expect(readdirSync(home)).toHaveLength(2)
  await stills.remove('other')
  expect(readdirSync(home)).toHaveLength(2)
  await stills.remove('f')
  expect(readdirSync(home)).toEqual([])
})

async function colourOf(path: string): Promise<string> {
  const { channels } = await sharp(path).stats()
  const means = channels.map((it) => it.mean)
  return ['red', 'green', 'blue'][means.indexOf(Math.max(...means))] ?? 'none'
}
