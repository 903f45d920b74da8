import type { MediaSegment, PackagedStream } from './packager.ts'

/** The one rendition of a stream: picture and sound together. */
export const RENDITION = '0'

/** Names below `<rendition>/`. */
export const INIT_NAME = 'init.mp4'
export const segmentName = (index: number): string => `${index}.m4s`

/**
 * The Multivariant Playlist (RFC 8216 section 4.3.4). CODECS must match the sample entries of the init segment, else
 * Safari refuses the variant; FRAME-RATE has three decimals (4.3.4.2).
 */
export function mainPlaylist(variant: PackagedStream['variant']): string {
  const attributes = [
    `BANDWIDTH=${Math.max(1, Math.ceil(variant.bandwidth))}`,
    `CODECS="${variant.codecs}"`,
    ...(variant.width && variant.height ? [`RESOLUTION=${variant.width}x${variant.height}`] : []),
    ...(variant.frameRate ? [`FRAME-RATE=${variant.frameRate.toFixed(3)}`] : []),
  ]
  return lines(
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-STREAM-INF:${attributes.join(',')}`,
    `${RENDITION}/media.m3u8`,
  )
}

/**
 * The Media Playlist of a finished presentation (RFC 8216 section 4.3.3). EXT-X-MAP outside I-frame playlists needs
 * version 6, fMP4 in practice 7; EXTINF rounded to the nearest integer may not exceed EXT-X-TARGETDURATION (4.3.3.1).
 */
export function mediaPlaylist(segments: readonly MediaSegment[]): string {
  const longestS = Math.max(1, ...segments.map(({ startS, endS }) => Math.round(endS - startS)))
  return lines(
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${longestS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${INIT_NAME}"`,
    ...segments.flatMap(({ index, startS, endS }) => [
      `#EXTINF:${(endS - startS).toFixed(6)},`,
      segmentName(index),
    ]),
    '#EXT-X-ENDLIST',
  )
}

function lines(...texts: string[]): string {
  return `${texts.join('\n')}\n`
}
