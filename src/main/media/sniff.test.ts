import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { HEAD_BYTES, isMedia, sniff } from './sniff.ts'

const headOf = (name: string): Uint8Array => readFileSync(testMedia(name)).subarray(0, HEAD_BYTES)
const text = (it: string): Uint8Array => Buffer.from(it, 'latin1')

const ALL_CONTAINERS: [name: string, container: string, demuxer: string, mediabunny: boolean][] = [
  ['h264-aac-gop2.mp4', 'MP4', 'mov', true],
  ['h264-fragmented.mp4', 'MP4', 'mov', true],
  ['h264-aac.mov', 'QuickTime', 'mov', true],
  ['aac.m4a', 'M4A', 'mov', true],
  ['mpeg4-aac.3gp', '3GP', 'mov', true],
  ['h264-aac.mkv', 'Matroska', 'matroska', true],
  ['vp9-opus.webm', 'WebM', 'matroska', true],
  ['h264-aac.ts', 'MPEG-TS', 'mpegts', false],
  ['mpeg2-mp2.mpg', 'MPEG', 'mpeg', false],
  ['mpeg4-mp3.avi', 'AVI', 'avi', false],
  ['h264-aac.flv', 'FLV', 'flv', false],
  ['wmv2-wma.wmv', 'Windows Media', 'asf', false],
  ['mpeg2-pcm.mxf', 'MXF', 'mxf', false],
  ['opus.ogg', 'Ogg', 'ogg', true],
  ['pcm.wav', 'WAV', 'wav', true],
  ['pcm.aiff', 'AIFF', 'aiff', false],
  ['flac.flac', 'FLAC', 'flac', true],
  ['mp3.mp3', 'MP3', 'mp3', true],
  ['aac.aac', 'AAC', 'aac', true],
]

// What this ffmpeg cannot make was named when the test media were made.
const CONTAINERS = ALL_CONTAINERS.filter(([name]) => hasTestMedia(name))

describe('a container is known by its bytes', () => {
  test.each(CONTAINERS)('%s is %s', (name, container, demuxer, mediabunny) => {
    expect(sniff(headOf(name))).toEqual({ container, demuxer, mediabunny })
  })

  test('a transport stream is known when it begins inside a packet, and with a time stamp before each', () => {
    const stream = headOf('h264-aac.ts')
    expect(sniff(stream.subarray(100))).toMatchObject({ container: 'MPEG-TS' })
    const packets = Array.from({ length: 20 }, (_, i) => stream.subarray(i * 188, (i + 1) * 188))
    const stamped = Buffer.concat(packets.flatMap((it) => [Buffer.from([1, 2, 3, 4]), it]))
    expect(sniff(stamped)).toMatchObject({ container: 'MPEG-TS', demuxer: 'mpegts' })
  })

  test('ID3 tags and padding before the sound are stepped over', () => {
    const { length, bare } = withoutTag(headOf('mp3.mp3'))
    expect(length).toBeGreaterThan(10)
    expect(sniff(bare)).toMatchObject({ container: 'MP3' })
    expect(sniff(Buffer.concat([tag(300), tag(90), Buffer.alloc(500), bare]))).toMatchObject({
      container: 'MP3',
    })
    expect(sniff(Buffer.concat([tag(100), headOf('aac.aac')]))).toMatchObject({ container: 'AAC' })
    expect(sniff(Buffer.concat([tag(100), headOf('flac.flac')]))).toMatchObject({ demuxer: 'flac' })
    expect(isMedia(sniff(tag(HEAD_BYTES).subarray(0, HEAD_BYTES)))).toBe(false)
    expect(isMedia(sniff(Buffer.concat([tag(100), Buffer.alloc(3000)])))).toBe(false)
  })

  test('a QuickTime file of before brands is known by its first box, words that look like one are not', () => {
    expect(sniff(text('\0\0\0\x08wide\0\0\0\x10mdat12345678'))).toMatchObject({ container: 'QuickTime' })
    expect(isMedia(sniff(text('\0\0\0\x05moovand more words')))).toBe(false)
  })

  test('one frame, or two sync words by chance, are no sound file', () => {
    const { bare } = withoutTag(headOf('mp3.mp3'))
    expect(isMedia(sniff(bare.subarray(0, 200)))).toBe(false)
    expect(isMedia(sniff(Buffer.concat([bare.subarray(0, 4), Buffer.alloc(4000, 0x55)])))).toBe(false)
    expect(isMedia(sniff(Buffer.concat([headOf('aac.aac').subarray(0, 7), Buffer.alloc(4000, 0x55)])))).toBe(
      false,
    )
  })
})

