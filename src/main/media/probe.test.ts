import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../../shared/media.ts'
import { probe } from './probe.ts'
import { isMedia, sniff } from './sniff.ts'
import { calm, readMedia, temporaryDir } from './testing.ts'
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

describe('S55: what is broken is refused with a sentence for its owner', () => {
  test('a film whose index is missing', async () => {
    await expect(readMedia(testMedia('truncated.mp4'), tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file is cut off: its index (moov) is missing. Copy or download it again.',
    })
  })

  test('a film with its index at the front that stopped being copied', async () => {
    const path = join(temporaryDir(), 'cut.mp4')
    const whole = readFileSync(testMedia('h264-aac-gop2.mp4'))
    writeFileSync(path, whole)
    truncateSync(path, Math.floor(whole.length * 0.6))
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: expect.stringMatching(/cut off: only (59|60) % of it is here/) as string,
    })
    // Trailing bytes that are no box do no harm.
    writeFileSync(path, Buffer.concat([whole, Buffer.from('appended by some tool')]))
    expect((await readMedia(path, tools)).durationS).toBe(10)
  })

  test('a recording in fragments that was cut off is good as far as it goes', async () => {
    const path = join(temporaryDir(), 'recording.mp4')
    const whole = readFileSync(testMedia('h264-fragmented.mp4'))
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * 0.7)))
    const { durationS, video } = await readMedia(path, tools)
    expect(video).toMatchObject({ codec: 'avc' })
    expect(durationS).toBeGreaterThan(4)
    expect(durationS).toBeLessThan(10)
  })

  test('noise behind a start that looks right, for every container', async () => {
    const noise = readFileSync(testMedia('random.mp4'))
    const names = ['h264-aac.mkv', 'h264-aac.flv', 'mpeg4-mp3.avi', 'opus.ogg', 'flac.flac', 'wmv2-wma.wmv']
    for (const name of names.filter(hasTestMedia)) {
      const film = readFileSync(testMedia(name))
      const sniffed = sniff(film)
      if (!isMedia(sniffed)) throw new Error(name)
      const path = join(temporaryDir(), name)
      writeFileSync(path, Buffer.concat([film.subarray(0, 16), noise]))
      await expect(probe(path, sniffed, tools, calm), name).rejects.toMatchObject({
        code: 'unsupported_media',
      })
    }
  })

  test('a container with nothing in it', async () => {
    const path = join(temporaryDir(), 'nothing.mp4')
    writeFileSync(path, Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moov\0\0\0\x08mdat', 'latin1'))
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: expect.stringContaining('no picture or sound') as string,
    })
  })
})

describe('S54: a header that lies is not believed', () => {
  /** A copy of a film with 32-bit numbers overwritten, each so many bytes behind the name of its box. */
  function withNumbers(...changes: [box: string, offset: number, value: number][]): string {
    const film = Buffer.from(readFileSync(testMedia('h264-silent.mp4')))
    const index = film.lastIndexOf('moov', undefined, 'latin1')
    for (const [box, offset, value] of changes) {
      film.writeUInt32BE(value, film.indexOf(box, index, 'latin1') + 4 + offset)
    }
    const path = join(temporaryDir(), 'bomb.mp4')
    writeFileSync(path, film)
    return path
  }

  test('a picture of 65535 x 65535', async () => {
    // Width and height of the sample entry (ISO 14496-12 12.1.3.2), 16 bits each; 16.16 in the track's header.
    const path = withNumbers(['avc1', 24, 0xffffffff], ['tkhd', 76, 0xffff0000], ['tkhd', 80, 0xffff0000])
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file claims a picture larger than any screen.',
    })
  })

  test('a film of 136 years', async () => {
    // Timescale 1 and that many ticks, wherever a header tells the duration (ISO 14496-12 8.2.2, 8.3.2, 8.4.2).
    const long = 0xfffffffe
    const path = withNumbers(
      ['mvhd', 12, 1],
      ['mvhd', 16, long],
      ['tkhd', 20, long],
      ['mdhd', 12, 1],
      ['mdhd', 16, long],
    )
    await expect(readMedia(path, tools)).rejects.toMatchObject({
      code: 'unsupported_media',
      message: 'The file claims to be longer than two days.',
    })
  })
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
