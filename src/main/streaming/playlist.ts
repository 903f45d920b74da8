import type { Subtitle } from '../media/subtitles.ts'
import type { MediaSegment, PackagedStream, PictureFacts, RenditionFacts, SegmentFormat } from './packager.ts'

/** Names below `<rendition>/`. */
export const INIT_NAME = 'init.mp4'
export const segmentName = (index: number, format: SegmentFormat): string =>
  `${index}.${format === 'mp3' ? 'mp3' : 'm4s'}`

/** The one group of sound there is. */
const SOUND_GROUP = 'sound'

/** The one group of subtitles there is. */
const SUBTITLE_GROUP = 'text'

/** Subtitles to choose from; only those that are text. */
export type SubtitleFacts = Pick<Subtitle, 'index' | 'name' | 'language' | 'isForced'>

/** What the Multivariant Playlist is made of. */
type Presentation = {
  renditions: readonly RenditionFacts[]
  picture: PackagedStream['picture']
  lower?: readonly { rendition: RenditionFacts; picture: PictureFacts }[]
  subtitles?: readonly SubtitleFacts[]
}

/**
 * The Multivariant Playlist (RFC 8216 section 4.3.4). CODECS must match the sample entries of the init segments, else
 * Safari refuses the variant; it names those of every rendition, and BANDWIDTH is the largest sum of those that may
 * play together; FRAME-RATE has three decimals (4.3.4.2).
 */
export function mainPlaylist({ renditions, picture, lower = [], subtitles = [] }: Presentation): string {
  const [main, ...sounds] = renditions
  const variant = (own: RenditionFacts | undefined, shown: PictureFacts | null): string[] => {
    const all = own ? [own, ...sounds] : sounds
    const ownBps = own?.kind === 'video' ? own.bandwidth : 0
    const soundBps = Math.max(0, ...all.filter((it) => it.kind === 'audio').map((it) => it.bandwidth))
    const codecs = new Set(all.flatMap((it) => it.codecs.split(',')).filter((it) => it !== ''))
    const attributes = [
      `BANDWIDTH=${Math.max(1, Math.ceil(ownBps + soundBps))}`,
      `CODECS="${[...codecs].join(',')}"`,
      ...(shown ? [`RESOLUTION=${shown.width}x${shown.height}`] : []),
      ...(shown?.frameRate ? [`FRAME-RATE=${shown.frameRate.toFixed(3)}`] : []),
      ...(sounds.length > 0 ? [`AUDIO="${SOUND_GROUP}"`] : []),
      ...(subtitles.length > 0 ? [`SUBTITLES="${SUBTITLE_GROUP}"`] : []),
    ]
    return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, playlistUri(own?.id ?? '')]
  }
  return lines(
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...sounds.map((it) => `#EXT-X-MEDIA:${soundAttributes(it).join(',')}`),
    ...subtitles.map((it) => `#EXT-X-MEDIA:${subtitleAttributes(it).join(',')}`),
    ...variant(main, picture),
    // Players that choose by themselves begin with the first.
    ...lower.flatMap((it) => variant(it.rendition, it.picture)),
  )
}

/** AUTOSELECT must be YES where DEFAULT is; a name is unique in its group (RFC 8216 section 4.3.4.1). */
function soundAttributes({ id, name, language, isDefault, channels }: RenditionFacts): string[] {
  return [
    'TYPE=AUDIO',
    `GROUP-ID="${SOUND_GROUP}"`,
    `NAME="${quotable(name)}"`,
    ...(language ? [`LANGUAGE="${quotable(language)}"`] : []),
    `DEFAULT=${isDefault ? 'YES' : 'NO'}`,
    'AUTOSELECT=YES',
    ...(channels ? [`CHANNELS="${channels}"`] : []),
    `URI="${playlistUri(id)}"`,
  ]
}

/** None is the default: containers mark the first so, and who wants to read chooses (RFC 8216 section 4.3.4.1). */
function subtitleAttributes({ index, name, language, isForced }: SubtitleFacts): string[] {
  return [
    'TYPE=SUBTITLES',
    `GROUP-ID="${SUBTITLE_GROUP}"`,
    `NAME="${quotable(name)}"`,
    ...(language ? [`LANGUAGE="${quotable(language)}"`] : []),
    'DEFAULT=NO',
    'AUTOSELECT=YES',
    `FORCED=${isForced ? 'YES' : 'NO'}`,
    `URI="${playlistUri(`s${index}`)}"`,
  ]
}

/** A quoted string has no quotes, no line ends, and nothing to escape them with (RFC 8216 section 4.2). */
const quotable = (text: string): string => text.replaceAll('"', '’').replace(/\p{Cc}+/gu, ' ')

const playlistUri = (rendition: string): string => `${rendition}/media.m3u8`

/**
 * The Media Playlist of a finished presentation (RFC 8216 section 4.3.3). EXT-X-MAP outside I-frame playlists needs
 * version 6, fMP4 in practice 7; Packed Audio has none, and EXTINF with fractions needs 3. EXTINF rounded to the
 * nearest integer may not exceed EXT-X-TARGETDURATION (4.3.3.1).
 */
export function mediaPlaylist(segments: readonly MediaSegment[], format: SegmentFormat): string {
  const longestS = Math.max(1, ...segments.map(({ startS, endS }) => Math.round(endS - startS)))
  return lines(
    '#EXTM3U',
    `#EXT-X-VERSION:${format === 'fmp4' ? 7 : 3}`,
    `#EXT-X-TARGETDURATION:${longestS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(format === 'fmp4' ? [`#EXT-X-MAP:URI="${INIT_NAME}"`] : []),
    ...segments.flatMap(({ index, startS, endS }) => [
      `#EXTINF:${(endS - startS).toFixed(6)},`,
      segmentName(index, format),
    ]),
    '#EXT-X-ENDLIST',
  )
}

/**
 * The Media Playlist of subtitles: all of them in one segment (section 3.5). Two hours of them are smaller than a second
 * of picture.
 */
export function subtitlePlaylist(durationS: number): string {
  return lines(
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(durationS))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXTINF:${durationS.toFixed(6)},`,
    '0.vtt',
    '#EXT-X-ENDLIST',
  )
}

function lines(...texts: string[]): string {
  return `${texts.join('\n')}\n`
}
