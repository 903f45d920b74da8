/** How one test file is made. */
export type Recipe = {
  name: string
  /** What of the real world it stands for. */
  trait: string
  /** ffmpeg's options between the global ones and the output. `@name` is another test file's path. */
  args?: string[]
  /** Keeps the times of the frames as they are; the option for it depends on ffmpeg's version. */
  frameTimes?: 'vfr'
  /** Encoders that must be there. */
  encoders?: string[]
  /** Another test file that `bytes` reads. */
  needs?: string
  /** Makes the bytes without ffmpeg; `read` gives another test file. */
  bytes?: (read: (name: string) => Buffer) => Buffer
  /** Raised when `bytes` makes something else than before: a function has no text to compare that holds everywhere. */
  revision?: number
}

const picture = (size: string, rate: string, seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
]
/** A tone with beeps, so that no two packets are alike. */
const sound = (seconds: number, rate = 48_000, pitch = 440): string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=f=${pitch}:b=4:r=${rate}:d=${seconds}`,
]
const x264 = (gop: number, bframes: number, more: string[] = []): string[] => [
  ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-crf', '26'],
  ...['-bf', String(bframes), '-g', String(gop), '-keyint_min', String(gop), '-sc_threshold', '0', ...more],
]
const aac = ['-c:a', 'aac', '-ac', '2', '-b:a', '96k']
const small = picture('320x180', '30', 10)
/** Two tracks of sound of another pitch each; the second is the default, as in films that were dubbed later. */
const twoLanguages = [
  ...['-metadata:s:a:0', 'language=ger', '-metadata:s:a:0', 'title=Kommentar', '-disposition:a:0', '0'],
  ...['-metadata:s:a:1', 'language=eng', '-disposition:a:1', 'default'],
]

/** Every test file. One that names another with `@` is made after it. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'h264-aac-gop2.mp4',
    trait: 'the common case: B-frames, a key frame every 2 s, index at the front',
    args: [...small, ...sound(10), ...x264(60, 2), ...aac, '-movflags', '+faststart'],
  },
  {
    name: 'h264-aac-gop10.mp4',
    trait: 'long GOPs, three B-frames, index at the end',
    args: [...picture('640x360', '30', 20), ...sound(20), ...x264(300, 3), ...aac],
  },
  {
    name: 'h264-irregular.mp4',
    trait: 'key frames at odd times, some close together',
    args: [
      ...small,
      ...sound(10),
      ...x264(9999, 2, ['-force_key_frames', '0,0.5,0.7,3.1,7.9,8.0,8.1,9.4']),
      ...aac,
    ],
  },
  {
    name: 'h264-2997.mp4',
    trait: '30000/1001 frames a second',
    args: [...picture('320x180', '30000/1001', 10), ...sound(10), ...x264(60, 2), ...aac],
  },
  {
    name: 'h264-vfr.mp4',
    trait: 'frames at irregular times',
    frameTimes: 'vfr',
    args: [
      ...small,
      ...sound(10),
      '-vf',
      String.raw`select='gt(mod(n*7919\,13)\,4)'`,
      ...x264(60, 2),
      ...aac,
    ],
  },
  {
    name: 'h264-delayed-audio.mp4',
    trait: 'the sound begins 1.5 s after the picture',
    args: [
      '-i',
      '@h264-aac-gop2.mp4',
      '-itsoffset',
      '1.5',
      '-i',
      '@h264-aac-gop2.mp4',
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c',
      'copy',
    ],
  },
  {
    name: 'h264-editlist.mp4',
    trait: 'cut without encoding: an edit list hides the pre-roll',
    args: ['-ss', '7', '-i', '@h264-aac-gop10.mp4', '-c', 'copy'],
  },
  {
    name: 'h264-rotated.mp4',
    trait: 'filmed upright: the container says 90 degrees',
    needs: 'h264-aac-gop2.mp4',
    bytes: (read) => rotated(read('h264-aac-gop2.mp4')),
  },
  {
    name: 'h264-fragmented.mp4',
    trait: 'fragmented MP4',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov'],
  },
  { name: 'h264-aac.mov', trait: 'QuickTime', args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'] },
  {
    name: 'h264-aac.mkv',
    trait: 'Matroska, times in whole ms',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'],
  },
  {
    name: 'vp9-opus.webm',
    trait: 'WebM',
    encoders: ['libvpx-vp9', 'libopus'],
    args: [
      ...small,
      ...sound(10),
      ...['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60', '-b:v', '400k'],
      ...['-c:a', 'libopus', '-b:a', '64k'],
    ],
  },
  {
    name: 'h264-opus.mkv',
    trait: 'Matroska with Opus',
    encoders: ['libopus'],
    args: ['-i', '@h264-aac-gop2.mp4', '-c:v', 'copy', '-c:a', 'libopus', '-b:a', '64k'],
  },
  {
    name: 'h264-two-audio.mp4',
    trait: 'two tracks of sound, of 48 and 44.1 kHz, with language and name',
    args: [
      ...[...small, ...sound(10), ...sound(10, 44_100, 1_000), '-map', '0:v', '-map', '1:a', '-map', '2:a'],
      ...[...x264(60, 2), ...aac, ...twoLanguages],
    ],
  },
  {
    name: 'h264-two-audio.mkv',
    trait: 'the same in Matroska',
    args: ['-i', '@h264-two-audio.mp4', '-map', '0', '-c', 'copy', ...twoLanguages],
  },
  {
    name: 'h264-aac-ac3.mkv',
    trait: 'two tracks of sound, the first of which no browser plays',
    args: [
      ...['-i', '@h264-two-audio.mp4', '-map', '0:v', '-map', '0:a:1', '-map', '0:a:0', '-c', 'copy'],
      ...[
        '-c:a:0',
        'ac3',
        '-ar:a:0',
        '48000',
        '-metadata:s:a:0',
        'language=eng',
        '-disposition:a:0',
        'default',
      ],
      ...['-metadata:s:a:1', 'language=ger', '-disposition:a:1', '0'],
    ],
  },
  {
    name: 'two-audio.m4a',
    trait: 'two tracks of sound and no picture',
    args: ['-i', '@h264-two-audio.mp4', '-map', '0:a', '-c', 'copy', ...twoLanguages],
  },
  { name: 'h264-silent.mp4', trait: 'video only', args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy', '-an'] },
  { name: 'aac.m4a', trait: 'audio only, 44.1 kHz', args: [...sound(12, 44_100), ...aac] },
  {
    name: 'h264-opengop.mp4',
    trait: 'open GOPs: key frames that no seek survives',
    args: [
      ...small,
      ...sound(10),
      ...['-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-crf', '26'],
      ...['-x264-params', 'open-gop=1:bframes=3:keyint=60:min-keyint=60:scenecut=0'],
      ...aac,
    ],
  },
  {
    name: 'h264-aac.flv',
    trait: 'a container that must be repacked',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'],
  },
  { name: 'h264-aac.ts', trait: 'MPEG transport stream', args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'] },
  {
    name: 'hevc-aac.mp4',
    trait: 'HEVC: most browsers do not play it',
    encoders: ['libx265'],
    args: [
      ...picture('320x180', '30', 4),
      ...sound(4),
      ...[
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=error:keyint=60',
        '-tag:v',
        'hvc1',
      ],
      ...aac,
    ],
  },
  {
    name: 'h264-10bit.mp4',
    trait: '10 bit H.264: no browser plays it',
    args: [...picture('320x180', '30', 4), ...sound(4), ...x264(60, 2), '-pix_fmt', 'yuv420p10le', ...aac],
  },
  {
    name: 'h264-ac3.mkv',
    trait: 'the picture plays, the sound must be converted',
    args: ['-i', '@h264-aac-gop2.mp4', '-c:v', 'copy', '-c:a', 'ac3'],
  },
  {
    name: 'mpeg4-mp3.avi',
    trait: 'an old AVI: all of it must be converted',
    encoders: ['libmp3lame'],
    args: [
      ...picture('320x180', '30', 4),
      ...sound(4),
      '-c:v',
      'mpeg4',
      '-b:v',
      '500k',
      '-c:a',
      'libmp3lame',
    ],
  },
  ...[
    { name: 'mp3.mp3', encoders: ['libmp3lame'], args: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
    { name: 'opus.ogg', encoders: ['libopus'], args: ['-c:a', 'libopus', '-b:a', '48k'] },
    { name: 'flac.flac', args: ['-c:a', 'flac'] },
    { name: 'pcm.wav', args: ['-c:a', 'pcm_s16le'] },
    { name: 'pcm.aiff', args: ['-c:a', 'pcm_s16be'] },
    { name: 'aac.aac', args: aac },
    { name: 'alac.m4a', args: ['-c:a', 'alac'] },
  ].map((it) => ({ ...it, trait: 'sound in a container of its own', args: [...sound(3), ...it.args] })),
  ...[
    { name: 'mpeg2-mp2.mpg', args: ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-f', 'vob'] },
    { name: 'wmv2-wma.wmv', args: ['-c:v', 'wmv2', '-c:a', 'wmav2'] },
    { name: 'mpeg2-pcm.mxf', args: ['-c:v', 'mpeg2video', '-c:a', 'pcm_s16le'] },
    { name: 'mpeg4-aac.3gp', args: ['-c:v', 'mpeg4', ...aac] },
  ].map((it) => ({
    ...it,
    trait: 'old picture in an old container: all of it must be converted',
    args: [...picture('320x180', '25', 3), ...sound(3), '-b:v', '500k', ...it.args],
  })),
  {
    name: 'h264-anamorphic.mp4',
    trait: 'pixels that are not square: stored 320x180, shown 426 or 427 wide',
    args: [...picture('320x180', '30', 3), '-vf', 'setsar=4/3', ...x264(60, 2)],
  },
  {
    name: 'h264-black-start.mp4',
    trait: 'black for its first 4 s, has a title',
    args: [
      ...small,
      ...['-vf', "drawbox=t=fill:color=black:enable='lt(t,4)'", ...x264(30, 2)],
      ...['-metadata', 'title=Night & Day'],
    ],
  },
  { name: 'empty.mp4', trait: 'no byte', bytes: () => Buffer.alloc(0) },
  { name: 'random.mp4', trait: 'noise', bytes: () => noise(300_000) },
  { name: 'zeros.mp4', trait: 'a download that never began', bytes: () => Buffer.alloc(200_000) },
  {
    name: 'truncated.mp4',
    trait: 'a copy that stopped at 40 %: its index is missing',
    needs: 'h264-aac-gop10.mp4',
    bytes: (read) => {
      const whole = read('h264-aac-gop10.mp4')
      return whole.subarray(0, Math.floor(whole.length * 0.4))
    },
  },
  {
    name: 'playlist.mp4',
    trait: 'an HLS playlist under a film name, which names a neighbour',
    bytes: () =>
      Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nh264-aac-gop2.mp4\n#EXT-X-ENDLIST\n'),
  },
  {
    name: 'concat.mp4',
    trait: 'an ffconcat list under a film name',
    bytes: () => Buffer.from('ffconcat version 1.0\nfile h264-aac-gop2.mp4\n'),
  },
]

/**
 * The same film turned by 90 degrees: the matrix in the first track's header (ISO 14496-12 8.3.2) is replaced. ffmpeg
 * has changed its option for that twice, bytes are the same for every version.
 */
function rotated(film: Buffer): Buffer {
  const turned = Buffer.from(film)
  const matrix = turned.indexOf('tkhd', 0, 'latin1') + 44
  const height = turned.readUInt32BE(matrix + 40)
  const values = [0, 0x10000, 0, 0xffff0000, 0, 0, height, 0, 0x40000000]
  values.forEach((value, at) => turned.writeUInt32BE(value, matrix + at * 4))
  return turned
}

/** Bytes that look random and are the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 0x2545f491
  for (let at = 0; at < length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state & 255
  }
  return bytes
}
