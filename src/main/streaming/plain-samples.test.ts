import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EncodedPacketSink } from 'mediabunny'
import { expect, onTestFinished, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { readPlainMp4 } from '../media/plain-mp4.ts'
import { openFile, openInput } from '../media/source.ts'
import { openPlainSamples } from './plain-samples.ts'
import { createPacketReader, type SampleReader } from './remux-samples.ts'
import { planSegments } from './segment-plan.ts'
import { readTestMedia } from './testing.ts'

const { signal } = new AbortController()

/** Both ways into one file. */
async function readers(
  name: string,
  sound = 0,
): Promise<{ plain: SampleReader | null; byPackets: SampleReader }> {
  const file = await openFile(testMedia(name))
  const input = openInput(testMedia(name))
  onTestFinished(async () => {
    input.dispose()
    await file.close()
  })
  const video = await input.getPrimaryVideoTrack()
  const audio = (await input.getAudioTracks())[sound] ?? null
  const film = await readPlainMp4(file)
  const rendition = { picture: video !== null, sound: audio && sound }
  return {
    plain: film && openPlainSamples(file, film, rendition),
    byPackets: createPacketReader(video, audio),
  }
}

test.each([
  'h264-aac-gop2.mp4',
  'h264-aac-gop10.mp4',
  'h264-irregular.mp4',
  'h264-2997.mp4',
  'h264-vfr.mp4',
  'h264-delayed-audio.mp4',
  'h264-editlist.mp4',
  'h264-rotated.mp4',
  'h264-silent.mp4',
  'h264-aac.mov',
  'aac.m4a',
  'h264-two-audio.mp4',
])('%s: its tables give the same samples as mediabunny, in every segment', async (name) => {
  const { plain, byPackets } = await readers(name)
  if (!plain) throw new Error('not plain')
  const { index } = (await readTestMedia(name)).playable
  const segments = planSegments(index)
  const clock = { baseS: segments[0]?.startS ?? 0, reorderS: index.reorderS }
  const lines = {
    video: index.videoTimescale > 0 ? { ...clock, timescale: index.videoTimescale } : null,
    audio: { ...clock, timescale: name.endsWith('m4a') ? 44_100 : 48_000 },
  }
  // Backwards, so that a buffer that is used again would show what was in it before.
  for (const { index: number, startS } of [...segments].reverse()) {
    const toS = segments[number + 1]?.startS ?? null
    const range = { keyS: number === 0 ? (index.keyTimesS[0] ?? startS) : startS, fromS: startS, toS }
    const here = await plain.read(range, lines, signal)
    const there = await byPackets.read(range, lines, signal)
    expect(here.pictures.length + here.sounds.length).toBeGreaterThan(10)
    expect(comparable(here)).toEqual(comparable(there))
    here.release()
  }
})

const comparable = ({ pictures, sounds }: Awaited<ReturnType<SampleReader['read']>>) =>
  [...pictures, ...sounds].map(({ data, ...times }) => ({
    ...times,
    data: Buffer.from(data).toString('latin1'),
  }))

test.each(['h264-fragmented.mp4', 'hevc-aac.mp4', 'h264-aac.mkv'])(
  '%s is left to mediabunny',
  async (name) => {
    expect((await readers(name)).plain).toBeNull()
  },
)

test('a key frame that is not where the index says is a changed source', async () => {
  const { plain, byPackets } = await readers('h264-aac-gop2.mp4')
  const lines = { video: { timescale: 15_360, baseS: 0, reorderS: 0 }, audio: null }
  for (const reader of [plain, byPackets]) {
    for (const range of [
      { keyS: 2.5, fromS: 2.5, toS: null },
      { keyS: 2, fromS: 2, toS: 5 },
    ]) {
      await expect(reader?.read(range, lines, signal)).rejects.toMatchObject({ code: 'file_missing' })
    }
  }
})

test('the test would notice samples that differ: mediabunny’s first key packet is what the tables give', async () => {
  const { plain } = await readers('h264-aac-gop2.mp4')
  const input = openInput(testMedia('h264-aac-gop2.mp4'))
  onTestFinished(() => input.dispose())
  const track = await input.getPrimaryVideoTrack()
  const packet = track && (await new EncodedPacketSink(track).getFirstKeyPacket())
  const lines = { video: { timescale: 15_360, baseS: 0, reorderS: 0 }, audio: null }
  const samples = await plain?.read({ keyS: 0, fromS: 0, toS: 2 }, lines, signal)
  expect(samples?.pictures).toHaveLength(60)
  expect(Buffer.from(samples?.pictures[0]?.data ?? []).equals(packet?.data ?? Buffer.alloc(0))).toBe(true)
})

test('S54: a sample that claims 2 GiB and more is refused; a read of it would end the process', async () => {
  const film = Buffer.from(readFileSync(testMedia('h264-silent.mp4')))
  // Sizes of samples: version and flags, one size for all (0: each its own), their number, the sizes (ISO 14496-12 8.7.3.2).
  const sizes = film.indexOf('stsz', film.lastIndexOf('moov', undefined, 'latin1'), 'latin1') + 4
  film.writeUInt32BE(0x9000_0000, sizes + 12 + 4 * 3)
  const folder = mkdtempSync(join(tmpdir(), 'matinee-samples-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'film.mp4'), film)
  const file = await openFile(join(folder, 'film.mp4'))
  onTestFinished(() => file.close())
  const plain = await readPlainMp4(file)
  const reader = plain && openPlainSamples(file, plain, { picture: true, sound: null })
  if (!reader) throw new Error('not plain')
  const lines = { video: { timescale: 15_360, baseS: 0, reorderS: 1 }, audio: null }
  await expect(reader.read({ keyS: 0, fromS: 0, toS: null }, lines, signal)).rejects.toMatchObject({
    code: 'unsupported_media',
  })
})
