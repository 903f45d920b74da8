import { describe, expect, test } from 'vitest'
import type { AudioTrackInfo, MediaIndex, MediaInfo, ScanIndex, VideoTrackInfo } from '../../shared/media.ts'
import { choosePackager } from './packagers.ts'

const video = (more: Partial<VideoTrackInfo> = {}): VideoTrackInfo => ({
  codec: 'avc',
  codecString: 'avc1.64001f',
  width: 1280,
  height: 720,
  rotationDeg: 0,
  frameRate: 30,
  bitDepth: 8,
  chroma: '4:2:0',
  ...more,
})
const audio = (codec = 'aac'): AudioTrackInfo => ({
  codec,
  codecString: null,
  sampleRate: 48_000,
  channels: 2,
  language: null,
  name: null,
})
const media = (more: Partial<MediaInfo> = {}): MediaInfo => ({
  container: 'MP4',
  demuxer: 'mov',
  reader: 'mediabunny',
  durationS: 20,
  bitrate: 1_000_000,
  video: video(),
  audio: [audio()],
  title: null,
  ...more,
})
const index = (more: Partial<MediaIndex> = {}): MediaIndex => ({
  keyTimesS: [0, 4, 8, 12, 16],
  openGop: false,
  startS: 0,
  endS: 20,
  reorderS: 0,
  videoTimescale: 15_360,
  ...more,
})
const choose = (it: Partial<MediaInfo> = {}, table: Partial<MediaIndex> = {}, canDecode = () => true) =>
  choosePackager(media(it), index(table), canDecode)

const FRAMES: ScanIndex = {
  ...{ kind: 'frames', format: 'mp3', sampleRate: 48_000, channels: 2, configuration: '' },
  ...{ at: [0], firstSamples: [0], endAt: 9000 },
}

const REMUX = { packager: 'remux', delivery: 'remux', reason: null }

describe('remux takes what browsers play from MP4, QuickTime, Matroska and WebM', () => {
  const vp9 = video({ codec: 'vp9', codecString: 'vp09.00.31.08', bitDepth: null, chroma: null })
  test.each<[string, Partial<MediaInfo>]>([
    ['H.264 and AAC in MP4', {}],
    ['H.264 and Opus in Matroska', { demuxer: 'matroska', audio: [audio('opus')] }],
    ['VP9 and Opus in WebM', { demuxer: 'matroska', video: vp9, audio: [audio('opus')] }],
    ['picture alone', { audio: [] }],
    ['a profile that tells what the container does not', { video: video({ bitDepth: null, chroma: null }) }],
  ])('%s', (_, it) => {
    expect(choose(it)).toEqual(REMUX)
  })

  test('sound alone', () => {
    expect(choose({ video: null }, { keyTimesS: [] })).toEqual(REMUX)
  })

  test('sound that browsers play beside sound that they do not', () => {
    expect(choose({ audio: [audio('ac3'), audio('aac')] })).toEqual(REMUX)
  })

  test.each<[string, Partial<MediaInfo>]>([
    ['FLAC', { container: 'FLAC', demuxer: 'flac', audio: [audio('flac')] }],
    ['FLAC in MP4', { audio: [audio('flac')] }],
    ['MP3', { container: 'MP3', demuxer: 'mp3', audio: [audio('mp3')] }],
    ['AAC with ADTS headers', { container: 'AAC', demuxer: 'aac' }],
  ])('%s alone, by its places', (_, it) => {
    expect(choose({ ...it, video: null }, { keyTimesS: [], scan: FRAMES })).toEqual(REMUX)
  })

  test('Opus in Ogg', () => {
    const ogg = { container: 'Ogg', demuxer: 'ogg', video: null, audio: [audio('opus')] }
    expect(choose(ogg, { keyTimesS: [] })).toEqual(REMUX)
  })

  test('AV1 of 8 bits', () => {
    expect(choose({ video: video({ codec: 'av1', codecString: 'av01.0.04M.08' }) })).toEqual(REMUX)
  })

  test('MPEG-TS by its places', () => {
    const stream = { container: 'MPEG-TS', demuxer: 'mpegts', reader: 'ffprobe' } as const
    expect(choose(stream, { scan: FRAMES })).toEqual(REMUX)
  })

  test('GOPs of 12 s', () => {
    expect(choose({}, { keyTimesS: [0, 12], endS: 24 })).toEqual(REMUX)
  })
})

