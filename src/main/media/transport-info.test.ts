import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TEST_MEDIA_DIR, testMedia, testMediaNames } from '../../../scripts/test-media.ts'
import type { MediaInfo } from '../../shared/media.ts'
import { probeWithFfprobe } from './ffprobe-info.ts'
import { readHead } from './head.ts'
import { isMedia, sniff, type Sniffed } from './sniff.ts'
import { calm, temporaryDir } from './testing.ts'
import { nameTransportCodecs } from './transport-facts.ts'
import { readTransportInfo } from './transport-info.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)
const TS: Sniffed = { container: 'MPEG-TS', demuxer: 'mpegts', mediabunny: false }

async function transportFiles(): Promise<string[]> {
  const found: string[] = []
  for (const name of testMediaNames()) {
    const sniffed = sniff(await readHead(join(TEST_MEDIA_DIR, name)))
    if (isMedia(sniffed) && sniffed.demuxer === 'mpegts') found.push(name)
  }
  return found
}

const askFfprobe = async (path: string): Promise<MediaInfo> =>
  nameTransportCodecs(await probeWithFfprobe(path, TS, tools, calm), path)

describe('a transport stream', () => {
  const files = transportFiles()

  test('is read to the very facts that ffprobe tells of it', async () => {
    const read: string[] = []
    for (const name of await files) {
      const own = await readTransportInfo(testMedia(name), TS)
      if (!own) continue
      read.push(name)
      const { durationS, ...facts } = await askFfprobe(testMedia(name))
      expect({ ...own, durationS: 0, bitrate: null }, name).toEqual({ ...facts, durationS: 0, bitrate: null })
      // Of several frames of sound in the last PES packet, ffprobe counts one.
      expect(own.durationS - durationS, name).toBeGreaterThan(-0.001)
      expect(own.durationS - durationS, name).toBeLessThan(0.2)
    }
    expect(read).toEqual(
      expect.arrayContaining(['aac.ts', 'h264-aac.m2ts', 'h264-aac.ts', 'h264-two-audio.ts', 'h264-wrap.ts']),
    )
  })

  test('S55: of damaged bytes is left to ffprobe, or told as far as it is sure', async () => {
    const whole = readFileSync(testMedia('h264-aac.ts'))
    const path = join(temporaryDir(), 'damaged.ts')
    for (const length of [0, 1, 187, 188, 189, 3 * 188, 40_000, whole.length - 100]) {
      writeFileSync(path, whole.subarray(0, length))
      const own = await readTransportInfo(path, TS)
      if (own) expect(own).toMatchObject({ video: { width: 320, height: 180, frameRate: 30 } })
    }
    // Every byte of the first 40 packets, one after the other: their headers, tables and parameter sets.
    for (let at = 0; at < 40 * 188; at += 37) {
      const bytes = Buffer.from(whole.subarray(0, 200_000))
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      writeFileSync(path, bytes)
      const own = await readTransportInfo(path, TS)
      expect(own === null || own.durationS < 48 * 3600, String(at)).toBe(true)
    }
  })
})
