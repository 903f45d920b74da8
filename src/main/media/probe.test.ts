import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { probe } from './probe.ts'
import { calm, readMedia } from './testing.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)
/** Stands where asking ffprobe would be a mistake. */
const noFfprobe = { ffprobe: { ...tools.ffprobe, path: '/nowhere/ffprobe' } }
const mov = { container: 'MP4', demuxer: 'mov', mediabunny: true } as const

const avc = (more: Partial<VideoTrackInfo> = {}): Partial<VideoTrackInfo> => ({
  ...{ codec: 'avc', width: 320, height: 180, rotationDeg: 0, frameRate: 30, bitDepth: 8, chroma: '4:2:0' },
  ...more,
})
const aac = (more: Partial<AudioTrackInfo> = {}): Partial<AudioTrackInfo> => ({
  ...{ codec: 'aac', codecString: 'mp4a.40.2', sampleRate: 48_000, channels: 2, language: null },
  ...more,
})

type Facts = {
  container: string
  durationS: number
  video: Partial<VideoTrackInfo> | null
  audio: Partial<AudioTrackInfo>[]
}

describe('mediabunny reads, without ffprobe', () => {
  const FACTS: [name: string, facts: Facts][] = [
    [
      'h264-aac-gop2.mp4',
      { container: 'MP4', durationS: 10, video: avc({ codecString: 'avc1.64000d' }), audio: [aac()] },
    ],
    ['h264-fragmented.mp4', { container: 'MP4', durationS: 10, video: avc(), audio: [aac()] }],
    ['h264-aac.mov', { container: 'QuickTime', durationS: 10, video: avc(), audio: [aac()] }],
    ['h264-aac.mkv', { container: 'Matroska', durationS: 10, video: avc(), audio: [aac()] }],
    ['h264-2997.mp4', { container: 'MP4', durationS: 10, video: avc({ frameRate: 29.97 }), audio: [aac()] }],
    ['h264-silent.mp4', { container: 'MP4', durationS: 10, video: avc(), audio: [] }],
    ['h264-delayed-audio.mp4', { container: 'MP4', durationS: 11.5, video: avc(), audio: [aac()] }],
    [
      'h264-editlist.mp4',
      { container: 'MP4', durationS: 13, video: avc({ width: 640, height: 360 }), audio: [aac()] },
    ],
    [
      'h264-rotated.mp4',
      {
        container: 'MP4',
        durationS: 10,
        video: avc({ width: 180, height: 320, rotationDeg: 90 }),
        audio: [aac()],
      },
    ],
    ['h264-anamorphic.mp4', { container: 'MP4', durationS: 3, video: avc({ width: 427 }), audio: [] }],
    ['h264-10bit.mp4', { container: 'MP4', durationS: 4, video: avc({ bitDepth: 10 }), audio: [aac()] }],
    ['hevc-aac.mp4', { container: 'MP4', durationS: 4, video: avc({ codec: 'hevc' }), audio: [aac()] }],
    [
      'vp9-opus.webm',
      {
        container: 'WebM',
        durationS: 10,
        video: avc({ codec: 'vp9' }),
        audio: [aac({ codec: 'opus', codecString: 'opus', channels: 1 })],
      },
    ],
    [
      'h264-ac3.mkv',
      {
        container: 'Matroska',
        durationS: 10,
        video: avc(),
        audio: [aac({ codec: 'ac3', codecString: 'ac-3' })],
      },
    ],
    ['aac.m4a', { container: 'M4A', durationS: 12, video: null, audio: [aac({ sampleRate: 44_100 })] }],
    [
      'mp3.mp3',
      {
        container: 'MP3',
        durationS: 3,
        video: null,
        audio: [aac({ codec: 'mp3', codecString: 'mp3', channels: 1 })],
      },
    ],
    [
      'flac.flac',
      {
        container: 'FLAC',
        durationS: 3,
        video: null,
        audio: [aac({ codec: 'flac', codecString: 'flac', channels: 1 })],
      },
    ],
    ['aac.aac', { container: 'AAC', durationS: 3, video: null, audio: [aac()] }],
    [
      'opus.ogg',
      {
        container: 'Ogg',
        durationS: 3,
        video: null,
        audio: [aac({ codec: 'opus', codecString: 'opus', channels: 1 })],
      },
    ],
  ]
  test.each(FACTS.filter(([name]) => hasTestMedia(name)))('%s', async (name, facts) => {
    const media = await readMedia(testMedia(name), noFfprobe)
    expectFacts(media, 'mediabunny', facts)
  })
})

