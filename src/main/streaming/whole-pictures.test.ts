import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { temporaryDir } from '../media/testing.ts'
import { hashTracks } from './testing-packets.ts'
import { readPlayable, serveStreams, testTools } from './testing.ts'
import { createStreams } from './streams.ts'
import { createLog } from '../base/log.ts'
import { isWhole } from './whole-pictures.ts'

test('an access unit is whole when its parts add up to it', () => {
  const unit = (...lengths: number[]): Buffer =>
    Buffer.concat(
      lengths.map((it) => Buffer.concat([Buffer.from([0, 0, it >> 8, it & 255]), Buffer.alloc(it, 1)])),
    )
  expect(isWhole(unit(3), 4)).toBe(true)
  expect(isWhole(unit(3, 700), 4)).toBe(true)
  expect(isWhole(unit(3).subarray(0, 6), 4)).toBe(false)
  expect(isWhole(Buffer.concat([unit(3), Buffer.from([9])]), 4)).toBe(false)
  expect(isWhole(Buffer.alloc(64), 4)).toBe(false)
  expect(isWhole(Buffer.alloc(0), 4)).toBe(false)
})

test('pictures that a disk has lost are left out of the stream, and all others stay', async () => {
  const dir = temporaryDir()
  const path = join(dir, 'lost.mp4')
  const bytes = await readFile(testMedia('h264-aac-gop2.mp4'))
  bytes.fill(0, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.6) + 4096)
  await writeFile(path, bytes)
  const tools = await testTools()
  const { playable, choice } = await readPlayable(path)
  expect(choice.packager).toBe('remux')
  const log = createLog({ level: 'silent' })
  const streams = createStreams({ tools, packagedDir: dir, clipsDir: join(dir, 'clips'), log })
  const server = await serveStreams(streams, [playable])
  try {
    const whole = await hashTracks(tools, path, 'copy')
    const stream = await hashTracks(tools, server.url(0), 'copy')
    const known = new Map(whole.video.map((it, at) => [it.md5, at]))
    const places = stream.video.map(({ md5 }) => known.get(md5) ?? -1)
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(stream.video.length).toBeLessThan(whole.video.length)
    expect(stream.video.length).toBeGreaterThan(whole.video.length - 20)
  } finally {
    await server.close()
    await streams.close()
  }
})
