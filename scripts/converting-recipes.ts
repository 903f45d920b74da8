import { aac, picture, rotated, type Recipe } from './recipe-parts.ts'

/** A tone that rises, so that any moment of it is unlike any other. */
const rising = (seconds: number, layout = 'mono'): string[] => [
  ...['-f', 'lavfi', '-i', `aevalsrc=0.4*sin(2*PI*t*(300+170*t)):s=48000:d=${seconds}:c=${layout}`],
]
/** One tone in one of several channels: those of 5.1 in their order, -20 dB. */
const toneIn = (channel: number, layout: string, channels: number): string[] => {
  const expressions = Array.from({ length: channels }, (_, at) =>
    at === channel ? '0.1*sin(2*PI*440*t)' : '0',
  )
  return ['-f', 'lavfi', '-i', `aevalsrc=${expressions.join('|')}:s=48000:d=3:c=${layout}`]
}

/** What no browser plays, in good quality and made at once. */
const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '2', '-g', '25']
const hevc = (colours: string): string[] => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
  ...['-x265-params', `log-level=error:crf=8:keyint=30:${colours}`],
]
const BT2020 = 'colorprim=bt2020:colormatrix=bt2020nc:range=limited'
/** Smooth colours of any brightness, as no test picture has them. They are named, for the seed does not choose them. */
const COLOURS = ['20262c', '566a7a', 'c4ab8c', '8ca488', 'e8e2d8', '8c6a66'].map((it, at) => `c${at}=0x${it}`)
const gradients = `gradients=s=320x180:r=25:d=3:n=6:seed=7:speed=0.05:${COLOURS.join(':')}`

const seven = (size = '320x180', rate = '25'): string[] => picture(size, rate, 7)

