import { aac, av1, openGops, picture, small, sound, rotated, x264, type Recipe } from './recipe-parts.ts'
import { AROUND_RECIPES } from './around-recipes.ts'
import { CONVERTING_RECIPES } from './converting-recipes.ts'
import { DAMAGED_RECIPES } from './damaged-recipes.ts'
import { OLD_RECIPES } from './old-recipes.ts'
import { SOUND_RECIPES } from './sound-recipes.ts'
import { TRANSPORT_RECIPES } from './transport-recipes.ts'

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
    name: 'h264-live.mkv',
    trait: 'a recording that was broken off: no Cues, no length, clusters of unknown size',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy', '-live', '1'],
  },
  {
    name: 'vp9-live.webm',
    trait: 'the same as browsers record it',
    encoders: ['libvpx-vp9', 'libopus'],
    args: ['-i', '@vp9-opus.webm', '-c', 'copy', '-live', '1'],
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
    name: 'vp9-opus.mp4',
    trait: 'VP9 and Opus in MP4',
    encoders: ['libvpx-vp9', 'libopus'],
    args: ['-i', '@vp9-opus.webm', '-c', 'copy', '-strict', '-2'],
  },
  {
    name: 'av1-aac.mp4',
    trait: 'AV1 in MP4',
    encoders: ['libaom-av1'],
    args: [...picture('320x180', '15', 9), ...sound(9), ...av1, ...aac],
  },
  {
    name: 'av1-opus.webm',
    trait: 'AV1 in WebM',
    encoders: ['libaom-av1', 'libopus'],
    args: ['-i', '@av1-aac.mp4', '-c:v', 'copy', '-c:a', 'libopus', '-b:a', '64k'],
  },
  {
    name: 'av1-aac.mkv',
    trait: 'AV1 in Matroska',
    encoders: ['libaom-av1'],
    args: ['-i', '@av1-aac.mp4', '-c', 'copy'],
  },
  {
    name: 'av1-10bit.mp4',
    trait: 'AV1 of 10 bits',
    encoders: ['libaom-av1'],
    args: [...picture('160x90', '10', 2), ...av1, '-pix_fmt', 'yuv420p10le'],
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
    name: 'h264-part-audio.mkv',
    trait: 'the second track of sound is there for 3 s in the middle: a comment on one scene',
    args: [
      ...['-i', '@h264-two-audio.mp4', '-itsoffset', '4.5', ...sound(3)],
      ...['-map', '0:v', '-map', '0:a:1', '-map', '1:a', '-c', 'copy', '-c:a:1', 'aac', '-ac:a:1', '2'],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger'],
    ],
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
    args: [...picture('160x90', '30', 14), ...sound(14), ...openGops(60), ...aac],
  },
  {
    name: 'h264-opengop-idr.mp4',
    trait: 'open GOPs of 1 s, with an IDR every 4 s',
    args: [
      ...[...small, ...sound(10), ...openGops(30)],
      ...['-forced-idr', '1', '-force_key_frames', 'expr:gte(t,n_forced*4)', ...aac],
    ],
  },
  {
    name: 'h264-aac.flv',
    trait: 'a container that must be repacked',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy'],
  },
  ...TRANSPORT_RECIPES,
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
  ...SOUND_RECIPES,
  ...AROUND_RECIPES,
  ...CONVERTING_RECIPES,
  ...OLD_RECIPES,
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
  ...DAMAGED_RECIPES,
]
