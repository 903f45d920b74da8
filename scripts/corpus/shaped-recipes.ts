import { aac, picture, rotated, sound, type Recipe } from '../recipe-parts.ts'
import { film, type CorpusFile } from './expected.ts'

/* Films whose converted pictures must be made upright, progressive, square, even, small or dull first. */

const at = (rate: string, size = '320x180', seconds = 4): string[] => [
  ...picture(size, rate, seconds),
  ...sound(seconds),
]
const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '2']
const hevc = (params: string): string[] => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '16'],
  ...['-x265-params', `log-level=error:keyint=50:${params}`],
]
/** A picture of ordinary brightness as a screen of 1000 nits is given it. */
const brightened = (transfer: string): string =>
  [
    'format=yuv420p',
    'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv',
    'zscale=t=linear:npl=203',
    'format=gbrpf32le',
    `zscale=p=bt2020:t=${transfer}:m=bt2020nc:r=tv:npl=203`,
    'format=yuv420p10le',
  ].join(',')

const HDR: readonly CorpusFile[] = [
  { name: 'hevc-hdr10.mp4', transfer: 'smpte2084', trait: 'HDR10 of a camera' },
  { name: 'hevc-hlg.mov', transfer: 'arib-std-b67', trait: 'HLG of a phone' },
].map(({ name, transfer, trait }) => ({
  ...{ name, trait, encoders: ['libx265'] },
  args: [
    ...at('25', '640x360', 4),
    ...['-vf', brightened(transfer), '-color_primaries', 'bt2020', '-color_trc', transfer],
    ...['-colorspace', 'bt2020nc', '-color_range', 'tv', '-tag:v', 'hvc1'],
    ...hevc(`colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited`),
    ...aac,
  ],
  expected: film('transcode', 4, 25, {
    size: [640, 360],
    says: /HEVC/,
    // No two tone mappings agree to 38 dB; that the picture is the right one shows in its order.
    comparison: {
      filters: 'zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709:t=bt709:m=bt709:r=tv',
      leastDb: 21,
    },
  }),
}))

const ROTATED: readonly CorpusFile[] = ([90, 180, 270] as const).map((degrees) => ({
  name: `mpeg4-rotated-${degrees}.mp4`,
  trait: `to be converted, and the container says ${degrees} degrees`,
  needs: 'corpus/mpeg4-flat.mp4',
  bytes: (read: (name: string) => Buffer) => rotated(read('corpus/mpeg4-flat.mp4'), degrees),
  expected: film('transcode', 4, 25, { size: degrees === 180 ? [320, 180] : [180, 320] }),
}))

/** Two fields of different moments, the upper one first. */
const fields = ['-vf', 'interlace=scan=tff:lowpass=off', '-flags', '+ildct+ilme', '-top', '1']
const deinterlaced = { filters: 'bwdif=mode=send_frame:parity=auto:deint=interlaced' }
const INTERLACED: readonly CorpusFile[] = [
  {
    name: 'mpeg2-interlaced.ts',
    trait: 'television of 50 fields a second',
    args: ['-c:v', 'mpeg2video', '-q:v', '2', '-c:a', 'mp2'],
  },
  {
    name: 'mpeg2-interlaced.mxf',
    trait: 'a broadcaster’s file of 50 fields a second',
    args: ['-c:v', 'mpeg2video', '-q:v', '2', '-c:a', 'pcm_s16le'],
  },
].map((it) => ({
  ...it,
  args: [...at('50', '720x576'), ...fields, ...it.args],
  expected: film('transcode', 4, 25, { size: [720, 576], comparison: deinterlaced }),
}))

