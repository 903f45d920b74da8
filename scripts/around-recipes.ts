import { crc32, deflateSync } from 'node:zlib'
import { aac, picture, sound, x264, type Recipe } from './recipe-parts.ts'

/** Markup that is known, markup that is not, and two lines. */
const SUBRIP = `1
00:00:01,000 --> 00:00:02,500
<i>Good morning</i> & <b>welcome</b>

2
00:00:03,000 --> 00:00:05,000
<script>alert(1)</script>
Second line

3
00:00:06,500 --> 00:00:09,000
Über den Wolken
`

/** Styles, a drawing, a comma and a line break in the text. */
const SUBSTATION = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\an8\\i1}Guten Morgen, alle{\\i0}\\Nzusammen
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 10 0 10 10{\\p0}
Dialogue: 0,0:00:06.50,0:00:09.00,Default,,0,0,0,,Das Ende
`

/** Three chapters. */
const CHAPTERS = `;FFMETADATA1
title=Around
[CHAPTER]
TIMEBASE=1/1000
START=0
END=3000
title=Opening
[CHAPTER]
TIMEBASE=1/1000
START=3000
END=7500
title=Mitte & Ende; "so"
[CHAPTER]
TIMEBASE=1/1000
START=7500
END=10000
title=Closing
`

const texts = (source: string, ...codecs: string[]): string[] => [
  ...['-i', source, '-i', '@subtitles.srt', '-i', '@subtitles.ass', '-i', '@chapters.ffmeta'],
  ...['-map', '0:v', '-map', '0:a', '-map', '1', '-map', '2', '-map_metadata', '3', '-map_chapters', '3'],
  ...['-c', 'copy', ...codecs, '-metadata:s:s:0', 'language=eng', '-metadata:s:s:0', 'title=English'],
  ...['-metadata:s:s:1', 'language=ger', '-disposition:s:1', 'forced'],
]

/** What stands around a picture: subtitles, chapters, covers. */
export const AROUND_RECIPES: readonly Recipe[] = [
  { name: 'subtitles.srt', trait: 'subtitles in a file of their own', bytes: () => Buffer.from(SUBRIP) },
  { name: 'subtitles.ass', trait: 'SubStation Alpha', bytes: () => Buffer.from(SUBSTATION) },
  { name: 'chapters.ffmeta', trait: 'a list of chapters', bytes: () => Buffer.from(CHAPTERS), revision: 1 },
  {
    name: 'around.mp4',
    trait: 'two subtitles as mov_text and a track of chapters',
    args: texts('@h264-aac-gop2.mp4', '-c:s', 'mov_text'),
  },
  {
    name: 'around.mkv',
    trait: 'SubRip, ASS and chapters',
    args: texts('@h264-aac-gop2.mp4'),
  },
  {
    name: 'around.webm',
    trait: 'WebVTT in WebM',
    encoders: ['libvpx-vp9', 'libopus'],
    args: [
      ...['-i', '@vp9-opus.webm', '-i', '@subtitles.srt', '-map', '0', '-map', '1'],
      ...['-c', 'copy', '-c:s', 'webvtt', '-metadata:s:s:0', 'language=fre'],
    ],
  },
  {
    name: 'pictures.sup',
    trait: 'Presentation Graphic Stream: subtitles of Blu-ray discs',
    bytes: () => Buffer.concat([1, 4].flatMap((second) => presentation(second * 90_000))),
  },
  {
    name: 'around-pictures.mkv',
    trait: 'subtitles that are pictures, before ones that are text',
    args: [
      ...['-i', '@h264-aac-gop2.mp4', '-f', 'sup', '-i', '@pictures.sup', '-i', '@subtitles.srt'],
      ...['-map', '0', '-map', '1', '-map', '2', '-c', 'copy', '-metadata:s:s:1', 'language=eng'],
    ],
  },
  {
    name: 'colours.mp4',
    trait: 'red, green and blue, 2 s each, between key frames; loud while it is green',
    args: [
      ...['red', 'lime', 'blue'].flatMap((it) => ['-f', 'lavfi', '-i', `color=c=${it}:s=320x180:r=25:d=2`]),
      ...sound(6),
      ...['-filter_complex', "[0][1][2]concat=n=3[v];[3]volume='between(t,2,4)*4':eval=frame[a]"],
      ...['-map', '[v]', '-map', '[a]', ...x264(150, 2), ...aac],
    ],
  },
  {
    name: 'cover.m4a',
    trait: 'a song with its cover and chapters',
    args: [
      ...[...sound(10, 44_100), ...picture('300x200', '1', 1), '-i', '@chapters.ffmeta'],
      ...['-map', '0:a', '-map', '1:v', '-map_chapters', '2', ...aac],
      ...['-c:v', 'mjpeg', '-disposition:v', 'attached_pic'],
    ],
  },
  {
    name: 'cover.mkv',
    trait: 'sound in Matroska with a cover attached',
    args: [
      ...['-i', '@aac.m4a', '-c', 'copy', '-attach', '@cover.jpg', '-metadata:s:t', 'mimetype=image/jpeg'],
      ...['-metadata:s:t', 'filename=cover.jpg'],
    ],
  },
  {
    name: 'cover-bomb.flac',
    trait: 'a cover of 30 000 x 30 000 dots in 110 kB',
    needs: 'flac.flac',
    bytes: (read) => withFlacCover(read('flac.flac'), greyPng(30_000, 30_000)),
  },
  {
    name: 'cover-png.flac',
    trait: 'the same with a small one',
    needs: 'flac.flac',
    bytes: (read) => withFlacCover(read('flac.flac'), greyPng(300, 300)),
  },
  {
    name: 'cover.ogg',
    trait: 'Opus with a cover among its comments',
    encoders: ['libopus'],
    args: [
      ...[...sound(3), '-c:a', 'libopus', '-b:a', '48k', '-metadata:s:a:0'],
      `METADATA_BLOCK_PICTURE=${flacPicture(greyPng(64, 48)).toString('base64')}`,
    ],
  },
  {
    name: 'cover.jpg',
    trait: 'a picture',
    args: [...picture('300x200', '1', 1), '-frames:v', '1', '-update', '1'],
  },
]

/** An empty presentation of PGS and its end: header "PG", two times, kind, length. */
function presentation(ticks: number): Buffer[] {
  const segment = (kind: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(13)
    head.write('PG')
    head.writeUInt32BE(ticks, 2)
    head.writeUInt8(kind, 10)
    head.writeUInt16BE(payload.length, 11)
    return Buffer.concat([head, payload])
  }
  const composition = Buffer.from([1, 64, 0, 180, 0x10, 0, 0, 0x80, 0, 0, 0])
  return [segment(0x16, composition), segment(0x80, Buffer.alloc(0))]
}

/** A PNG of one grey; a bit for each dot, so that a huge one is a small file. */
function greyPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const bytes = Buffer.alloc(data.length + 12)
    bytes.writeUInt32BE(data.length)
    bytes.write(type, 4, 'latin1')
    data.copy(bytes, 8)
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4)
    return bytes
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  const dots = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8)), 0), { level: 9 })
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', dots), chunk('IEND', Buffer.alloc(0))])
}

/** A picture as FLAC and Vorbis comments hold it: kind, type, description, four facts, bytes (RFC 9639 section 8.8). */
function flacPicture(png: Buffer): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const type = Buffer.from('image/png')
  const facts = [
    number(3),
    number(type.length),
    type,
    number(0),
    ...Array.from({ length: 4 }, () => number(0)),
  ]
  return Buffer.concat([...facts, number(png.length), png])
}

/** The same sound with a picture behind its first block, STREAMINFO (RFC 9639 section 8.1). */
function withFlacCover(flac: Buffer, png: Buffer): Buffer {
  const picture = flacPicture(png)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(picture.length)
  head.writeUInt8(6)
  const streamInfoEnd = 4 + 4 + 34
  return Buffer.concat([flac.subarray(0, streamInfoEnd), head, picture, flac.subarray(streamInfoEnd)])
}
