import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import { readMedia, temporaryDir } from '../media/testing.ts'
import { runScan } from './file-scan.ts'
import { buildMediaIndex } from './keyframes.ts'
import { testTools } from './testing.ts'
import { openTransportScan } from './transport-scan.ts'

const tools = await testTools()
const calm = new AbortController().signal
const PACKET = 188

const mediaOf = (name: string): Promise<MediaInfo> => readMedia(testMedia(name), tools)

async function scan(path: string, media: MediaInfo): Promise<MediaIndex> {
  return runScan(path, await openTransportScan(path, media, null), undefined, calm)
}

/** A packet as ffprobe tells it: time in seconds, place in the file, and whether it is a key. */
type Probed = { timeS: number; at: number; isKey: boolean }

async function packetsOf(path: string, stream: string): Promise<Probed[]> {
  const args = ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=pts_time,pos,flags']
  // As the product does: static builds die of the system's character sets (see media/ffmpeg.ts).
  const env = { GCONV_PATH: '/nonexistent' }
  const { stdout } = await run(tools.ffprobe.path, [...args, '-of', 'json', path], { env, timeoutMs: 60_000 })
  type Packet = { pts_time: string; pos: string; flags: string }
  const { packets } = JSON.parse(stdout.toString()) as { packets: Packet[] }
  return packets.map((it) => ({
    ...{ timeS: Number(it.pts_time), at: Number(it.pos) },
    isKey: it.flags.startsWith('K'),
  }))
}

/** The places of a transport stream's index. Throws when there are none. */
function placesOf({ scan: places }: MediaIndex) {
  if (places?.kind !== 'transport') throw new Error('no transport stream')
  return places
}

describe('key pictures lie where ffprobe finds them', () => {
  test.each(['h264-aac.ts', 'h264-two-audio.ts'])('%s', async (name) => {
    const index = await scan(testMedia(name), await mediaOf(name))
    const keys = (await packetsOf(testMedia(name), 'v:0')).filter((it) => it.isKey)
    expect(placesOf(index).video?.keyAt).toEqual(keys.map((it) => it.at))
    expect(index.keyTimesS).toHaveLength(keys.length)
    index.keyTimesS.forEach((timeS, at) => expect(timeS).toBeCloseTo(keys[at]?.timeS ?? -1, 5))
    expect(index.openGop).toBe(false)
  })
})

test.each(['h264-aac.ts', 'h264-two-audio.ts'])(
  'all sound at or after a key of %s, and none before it, lies behind its mark',
  async (name) => {
    const index = await scan(testMedia(name), await mediaOf(name))
    const { audio, endAt } = placesOf(index)
    for (const [track, sound] of audio.entries()) {
      const packets = (await packetsOf(testMedia(name), `a:${track}`)).filter((it) => it.at >= 0)
      for (const [key, keyS] of index.keyTimesS.entries()) {
        const from = sound?.from[key] ?? endAt
        const to = sound?.to[key] ?? 0
        // A place is that of a PES packet, which holds several frames.
        for (const { timeS, at } of packets) {
          if (timeS >= keyS) expect(at).toBeGreaterThanOrEqual(from)
          else expect(at).toBeLessThan(to)
        }
      }
    }
  },
)

test('where there is no picture, the sound has a mark every 4 s', async () => {
  const index = await scan(testMedia('aac.ts'), await mediaOf('aac.ts'))
  const { audio, video } = placesOf(index)
  expect(video).toBeNull()
  expect(index).toMatchObject({ keyTimesS: [], startS: 1.4, reorderS: 0 })
  expect(audio[0]?.from.length).toBeGreaterThanOrEqual(3)
  expect(audio[0]?.from[0]).toBe((await packetsOf(testMedia('aac.ts'), 'a:0'))[0]?.at)
})