test('frames of sound must follow one another in kind: sync words in other files are none', () => {
  const mp3 = withoutTag(headOf('mp3.mp3')).bare
  const [adts, noise] = [headOf('aac.aac'), headOf('random.mp4')]
  for (const frames of [mp3, adts]) {
    // Three frames, and then something else.
    expect(isMedia(sniff(Buffer.concat([frames.subarray(0, 900), noise])))).toBe(false)
  }
  // Noise that is strewn with sync words, and words of every kind of text.
  for (let round = 0; round < 200; round++) {
    const strewn = Buffer.from(noise)
    for (let at = 0; at + 2 < strewn.length; at += 97 + round * 11) {
      strewn[at] = 0xff
      strewn[at + 1] = [0xfb, 0xfa, 0xf1, 0xf9, 0xf3, 0xe3][round % 6] ?? 0
      strewn[at + 2] = (round * 16 + at) & 0xff
    }
    strewn.copy(strewn, 0, 97 + round * 11)
    expect(isMedia(sniff(strewn)), `round ${round}`).toBe(false)
  }
  const words = Buffer.from('\xff\xfe' + 'S\0u\0b\0t\0i\0t\0l\0e\0s\0 \0'.repeat(4000), 'latin1')
  expect(isMedia(sniff(words))).toBe(false)
})

const REFUSED: [what: string, head: Uint8Array, reason: RegExp][] = [
  ['S46: an HLS playlist', text('#EXTM3U\n#EXTINF:1,\nprivate.mp4\n'), /playlist/],
  [
    'S46: a playlist behind a byte order mark and lines',
    text('\xef\xbb\xbf\n\n#EXTM3U\nx.mp4\n'),
    /playlist/,
  ],
  ['S47: an ffconcat list', text('ffconcat version 1.0\nfile private.mp4\n'), /list of files/],
  ['S49: a session description', text('v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n'), /network stream/],
  ['S49: a DASH manifest', text('<?xml version="1.0"?><MPD></MPD>'), /manifest/],
  ['a web page', text('<!DOCTYPE html><title>404</title>'), /web page/],
  ['a JPEG', text('\xff\xd8\xff\xe0\0\x10JFIF\0'), /picture/],
  ['a PNG', text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), /picture/],
  ['a WebP', text('RIFF\x10\0\0\0WEBPVP8 '), /picture/],
  ['a HEIC, which is an ISO file too', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /picture/],
  ['a ZIP archive', text('PK\x03\x04\x14\0\0\0'), /ZIP/],
  ['a PDF', text('%PDF-1.7\n'), /PDF/],
  ['EBML that is not Matroska', text('\x1a\x45\xdf\xa3\x84\x42\x82\x81x'), /no audio or video/],
  ['plain words', text('Dear diary, today I watched a film.'), /no audio or video/],
]

test.each(REFUSED)('%s is refused with the reason', (_what, head, reason) => {
  const found = sniff(head)
  expect(isMedia(found)).toBe(false)
  expect(found).toMatchObject({ reason: expect.stringMatching(reason) as string })
})

test('S55: empty, zeros and noise under a film name are refused, each with its reason', () => {
  expect(sniff(headOf('empty.mp4'))).toEqual({ reason: 'The file is empty.' })
  expect(sniff(headOf('zeros.mp4'))).toMatchObject({ reason: expect.stringContaining('zeros') as string })
  expect(isMedia(sniff(headOf('random.mp4')))).toBe(false)
  expect(isMedia(sniff(headOf('playlist.mp4')))).toBe(false)
  expect(isMedia(sniff(headOf('concat.mp4')))).toBe(false)
})

test('no head is too short: every start of every container gets an answer', () => {
  for (const [name] of CONTAINERS) {
    const head = headOf(name)
    for (let length = 0; length < 64; length++) expect(sniff(head.subarray(0, length))).toBeTypeOf('object')
  }
})

/** An ID3v2.4 tag with that many bytes of nothing in it. */
function tag(length: number): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 127)
  return Buffer.concat([text('ID3\x04\0\0'), Buffer.from(size), Buffer.alloc(length)])
}

function withoutTag(head: Uint8Array): { length: number; bare: Uint8Array } {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10)
  const length = 10 + (a << 21) + (b << 14) + (c << 7) + d
  return { length, bare: head.subarray(length) }
}
