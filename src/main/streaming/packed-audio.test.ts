import { expect, onTestFinished, test } from 'vitest'
import { hasTestMedia } from '../../../scripts/test-media.ts'
import { id3Length } from '../media/audio-frames.ts'
import { readMp3Header } from '../media/mp3-frames.ts'
import { createSources } from '../media/source.ts'
import { bytesOf } from './packager.contract.ts'
import { createRemuxPackager } from './remux-packager.ts'
import { readTestMedia } from './testing.ts'

const { signal } = new AbortController()
const OWNER = 'com.apple.streaming.transportStreamTimestamp\0'

/** Frames of sound behind a segment's tag: how many, and their samples together. Throws at anything else. */
function framesIn(segment: Buffer): { samples: number; sampleRate: number } {
  let samples = 0
  let sampleRate = 0
  for (let at = id3Length(segment); at < segment.length;) {
    const header = readMp3Header(segment, at)
    if (!header) throw new Error(`no frame at ${at}`)
    samples += header.samples
    sampleRate = header.sampleRate
    at += header.frameBytes
  }
  return { samples, sampleRate }
}

test.each(['mp3-vbr.mp3', 'mp3-bare.mp3', 'mp3-tagged.mp3'].filter(hasTestMedia))(
  'each segment of %s says the exact time of its first frame, and holds whole frames of sound only',
  async (name) => {
    const sources = createSources()
    onTestFinished(() => sources.close())
    const { playable } = await readTestMedia(name)
    const { renditions } = await createRemuxPackager({ sources }).open(playable)
    const [rendition] = renditions
    expect(rendition).toMatchObject({ init: null, format: 'mp3', codecs: 'mp4a.40.34', kind: 'audio' })
    expect(rendition.segments.length).toBeGreaterThan(1)
    let lengthS = 0
    for (const { index, startS } of rendition.segments) {
      const segment = await bytesOf(await rendition.segment(index, signal))
      expect(segment.toString('latin1', 0, 6)).toBe('ID3\x04\0\0')
      expect(segment.toString('latin1', 10, 14)).toBe('PRIV')
      expect(segment.toString('latin1', 20, 20 + OWNER.length)).toBe(OWNER)
      const ticks = Number(segment.readBigUInt64BE(20 + OWNER.length))
      expect(id3Length(segment)).toBe(20 + OWNER.length + 8)
      expect(ticks).toBe(Math.round(lengthS * 90_000))
      expect(ticks / 90_000).toBeGreaterThanOrEqual(startS - 1e-4)
      const { samples, sampleRate } = framesIn(segment)
      lengthS += samples / sampleRate
    }
    expect(lengthS).toBeCloseTo(playable.index.endS, 9)
  },
)

test('the frame with facts of the file is no sound: it is in no segment', async () => {
  if (!hasTestMedia('mp3-vbr.mp3')) return
  const sources = createSources()
  onTestFinished(() => sources.close())
  const { playable } = await readTestMedia('mp3-vbr.mp3')
  const { renditions } = await createRemuxPackager({ sources }).open(playable)
  const first = await bytesOf(await renditions[0].segment(0, signal))
  expect(first.includes('Xing')).toBe(false)
  expect(first.includes('Info')).toBe(false)
})