test('a scan that was put down anywhere goes on from there to the same table', async () => {
  for (const name of ['h264-wrap.ts', 'h264-two-audio.ts', 'h264-aac.m2ts', 'aac.ts']) {
    const path = testMedia(name)
    const media = await mediaOf(name)
    const bytes = readFileSync(path)
    const whole = await scan(path, media)
    for (const part of [0.02, 0.31, 0.5, 0.77, 0.99]) {
      const first = await openTransportScan(path, media, null)
      const end = Math.floor(bytes.length * part)
      while (first.position < end - 2 * PACKET) {
        first.take(bytes.subarray(first.position, Math.min(first.position + 10_000, end)), false)
      }
      const saved = JSON.parse(JSON.stringify(first.save())) as unknown
      const second = await openTransportScan(path, media, saved)
      expect(second.position).toBeGreaterThan(0.9 * first.position - 60_000)
      expect(await runScan(path, second, undefined, calm), `${name} at ${part}`).toEqual(whole)
    }
  }
})

test('a state that makes no sense is not taken up', async () => {
  const path = testMedia('h264-aac.ts')
  const media = await mediaOf('h264-aac.ts')
  const whole = await scan(path, media)
  for (const saved of ['', 'no json', '{"version":0,"position":500000}', '[]', 'null']) {
    const progress = { saved, save: () => undefined, report: () => undefined }
    expect(await buildMediaIndex({ path, media, tools, progress }, calm), saved).toEqual(whole)
  }
})

describe('where a copy would not be exact, a stream is left to ffmpeg', () => {
  const DAMAGES: [what: string, damage: (packets: Buffer[]) => Buffer[]][] = [
    ['a lost packet', (packets) => packets.filter((_, at) => at !== 1943)],
    ['a packet that is marked as damaged', (packets) => changed(packets, 1, (byte) => byte | 0x80)],
    ['a scrambled packet', (packets) => changed(packets, 3, (byte) => byte | 0xc0)],
    ['bytes between packets', (packets) => packets.toSpliced(2000, 0, Buffer.alloc(10))],
    ['a second recording behind the first', (packets) => [...packets, ...packets]],
  ]
  /** One byte of a packet in the middle is another. */
  function changed(packets: Buffer[], place: number, change: (byte: number) => number): Buffer[] {
    // The first packet from there on that carries the picture.
    const at = packets.findIndex((it, i) => i > 1900 && (it.readUInt16BE(1) & 0x1fff) === 256)
    const packet = Buffer.from(packets[at] ?? '')
    packet[place] = change(packet[place] ?? 0)
    return packets.with(at, packet)
  }

  test.each(DAMAGES)('%s', async (_, damage) => {
    const bytes = readFileSync(testMedia('h264-aac.ts'))
    const packets = Array.from({ length: bytes.length / PACKET }, (_, at) =>
      bytes.subarray(at * PACKET, (at + 1) * PACKET),
    )
    const path = join(temporaryDir(), 'damaged.ts')
    writeFileSync(path, Buffer.concat(damage(packets)))
    const media = await mediaOf('h264-aac.ts')
    await expect(scan(path, media)).rejects.toMatchObject({ name: 'ScanFault' })
    const index = await buildMediaIndex({ path, media, tools }, calm)
    expect(index.scan).toBeUndefined()
    expect(index.keyTimesS.length).toBeGreaterThan(3)
  })

  test('sound that is not in there', async () => {
    const media = await mediaOf('h264-aac.ts')
    const path = testMedia('h264-aac.ts')
    await expect(openTransportScan(path, { ...media, audio: [] }, null)).rejects.toThrow('probing')
  })
})

test('S55: damage anywhere ends in a table or is left to ffmpeg, never in a hang or a bug', async () => {
  const media = await mediaOf('h264-aac.ts')
  const whole = readFileSync(testMedia('h264-aac.ts'))
  const path = join(temporaryDir(), 'damaged.ts')
  for (let round = 0; round < 60; round++) {
    const damaged = Buffer.from(whole)
    for (let at = 400 + round * 7; at < damaged.length; at += 9973 + round * 131)
      damaged[at] = (round * 41 + at) & 255
    writeFileSync(path, damaged)
    const outcome = await openTransportScan(path, media, null)
      .then((it) => runScan(path, it, undefined, calm))
      .then(
        (index) => (Number.isFinite(index.endS) ? 'index' : 'nonsense'),
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      )
    expect(['index', 'ScanFault']).toContain(outcome)
  }
})