describe('ffprobe and readers of our own read what mediabunny does not', () => {
  const FACTS: [name: string, facts: Facts][] = [
    ['h264-aac.flv', { container: 'FLV', durationS: 10, video: avc(), audio: [aac({ codecString: null })] }],
    [
      'h264-aac.ts',
      { container: 'MPEG-TS', durationS: 10, video: avc({ codecString: 'avc1.64000d' }), audio: [aac()] },
    ],
    [
      'mpeg4-mp3.avi',
      {
        container: 'AVI',
        durationS: 4,
        video: avc({ codec: 'mpeg4' }),
        audio: [aac({ codec: 'mp3', codecString: null, channels: 1 })],
      },
    ],
    [
      'mpeg2-mp2.mpg',
      {
        container: 'MPEG',
        durationS: 3,
        video: avc({ codec: 'mpeg2video', frameRate: 25 }),
        audio: [aac({ codec: 'mp2', codecString: null, channels: 1 })],
      },
    ],
    [
      'wmv2-wma.wmv',
      {
        container: 'Windows Media',
        durationS: 3,
        video: avc({ codec: 'wmv2', frameRate: 25 }),
        audio: [aac({ codec: 'wmav2', codecString: null, channels: 1 })],
      },
    ],
    [
      'pcm.aiff',
      {
        container: 'AIFF',
        durationS: 3,
        video: null,
        audio: [aac({ codec: 'pcm_s16be', codecString: null, channels: 1 })],
      },
    ],
  ]
  test.each(FACTS.filter(([name]) => hasTestMedia(name)))('%s', async (name, facts) => {
    const media = await readMedia(testMedia(name), tools)
    expectFacts(media, 'ffprobe', facts)
  })

  test('it also names the codecs that mediabunny has no name for, which stays the reader', async () => {
    const alac = await readMedia(testMedia('alac.m4a'), tools)
    expect(alac).toMatchObject({ reader: 'mediabunny', audio: [{ codec: 'alac', sampleRate: 48_000 }] })
    const mpeg4 = await readMedia(testMedia('mpeg4-aac.3gp'), tools)
    expect(mpeg4).toMatchObject({
      reader: 'mediabunny',
      video: { codec: 'mpeg4' },
      audio: [{ codec: 'aac' }],
    })
  })

  test('both read a turned picture and odd pixels alike', async () => {
    for (const name of ['h264-rotated.mp4', 'h264-anamorphic.mp4', 'h264-10bit.mp4']) {
      const path = testMedia(name)
      const own = await probe(path, mov, tools, calm)
      const other = await probe(path, { ...mov, mediabunny: false }, tools, calm)
      expect(other.reader).toBe('ffprobe')
      expect({ ...other.video, codecString: null }, name).toEqual({ ...own.video, codecString: null })
      expect(other.durationS).toBeCloseTo(own.durationS, 1)
    }
  })
})

test('title and bit rate are told', async () => {
  const titled = await readMedia(testMedia('h264-black-start.mp4'), tools)
  expect(titled.title).toBe('Night & Day')
  const path = testMedia('h264-aac-gop2.mp4')
  const { title, bitrate, durationS } = await readMedia(path, tools)
  expect(title).toBeNull()
  expect(bitrate).toBe(Math.round((readFileSync(path).length * 8) / durationS))
})

test('a reading that nobody waits for any more ends with the reason of its signal', async () => {
  const left = new Error('left')
  for (const [name, sniffed] of [
    ['h264-aac-gop10.mp4', mov],
    ['h264-aac.flv', { container: 'FLV', demuxer: 'flv', mediabunny: false }],
  ] as const) {
    await expect(probe(testMedia(name), sniffed, tools, AbortSignal.abort(left)), name).rejects.toBe(left)
  }
})

function expectFacts(media: MediaInfo, reader: MediaInfo['reader'], facts: Facts): void {
  expect(media).toMatchObject({ reader, container: facts.container })
  expect(Math.abs(media.durationS - facts.durationS)).toBeLessThan(0.1)
  if (facts.video) expect(media.video).toMatchObject(facts.video)
  else expect(media.video).toBeNull()
  expect(media.audio).toEqual(facts.audio.map((it) => expect.objectContaining(it) as AudioTrackInfo))
}