/** Pictures and sounds that must be converted, one peculiarity each. */
export const CONVERTING_RECIPES: readonly Recipe[] = [
  ...[
    { name: 'hevc-hdr10.mp4', transfer: 'smpte2084' },
    { name: 'hevc-hlg.mp4', transfer: 'arib-std-b67' },
  ].map(({ name, transfer }) => ({
    name,
    trait: 'high dynamic range, 10 bit',
    encoders: ['libx265'],
    args: ['-f', 'lavfi', '-i', gradients, ...hevc(`${BT2020}:transfer=${transfer}`)],
  })),
  {
    name: 'mpeg4-aac.mp4',
    trait: 'all of it must be converted',
    args: [...seven(), ...rising(7), ...mpeg4, ...aac],
  },
  ...([90, 180, 270] as const).map((degrees) => ({
    name: `mpeg4-rotated-${degrees}.mp4`,
    trait: `the container says ${degrees} degrees`,
    needs: 'mpeg4-aac.mp4',
    bytes: (read: (name: string) => Buffer) => rotated(read('mpeg4-aac.mp4'), degrees),
  })),
  {
    name: 'mpeg2-interlaced.ts',
    trait: 'television: two fields in each frame',
    args: [
      ...[...picture('320x180', '50', 7), ...rising(7), '-vf', 'interlace=scan=tff,setfield=tff'],
      ...[
        '-c:v',
        'mpeg2video',
        '-q:v',
        '2',
        '-g',
        '12',
        '-bf',
        '2',
        '-flags',
        '+ildct+ilme',
        '-c:a',
        'mp2',
        '-b:a',
        '192k',
      ],
    ],
  },
  {
    name: 'mjpeg-odd.mov',
    trait: 'odd numbers of pixels, full range',
    args: [...seven('321x179'), '-c:v', 'mjpeg', '-q:v', '2'],
  },
  {
    name: 'mpeg4-anamorphic.mp4',
    trait: 'pixels that are not square',
    args: [...seven('176x144'), '-vf', 'setsar=16/11', ...mpeg4],
  },
  { name: 'mpeg4-1440p.mp4', trait: 'larger than 1080p', args: [...picture('2560x1440', '10', 1), ...mpeg4] },
  {
    name: 'mpeg4-1440p-upright.mp4',
    trait: 'larger than 1080p, upright',
    args: [...picture('1440x2560', '10', 1), ...mpeg4],
  },
  {
    name: 'mpeg4-720p.mp4',
    trait: 'large enough for a lower quality, long enough to change it while it plays',
    args: [...picture('1280x720', '10', 40), ...rising(40), '-c:v', 'mpeg4', '-q:v', '8', ...aac],
  },
  {
    name: 'prores.mov',
    trait: '10 bit 4:2:2',
    encoders: ['prores_ks'],
    args: [...seven(), '-c:v', 'prores_ks'],
  },
  {
    name: 'h264-444.mp4',
    trait: '4:4:4',
    args: [...seven(), '-c:v', 'libx264', '-preset', 'superfast', '-crf', '12', '-pix_fmt', 'yuv444p'],
  },
  { name: 'qtrle-rgb.mov', trait: 'RGB', args: [...picture('160x90', '25', 3), '-c:v', 'qtrle'] },
  {
    name: 'mpeg4-vfr.mkv',
    trait: 'pictures at irregular times, and none for 11 s',
    frameTimes: 'vfr',
    args: [
      ...picture('320x180', '25', 18),
      ...rising(18),
      '-vf',
      String.raw`select='(lt(t\,4)+gt(t\,15))*gt(mod(n*7919\,13)\,4)'`,
      ...mpeg4,
      ...aac,
    ],
  },
  {
    name: 'mpeg4-bframes.avi',
    trait: 'B pictures in AVI, which tells no times',
    args: [...seven(), ...rising(7), ...mpeg4, '-bf', '2', '-c:a', 'pcm_s16le', '-ac', '1'],
  },
  {
    name: 'mpeg4-opus.mkv',
    trait: 'begins before 0: the delay of Opus',
    encoders: ['libopus'],
    args: [...seven(), ...rising(7), ...mpeg4, '-c:a', 'libopus'],
  },
  {
    name: 'mpeg4-editlist.mp4',
    trait: 'cut without encoding: an edit list hides the pre-roll',
    args: ['-ss', '1.5', '-i', '@mpeg4-aac.mp4', '-c', 'copy'],
  },
  {
    name: 'mpeg4-late-sound.mkv',
    trait: 'the sound begins 1.5 s after the picture and ends 2 s before it',
    args: [...seven(), '-itsoffset', '1.5', ...rising(3.5), ...mpeg4, ...aac],
  },
  {
    name: 'mpeg4-late-picture.mkv',
    trait: 'the picture begins 2.5 s after the sound',
    args: ['-itsoffset', '2.5', ...picture('320x180', '25', 4.5), ...rising(7), ...mpeg4, ...aac],
  },
  {
    name: 'mpeg4-1fps.mkv',
    trait: 'one picture a second, from 0.5 s on',
    frameTimes: 'vfr',
    args: [
      ...seven('320x180', '1'),
      ...rising(7),
      '-vf',
      'settb=1/1000,setpts=PTS+500',
      ...['-enc_time_base', '1:1000'],
      ...mpeg4,
      ...aac,
    ],
  },
  {
    name: 'mpeg4-120fps.mp4',
    trait: '120 pictures a second',
    args: [...picture('320x180', '120', 5), ...mpeg4],
  },
  {
    name: 'mpeg4-short.mp4',
    trait: 'less than a second',
    args: [...picture('320x180', '25', 0.4), ...rising(0.4), ...mpeg4, ...aac],
  },
  { name: 'mpeg4-one.mp4', trait: 'a single picture', args: [...picture('320x180', '25', 0.04), ...mpeg4] },
  {
    name: 'alac-cover.m4a',
    trait: 'sound to be converted, with a cover',
    args: [
      ...rising(7),
      ...picture('64x64', '1', 1),
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-c:a',
      'alac',
      '-c:v',
      'mjpeg',
      '-disposition:v',
      'attached_pic',
    ],
  },
  {
    name: 'pcm-mono.wav',
    trait: 'one channel of 44.1 kHz',
    args: [...rising(7), '-ar', '44100', '-c:a', 'pcm_s16le'],
  },
  ...['left', 'right', 'centre', 'low', 'rear'].map((where, channel) => ({
    name: `ac3-${where}.mkv`,
    trait: `5.1 with a tone in one channel: ${where}`,
    args: [...toneIn(channel, '5.1', 6), '-c:a', 'ac3', '-b:a', '448k'],
  })),
  {
    name: 'pcm-71.wav',
    trait: '7.1 with a tone in the right side',
    args: [...toneIn(7, '7.1', 8), '-c:a', 'pcm_s16le'],
  },
]
