import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FramesIndex, MediaIndex, MediaInfo } from '../../shared/media.ts'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import { openFile } from '../media/source.ts'
import { readMedia, temporaryDir } from '../media/testing.ts'
import { runScan } from './file-scan.ts'
import { readFrames } from './frame-samples.ts'
import { openFrameScan } from './frame-scan.ts'
import { buildMediaIndex } from './keyframes.ts'
import { planSegments } from './segment-plan.ts'
import { testTools } from './testing.ts'

const tools = await testTools()
const calm = new AbortController().signal

const NAMES = [
  'mp3-vbr.mp3',
  'mp3-bare.mp3',
  'mp3-tagged.mp3',
  'aac-adts.aac',
  'aac-tagged.aac',
  'flac-cover.flac',
  'flac-24bit.flac',
].filter(hasTestMedia)

async function scan(path: string, media: MediaInfo): Promise<MediaIndex> {
  return runScan(path, await openFrameScan(path, media, null), undefined, calm)
}

/** The places of a file of frames. Throws when there are none. */
function placesOf({ scan: places }: MediaIndex): FramesIndex {
  if (places?.kind !== 'frames') throw new Error('no frames')
  return places
}

/** How many packets of sound ffmpeg finds, and how long they last together, in seconds. */
async function packetsOf(path: string): Promise<{ count: number; lengthS: number }> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'a',
    '-show_entries',
    'packet=duration_time',
    '-of',
    'csv=p=0',
  ]
  const { stdout } = await run(tools.ffprobe.path, [...args, path], { timeoutMs: 60_000 })
  // Side data is told in lines of their own, with nothing in them.
  const lengths = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map(Number.parseFloat)
  return { count: lengths.length, lengthS: lengths.reduce((sum, it) => sum + it, 0) }
}

describe('every frame is found that ffmpeg finds, and how long they are', () => {
  test.each(NAMES)('%s', async (name) => {
    const path = testMedia(name)
    const index = await scan(path, await readMedia(path, tools))
    const segments = planSegments(index)
    const file = await openFile(path)
    let count = 0
    let nextSample = 0
    for (const [at, { startS }] of segments.entries()) {
      const toS = segments[at + 1]?.startS ?? null
      for (const { firstSample, samples, data } of await readFrames(
        file,
        placesOf(index),
        { fromS: startS, toS },
        calm,
      )) {
        expect(firstSample).toBe(nextSample)
        expect(firstSample / placesOf(index).sampleRate).toBeGreaterThanOrEqual(startS)
        expect(data.length).toBeGreaterThan(0)
        nextSample += samples
        count += 1
      }
    }
    await file.close()
    const packets = await packetsOf(path)
    expect(count).toBe(packets.count)
    expect(index.endS).toBeCloseTo(nextSample / placesOf(index).sampleRate, 9)
    expect(index.endS).toBeCloseTo(packets.lengthS, 2)
  })
})

test.each(NAMES)(
  'a scan of %s that was put down anywhere goes on from there to the same table',
  async (name) => {
    const path = testMedia(name)
    const media = await readMedia(path, tools)
    const bytes = readFileSync(path)
    const whole = await scan(path, media)
    for (const part of [0.1, 0.5, 0.9]) {
      const first = await openFrameScan(path, media, null)
      const end = Math.max(first.position + 40_000, Math.floor(bytes.length * part))
      first.take(bytes.subarray(first.position, end), false)
      const saved = JSON.parse(JSON.stringify(first.save())) as unknown
      const second = await openFrameScan(path, media, saved)
      expect(second.position).toBe(first.position)
      expect(await runScan(path, second, undefined, calm)).toEqual(whole)
    }
  },
)

test.each(NAMES)('the last segment of %s is read from its place, and nothing else is', async (name) => {
  const path = testMedia(name)
  const index = await scan(path, await readMedia(path, tools))
  const places = placesOf(index)
  const file = await openFile(path)
  const read: { from: number; to: number }[] = []
  const watched = new Proxy(file, {
    get: (target, key) =>
      key === 'read'
        ? (bytes: Buffer, offset: number, length: number, position: number) => {
            read.push({ from: position, to: position + length })
            return target.read(bytes, offset, length, position)
          }
        : (Reflect.get(target, key) as unknown),
  })
  const fromS = planSegments(index).at(-1)?.startS ?? 0
  await readFrames(watched, places, { fromS, toS: null }, calm)
  await file.close()
  expect(read).toEqual([{ from: places.at[Math.round(fromS / 4)], to: places.endAt }])
})

describe('what lies between frames', () => {
  const name = 'aac-adts.aac'
  const whole = readFileSync(testMedia(name))

  async function withBytes(bytes: Buffer): Promise<{ path: string; media: MediaInfo }> {
    const path = join(temporaryDir(), name)
    writeFileSync(path, bytes)
    return { path, media: await readMedia(path, tools) }
  }
  /** The file with other bytes before the frame at 4 s. */
  async function inserted(bytes: Buffer): Promise<Buffer> {
    const middle = placesOf(await scan(testMedia(name), await readMedia(testMedia(name), tools))).at[1] ?? 0
    return Buffer.concat([whole.subarray(0, middle), bytes, whole.subarray(middle)])
  }

  test('a little is passed over, and so is all that comes behind the last', async () => {
    const plain = await scan(testMedia(name), await readMedia(testMedia(name), tools))
    const { path, media } = await withBytes(
      Buffer.concat([await inserted(Buffer.alloc(500, 7)), Buffer.alloc(300_000, 9)]),
    )
    const index = await scan(path, media)
    expect(index.endS).toBe(plain.endS)
    expect(placesOf(index).at.length).toBe(placesOf(plain).at.length)
    expect(placesOf(index).endAt).toBe(placesOf(plain).endAt + 500)
  })

  test('sound of another kind would be lost: no places are told', async () => {
    const other = Buffer.concat(Array.from({ length: 3 }, () => readFileSync(testMedia('aac.aac'))))
    const { path, media } = await withBytes(await inserted(other))
    await expect(scan(path, media)).rejects.toMatchObject({ name: 'ScanFault' })
    expect((await buildMediaIndex({ path, media, tools }, calm)).scan).toBeUndefined()
  })

  test('a last frame that was cut off is none', async () => {
    const plain = await scan(testMedia(name), await readMedia(testMedia(name), tools))
    const { path, media } = await withBytes(whole.subarray(0, whole.length - 20))
    expect((await scan(path, media)).endS).toBeCloseTo(plain.endS - 1024 / 44_100, 9)
  })
})

test('S55: damage anywhere ends in a table or in a clear error, never in a hang or a bug', async () => {
  for (const name of NAMES) {
    const media = await readMedia(testMedia(name), tools)
    const whole = readFileSync(testMedia(name))
    const path = join(temporaryDir(), name)
    for (let round = 0; round < 12; round++) {
      const damaged = Buffer.from(whole)
      for (let at = round * 7; at < damaged.length; at += 997 + round * 131)
        damaged[at] = (round * 41 + at) & 255
      writeFileSync(path, damaged)
      const outcome = await openFrameScan(path, media, null)
        .then((it) => runScan(path, it, undefined, calm))
        .then(
          (index) => (index.endS > 0 ? 'index' : 'nonsense'),
          (error: unknown) => (error instanceof Error ? error.name : String(error)),
        )
      expect(['index', 'ScanFault', 'AppError'], `${name} ${round}`).toContain(outcome)
    }
  }
})
