import { aac, av1, picture, rotated, sound, x264 } from '../recipe-parts.ts'
import { film, type CorpusFile } from './expected.ts'

/*
 * Films whose pictures a browser plays as they are: other rates, sizes, layouts of sound and tables than the shared
 * test media have.
 */

const SECONDS = 6
const at = (rate: string, size = '320x180'): string[] => [...picture(size, rate, SECONDS), ...sound(SECONDS)]
const withSound = (...args: string[]): string[] => ['-i', '@h264-aac-gop2.mp4', '-t', '6', ...args]

/** H.264 of other rates. */
const RATES: readonly CorpusFile[] = [
  ['h264-1fps.mp4', '1', 1, 2],
  ['h264-12fps.mkv', '12', 12, 24],
  ['h264-23976.mkv', '24000/1001', 23.976, 48],
  ['h264-25.mov', '25', 25, 50],
  ['h264-50.ts', '50', 50, 100],
  ['h264-5994.mp4', '60000/1001', 59.94, 120],
  ['h264-120.mp4', '120', 120, 240],
].map(([name, rate, perSecond, gop]) => ({
  name: String(name),
  trait: `${String(rate)} pictures a second`,
  args: [...at(String(rate)), ...x264(Number(gop), 2), ...aac],
  expected: film('remux', SECONDS, Number(perSecond)),
}))

/** H.264 whose pictures depend on one another in other ways. */
const GOPS: readonly CorpusFile[] = [
  {
    name: 'h264-intra.mp4',
    trait: 'each picture a key frame, as editors write it',
    args: [...at('25'), ...x264(1, 0), ...aac],
    expected: film('remux', SECONDS, 25),
  },
  {
    name: 'h264-baseline.mp4',
    trait: 'Baseline profile of an old phone, without B-frames',
    args: [...at('30'), ...x264(60, 0, ['-profile:v', 'baseline']), ...aac],
    expected: film('remux', SECONDS, 30),
  },
  {
    name: 'h264-many-bframes.mkv',
    trait: 'eight B-frames in a row, as pyramids of each other',
    args: [...at('30'), ...x264(90, 8, ['-x264-params', 'b-pyramid=normal:b-adapt=0:ref=6']), ...aac],
    expected: film('remux', SECONDS, 30),
  },
  {
    name: 'h264-slices.mp4',
    trait: 'each picture in four slices',
    args: [...at('30'), ...x264(60, 2, ['-slices', '4']), ...aac],
    expected: film('remux', SECONDS, 30),
  },
  {
    name: 'h264-interlaced.mp4',
    trait: 'interlaced: each picture is two fields (MBAFF)',
    args: [...at('25'), '-vf', 'interlace', ...x264(50, 2, ['-flags', '+ildct+ilme', '-top', '1']), ...aac],
    expected: film('remux', SECONDS, 12.5),
  },
  {
    name: 'h264-gop25.mp4',
    trait: 'key frames 25 s apart: prepared once',
    args: [...picture('160x90', '25', 50), ...sound(50), ...x264(625, 2), ...aac],
    expected: film('remux', 50, 25, { size: [160, 90], says: /Key frames are far apart/ }),
  },
]

/** Pictures of other shapes. */
const SHAPES: readonly CorpusFile[] = [
  {
    name: 'h264-1080p.mp4',
    trait: '1920x1080, coded as 1088 rows of which 8 are cut off',
    args: [...picture('1920x1080', '30', 2), ...sound(2), ...x264(30, 2), ...aac],
    expected: film('remux', 2, 30, { size: [1920, 1080] }),
  },
  {
    name: 'h264-upright.mp4',
    trait: 'filmed upright, without rotation',
    args: [...at('30', '180x320'), ...x264(60, 2), ...aac],
    expected: film('remux', SECONDS, 30, { size: [180, 320] }),
  },
  {
    name: 'h264-pal-wide.mkv',
    trait: 'a PAL DVD: 720x576 of pixels 64:45, shown 1024 wide',
    args: [...at('25', '720x576'), '-vf', 'setsar=64/45', ...x264(50, 2), ...aac],
    expected: film('remux', SECONDS, 25, { size: [1024, 576] }),
  },
  {
    name: 'h264-pixels.ts',
    trait: 'pixels that are not square in a transport stream',
    args: [...at('25', '360x288'), '-vf', 'setsar=16/11', ...x264(50, 2), ...aac],
    expected: film('remux', SECONDS, 25, { size: [524, 288] }),
  },
  {
    name: 'vp9-odd.webm',
    trait: 'an odd number of rows and columns',
    encoders: ['libvpx-vp9', 'libopus'],
    args: [
      ...at('30', '321x181'),
      ...['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60', '-b:v', '400k'],
      ...['-c:a', 'libopus', '-b:a', '64k'],
    ],
    expected: film('remux', SECONDS, 30, { size: [321, 181] }),
  },
  ...([180, 270] as const).map((degrees) => ({
    name: `h264-rotated-${degrees}.mp4`,
    trait: `the container says ${degrees} degrees`,
    needs: 'h264-aac-gop2.mp4',
    bytes: (read: (name: string) => Buffer) => rotated(read('h264-aac-gop2.mp4'), degrees),
    expected: film('remux', 10, 30, { size: degrees === 180 ? [320, 180] : [180, 320] }),
  })),
]

