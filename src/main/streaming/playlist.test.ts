import { expect, test } from 'vitest'
import { mainPlaylist, mediaPlaylist } from './playlist.ts'

test('the multivariant playlist names the variant with what a player must know', () => {
  expect(
    mainPlaylist({
      codecs: 'avc1.64001f,mp4a.40.2',
      bandwidth: 1_234_567.8,
      width: 1280,
      height: 720,
      frameRate: 30_000 / 1001,
    }),
  ).toBe(
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
  const text = mainPlaylist({
    codecs: 'mp4a.40.2',
    bandwidth: 96_000,
    width: null,
    height: null,
    frameRate: null,
  })
  expect(text).toContain('#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"\n')
})

test('the media playlist is a finished one whose target duration holds for every segment', () => {
  const text = mediaPlaylist([
    { index: 0, startS: -1, endS: 3.004 },
    { index: 1, startS: 3.004, endS: 9.5 },
  ])
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
  expect(mediaPlaylist([{ index: 0, startS: 0, endS: 0.1 }])).toContain('#EXT-X-TARGETDURATION:1\n')
})
