import { expect, test } from 'vitest'
import type { RenditionFacts } from './packager.ts'
import { mainPlaylist, mediaPlaylist } from './playlist.ts'

const rendition = (more: Partial<RenditionFacts>): RenditionFacts => ({
  id: '0',
  kind: 'video',
  format: 'fmp4',
  codecs: 'avc1.64001f,mp4a.40.2',
  bandwidth: 1_234_567.8,
  language: null,
  name: '',
  isDefault: true,
  channels: 2,
  ...more,
})
const picture = { width: 1280, height: 720, frameRate: 30_000 / 1001 }

test('the multivariant playlist names the variant with what a player must know', () => {
  expect(mainPlaylist({ renditions: [rendition({})], picture })).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-STREAM-INF:BANDWIDTH=1234568,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970',
      '0/media.m3u8',
      '',
    ].join('\n'),
  )
})

test('sound alone has no resolution and no frame rate', () => {
  const sound = rendition({ kind: 'audio', codecs: 'mp4a.40.2', bandwidth: 96_000 })
  const text = mainPlaylist({ renditions: [sound], picture: null })
  expect(text).toContain('#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"\n')
})

test('the media playlist is a finished one whose target duration holds for every segment', () => {
  const text = mediaPlaylist(
    [
      { index: 0, startS: -1, endS: 3.004 },
      { index: 1, startS: 3.004, endS: 9.5 },
    ],
    'fmp4',
  )
  expect(text).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:6',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXTINF:4.004000,',
      '0.m4s',
      '#EXTINF:6.496000,',
      '1.m4s',
      '#EXT-X-ENDLIST',
      '',
    ].join('\n'),
  )
})

test('a very short stream still has a target duration', () => {
  expect(mediaPlaylist([{ index: 0, startS: 0, endS: 0.1 }], 'fmp4')).toContain('#EXT-X-TARGETDURATION:1\n')
})

const german = rendition({
  id: '1',
  kind: 'audio',
  codecs: 'mp4a.40.2',
  bandwidth: 96_000,
  language: 'de',
  name: 'Deutsch',
})
const commentary = rendition({
  ...german,
  id: '2',
  codecs: 'opus',
  bandwidth: 128_000.5,
  language: null,
  name: 'The "director"\nspeaks',
  isDefault: false,
  channels: null,
})

test('tracks of sound are a group that the variant names, with all codecs and the largest sum of bit rates', () => {
  const film = rendition({ codecs: 'avc1.64001f', bandwidth: 1_000_000 })
  expect(mainPlaylist({ renditions: [film, german, commentary], picture })).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="1/media.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="The ’director’ speaks",DEFAULT=NO,AUTOSELECT=YES,URI="2/media.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1128001,CODECS="avc1.64001f,mp4a.40.2,opus",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="sound"',
      '0/media.m3u8',
      '',
    ].join('\n'),
  )
})

test('of sound alone the variant is the default track, which the group has once more', () => {
  const text = mainPlaylist({ renditions: [{ ...german, id: '0' }, german, commentary], picture: null })
  expect(text).toMatch(/NAME="Deutsch".*URI="1\/media\.m3u8"\n/)
  expect(text).not.toMatch(/URI="0\//)
  expect(text).toMatch(/BANDWIDTH=128001,CODECS="mp4a\.40\.2,opus",AUDIO="sound"\n0\/media\.m3u8\n$/)
})

test('Packed Audio has no init segment, and its segments another name', () => {
  const text = mediaPlaylist([{ index: 0, startS: 0, endS: 4 }], 'mp3')
  expect(text).not.toContain('EXT-X-MAP')
  expect(text).toContain('#EXT-X-VERSION:3\n')
  expect(text).toContain('#EXTINF:4.000000,\n0.mp3\n')
})