/** Copied up to 6 s, the pictures reach a little further: they are counted as they are decoded. */
const copied = film('remux', 6.1, 0, { pictures: 182 })

/** Sound of other layouts and rates beside a picture. */
const LAYOUTS: readonly CorpusFile[] = [
  {
    name: 'h264-aac-mono-8k.mp4',
    trait: 'one channel of 8 kHz: a door camera',
    args: withSound('-c:v', 'copy', '-c:a', 'aac', '-ac', '1', '-ar', '8000', '-b:a', '16k'),
    expected: copied,
  },
  {
    name: 'h264-aac-96k.mkv',
    trait: 'sound of 96 kHz',
    args: withSound('-c:v', 'copy', '-c:a', 'aac', '-ar', '96000', '-b:a', '192k'),
    expected: copied,
  },
  {
    name: 'h264-aac-51.mp4',
    trait: '5.1 channels of AAC',
    args: withSound('-c:v', 'copy', '-c:a', 'aac', '-ac', '6', '-b:a', '256k'),
    expected: copied,
  },
  {
    name: 'h264-aac-71.mkv',
    trait: '7.1 channels of AAC',
    args: withSound('-c:v', 'copy', '-af', 'aformat=channel_layouts=7.1', '-c:a', 'aac', '-b:a', '320k'),
    expected: copied,
  },
  {
    name: 'h264-opus-51.mkv',
    trait: '5.1 channels of Opus',
    encoders: ['libopus'],
    args: withSound('-c:v', 'copy', '-c:a', 'libopus', '-ac', '6', '-b:a', '192k'),
    expected: copied,
  },
  {
    name: 'h264-opus.mp4',
    trait: 'Opus in MP4',
    encoders: ['libopus'],
    args: withSound('-c:v', 'copy', '-c:a', 'libopus', '-b:a', '64k'),
    expected: copied,
  },
  {
    name: 'h264-aac.3gp',
    trait: '3GP of a newer phone',
    args: withSound('-c', 'copy'),
    expected: copied,
  },
  {
    name: 'h264-five-sounds.mp4',
    trait: 'five tracks of sound',
    args: [
      ...['-i', '@h264-aac-gop2.mp4', '-t', '6', '-map', '0:v'],
      ...['-map', '0:a', '-map', '0:a', '-map', '0:a', '-map', '0:a', '-map', '0:a', '-c', 'copy'],
    ],
    expected: { ...copied, sounds: 5 },
  },
  {
    name: 'av1-opus-51.mkv',
    trait: 'AV1 with 5.1 channels of Opus',
    encoders: ['libaom-av1', 'libopus'],
    args: [
      ...[...picture('320x180', '15', SECONDS), ...sound(SECONDS), ...av1],
      ...['-c:a', 'libopus', '-ac', '6', '-b:a', '192k'],
    ],
    expected: film('remux', SECONDS, 15),
  },
]

/** When things are shown is not when the file says at first sight. */
const TIMES: readonly CorpusFile[] = [
  {
    name: 'h264-delayed-picture.mp4',
    trait: 'the picture begins 0.8 s after the sound: an edit list with an empty edit',
    args: [
      ...['-itsoffset', '0.8', '-i', '@h264-aac-gop2.mp4', '-i', '@h264-aac-gop2.mp4'],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy', '-t', '8'],
    ],
    expected: film('remux', 8, 30, { pictures: 218 }),
  },
  {
    name: 'h264-late.mkv',
    trait: 'a part of a longer recording: it begins at 100 s',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy', '-output_ts_offset', '100'],
    expected: film('remux', 10, 30),
  },
  {
    name: 'h264-short-sound.mp4',
    trait: 'the sound ends in the middle',
    args: [...picture('320x180', '30', 10), ...sound(4), ...x264(60, 2), ...aac],
    expected: film('remux', 10, 30),
  },
  {
    name: 'h264-short-picture.mp4',
    trait: 'the picture ends in the middle',
    args: [...picture('320x180', '30', 4), ...sound(10), ...x264(60, 2), ...aac],
    expected: film('remux', 10, 30, { pictures: 120 }),
  },
  {
    name: 'h264-screen.mkv',
    trait: 'a recording of a screen: pictures only where something changed, once 5 s none',
    frameTimes: 'vfr',
    args: [
      ...[...picture('320x180', '30', 16), ...sound(16)],
      ...['-vf', String.raw`select='between(mod(t\,8)\,0\,1.2)+between(mod(t\,8)\,6.2\,6.4)'`],
      ...[...x264(30, 2), ...aac],
    ],
    expected: film('transcode', 16, 0, {
      ...{ pictures: null, says: /very uneven times/ },
      comparison: { mayRepeat: true },
    }),
  },
  {
    name: 'h264-short.mp4',
    trait: 'a third of a second',
    args: [...picture('320x180', '30', 0.3), ...sound(0.3), ...x264(60, 2), ...aac],
    expected: film('remux', 0.3, 30),
  },
  {
    name: 'h264-one-picture.mp4',
    trait: 'a single picture',
    args: [...picture('320x180', '25', 0.04), ...x264(60, 0)],
    expected: film('remux', 0.04, 25, { sounds: 0 }),
  },
]

/** In the order of the table. */
export const COPIED_FILES: readonly CorpusFile[] = [...RATES, ...GOPS, ...SHAPES, ...LAYOUTS, ...TIMES]