describe('packaged takes what can be copied otherwise', () => {
  test.each<[string, Partial<MediaInfo>, Partial<MediaIndex>]>([
    ['FLV', { container: 'FLV', demuxer: 'flv', reader: 'ffprobe' }, {}],
    ['MPEG-TS without places', { container: 'MPEG-TS', demuxer: 'mpegts', reader: 'ffprobe' }, {}],
    ['ADTS without places', { container: 'AAC', demuxer: 'aac', video: null }, { keyTimesS: [] }],
    ['GOPs of 13 s', {}, { keyTimesS: [0, 7], endS: 20 }],
  ])('%s', (_, it, table) => {
    const choice = choose(it, table)
    expect(choice).toMatchObject({ packager: 'packaged', delivery: 'remux' })
    expect(choice.reason).toMatch(/prepared once/)
  })
})

describe('the rest is converted, with a reason that a person understands', () => {
  test.each<[string, Partial<MediaInfo>, Partial<MediaIndex>, RegExp]>([
    [
      'HEVC',
      { video: video({ codec: 'hevc' }) },
      {},
      /^The picture is HEVC, which most browsers cannot play\.$/,
    ],
    ['MPEG-2', { video: video({ codec: 'mpeg2video' }) }, {}, /^The picture is MPEG-2, /],
    ['10 bit', { video: video({ bitDepth: 10 }) }, {}, /10 bit/],
    ['4:2:2', { video: video({ chroma: '4:2:2' }) }, {}, /4:2:2/],
    [
      'High 10 by its profile',
      { video: video({ codecString: 'avc1.6e001f', bitDepth: null, chroma: null }) },
      {},
      /form/,
    ],
    ['open GOPs, however frequent IDRs are', {}, { openGop: true }, /open GOPs/],
    ['open GOPs in MPEG-TS', { demuxer: 'mpegts' }, { openGop: true, scan: FRAMES }, /open GOPs/],
    ['AV1 of 10 bits', { video: video({ codec: 'av1', bitDepth: 10 }) }, {}, /^The picture is AV1 \(10 bit/],
    ['open GOPs in FLV', { demuxer: 'flv', reader: 'ffprobe' }, { openGop: true }, /open GOPs/],
    ['pictures out of order beside a hole of seconds', {}, { reorderS: 5 }, /very uneven times/],
    ['H.264 in AVI', { demuxer: 'avi', reader: 'ffprobe' }, { keyTimesS: [] }, /AVI does not tell/],
    ['no key frame', {}, { keyTimesS: [] }, /No key frame/],
    ['key frames far apart', {}, { endS: 3600 }, /3584 s apart/],
    [
      'sound that cannot be copied beside a picture that remux does not read',
      { demuxer: 'flv', reader: 'ffprobe', audio: [audio('mp3')] },
      {},
      /^The sound is MP3, /,
    ],
  ])('%s', (_, it, table, reason) => {
    const choice = choose(it, table)
    expect(choice).toMatchObject({ packager: 'transcode', delivery: 'transcode' })
    expect(choice.reason).toMatch(reason)
  })

  test.each([
    ['ac3', 'AC-3'],
    ['pcm-s16', 'PCM'],
    ['mp3', 'MP3'],
    ['vorbis', 'Vorbis'],
  ])('sound in %s: only the sound is converted', (codec, name) => {
    const choice = choose({ audio: [audio(codec)] })
    expect(choice).toMatchObject({ packager: 'transcode', delivery: 'audio' })
    expect(choice.reason).toContain(`The sound is ${name}, `)
    expect(choose({ video: null, audio: [audio(codec)] })).toEqual(choice)
  })

  test('an MP3 of frames that change their kind', () => {
    const mp3 = { container: 'MP3', demuxer: 'mp3', video: null, audio: [audio('mp3')] }
    expect(choose(mp3, { keyTimesS: [] })).toMatchObject({ packager: 'transcode', delivery: 'audio' })
  })

  test('sound that cannot be decoded is left out of a film, and the reason says so', () => {
    const choice = choose({ audio: [audio('ac4')] }, {}, () => false)
    expect(choice).toMatchObject({ packager: 'transcode', delivery: 'audio' })
    expect(choice.reason).toMatch(/AC4\) cannot be read and is left out\.$/)
  })
})

describe('refused is only what nothing can be made of', () => {
  const none = (): boolean => false
  test.each<[string, Partial<MediaInfo>, RegExp]>([
    ['nothing at all', { video: null, audio: [] }, /neither picture nor sound/],
    [
      'a picture that is not decoded',
      { video: video({ codec: 'vvc' }) },
      /VVC, which this ffmpeg cannot read/,
    ],
    [
      'sound that is not decoded',
      { video: null, audio: [audio('ac4')] },
      /AC4, which this ffmpeg cannot read/,
    ],
  ])('%s', (_, it, reason) => {
    const choice = choose(it, {}, none)
    expect(choice).toMatchObject({ packager: null, delivery: 'transcode' })
    expect(choice.reason).toMatch(reason)
  })
})