const DV: CorpusFile = {
  name: 'dv-pal.avi',
  trait: 'a camcorder: DV, interlaced with the lower field first, pixels 16:15',
  args: [
    ...[...at('50', '720x576'), '-vf', 'interlace=scan=bff:lowpass=off,setsar=16/15', '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'dvvideo', '-c:a', 'pcm_s16le', '-ac', '2'],
  ],
  expected: film('transcode', 4, 25, { size: [768, 576], comparison: deinterlaced }),
}

const SIZES: readonly CorpusFile[] = [
  {
    name: 'ffv1-odd.mkv',
    trait: 'an odd number of rows and columns, in all of its colour',
    args: [...at('25', '333x187'), '-pix_fmt', 'yuv444p', '-c:v', 'ffv1', ...aac],
    expected: film('transcode', 4, 25, { size: [332, 186] }),
  },
  {
    name: 'mpeg4-narrow-pixels.mp4',
    trait: 'pixels higher than wide',
    args: [...at('25', '480x240'), '-vf', 'setsar=2/3', ...mpeg4, ...aac],
    expected: film('transcode', 4, 25, { size: [480, 360] }),
  },
  {
    name: 'mpeg2-dvd-wide.mpg',
    trait: 'an anamorphic DVD: 720x576 shown 1024 wide',
    args: [
      ...[...at('25', '720x576'), '-vf', 'setsar=64/45', '-c:v', 'mpeg2video', '-q:v', '2'],
      ...['-c:a', 'mp2', '-f', 'vob'],
    ],
    expected: film('transcode', 4, 25, { size: [1024, 576] }),
  },
  {
    name: 'hevc-2160p.mp4',
    trait: '3840x2160: made small enough for every screen',
    encoders: ['libx265'],
    args: [...at('30', '3840x2160', 1), ...hevc('bframes=0'), ...aac],
    expected: film('transcode', 1, 30, { size: [1920, 1080] }),
  },
  {
    name: 'hevc-upright-1440p.mov',
    trait: 'a phone held upright: 1440x2560',
    encoders: ['libx265'],
    args: [...at('30', '1440x2560', 1), ...hevc('bframes=0'), ...aac],
    expected: film('transcode', 1, 30, { size: [1080, 1920] }),
  },
]

const TIMES: readonly CorpusFile[] = [
  {
    name: 'mpeg4-2997.mkv',
    trait: '30000/1001 pictures a second, in whole ms',
    rate: '30000/1001',
    perSecond: 29.97,
  },
  { name: 'mpeg4-23976.mp4', trait: '24000/1001 pictures a second', rate: '24000/1001', perSecond: 23.976 },
  { name: 'mpeg4-60.mp4', trait: '60 pictures a second', rate: '60', perSecond: 60 },
  { name: 'mpeg4-120.mp4', trait: '120 pictures a second', rate: '120', perSecond: 120 },
].map(({ name, trait, rate, perSecond }) => ({
  ...{ name, trait },
  args: [...at(rate, '320x180', 6), ...mpeg4, ...aac],
  expected: film('transcode', 6, perSecond),
}))

const IRREGULAR: readonly CorpusFile[] = [
  {
    name: 'mpeg4-1fps.mkv',
    trait: 'one picture a second',
    args: [...at('1', '320x180', 12), ...mpeg4, ...aac],
    expected: film('transcode', 12, 1, { comparison: { mayRepeat: true } }),
  },
  {
    name: 'mpeg4-vfr.mkv',
    trait: 'pictures at irregular times',
    frameTimes: 'vfr' as const,
    args: [
      ...[...at('30', '320x180', 8), '-vf', String.raw`select='gt(mod(n*7919\,13)\,4)'`],
      ...[...mpeg4, ...aac],
    ],
    expected: film('transcode', 8, 0, { pictures: 147, comparison: { mayRepeat: true } }),
  },
  {
    name: 'mpeg4-late-sound.mp4',
    trait: 'the sound begins 0.7 s after the picture',
    args: [
      ...['-i', '@corpus/mpeg4-flat.mp4', '-itsoffset', '0.7', '-i', '@corpus/mpeg4-flat.mp4'],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
    ],
    expected: film('transcode', 4.7, 25, { pictures: 100 }),
  },
  {
    name: 'mpeg4-late.mkv',
    trait: 'a part of a longer recording: it begins at 100 s',
    args: ['-i', '@corpus/mpeg4-flat.mp4', '-c', 'copy', '-output_ts_offset', '100'],
    expected: film('transcode', 4, 25),
  },
  {
    name: 'mpeg4-editlist.mp4',
    trait: 'cut without encoding: an edit list hides the pre-roll',
    args: ['-ss', '1.2', '-i', '@corpus/mpeg4-flat.mp4', '-c', 'copy'],
    expected: film('transcode', 2.8, 25),
  },
  {
    name: 'mpeg4-silent.avi',
    trait: 'without sound',
    args: [...picture('320x180', '25', 4), ...mpeg4],
    expected: film('transcode', 4, 25, { sounds: 0 }),
  },
  {
    name: 'hevc-short.mp4',
    trait: 'a third of a second',
    encoders: ['libx265'],
    args: [...at('30', '320x180', 0.3), ...hevc('bframes=0'), ...aac],
    expected: film('transcode', 0.3, 30),
  },
]

/** What others are made of; a file of the corpus itself. */
const FLAT: CorpusFile = {
  name: 'mpeg4-flat.mp4',
  trait: 'MPEG-4 Part 2 of one key frame a second',
  args: [...at('25', '320x180', 4), ...mpeg4, '-g', '25', ...aac],
  expected: film('transcode', 4, 25),
}

/** In the order of the table. */
export const SHAPED_FILES: readonly CorpusFile[] = [
  ...[FLAT, ...HDR, ...ROTATED, ...INTERLACED, DV],
  ...[...SIZES, ...TIMES, ...IRREGULAR],
] satisfies readonly Recipe[]
