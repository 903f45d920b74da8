import { aac, openGops, picture, sound, x264, type Recipe } from '../recipe-parts.ts'
import { film, type CorpusFile, type Expected } from './expected.ts'

/* Films whose picture is encoded anew. */

const SECONDS = 5
const at = (rate: string, size = '320x180', seconds = SECONDS): string[] => [
  ...picture(size, rate, seconds),
  ...sound(seconds),
]
const pcm = ['-c:a', 'pcm_s16le']
const mp3 = ['-c:a', 'libmp3lame', '-b:a', '96k']
const x265 = (params: string): string[] => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '20'],
  ...['-x265-params', `log-level=error:keyint=50:${params}`],
]

/** swscale takes RGB for BT.601 unless it is told otherwise; screens take it for BT.709. */
const ofRgb = { filters: 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p' }

type Row = Pick<Recipe, 'name' | 'trait' | 'args'> & Partial<Recipe> & { more?: Partial<Expected> }

/** Each 320x180 at 25 pictures a second with one sound. */
const plain = ({ args = [], more, ...recipe }: Row): CorpusFile => ({
  ...recipe,
  args: [...at('25'), ...args],
  expected: film('transcode', SECONDS, 25, { says: /The picture |AVI does not tell/, ...more }),
})

/** Every codec of pictures that people still have, in the container it comes in. */
const CODECS: readonly CorpusFile[] = (
  [
    { name: 'hevc-aac.mkv', trait: 'HEVC in Matroska', args: [...x265('bframes=3'), ...aac] },
    {
      name: 'hevc-hev1.mov',
      trait: 'HEVC with its parameter sets in the stream',
      args: [...x265('repeat-headers=1'), '-tag:v', 'hev1', ...aac],
    },
    {
      name: 'hevc-opengop.ts',
      trait: 'HEVC with open GOPs in a transport stream',
      args: [...x265('open-gop=1:bframes=4'), ...aac],
    },
    {
      name: 'hevc-10bit.mkv',
      trait: 'HEVC of 10 bits',
      args: [...x265('bframes=3'), '-pix_fmt', 'yuv420p10le', ...aac],
    },
    {
      name: 'prores-pcm.mov',
      trait: 'a camera or editor: ProRes 4:2:2 of 10 bits',
      args: ['-c:v', 'prores_ks', '-profile:v', '2', ...pcm],
    },
    {
      name: 'prores4444.mov',
      trait: 'ProRes 4:4:4 with transparency',
      args: ['-pix_fmt', 'yuva444p10le', '-c:v', 'prores_ks', '-profile:v', '4', ...pcm],
    },
    {
      name: 'dnxhr-pcm.mov',
      trait: 'DNxHR',
      args: ['-pix_fmt', 'yuv422p', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_sq', ...pcm],
    },
    {
      name: 'dnxhr-pcm.mxf',
      trait: 'DNxHR in MXF',
      args: ['-pix_fmt', 'yuv422p', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_sq', ...pcm, '-ar', '48000'],
    },
    {
      name: 'ffv1-flac.mkv',
      trait: 'an archive: FFV1 and FLAC, without loss',
      args: ['-c:v', 'ffv1', '-level', '3', '-c:a', 'flac'],
    },
    {
      name: 'mjpeg-pcm.avi',
      trait: 'a digital still camera: Motion JPEG',
      args: ['-pix_fmt', 'yuvj422p', '-c:v', 'mjpeg', '-q:v', '3', ...pcm],
    },
    {
      name: 'mjpeg-pcm.mov',
      trait: 'Motion JPEG in QuickTime',
      args: ['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '3', ...pcm],
    },
    {
      name: 'mpeg4-aac.mp4',
      trait: 'MPEG-4 Part 2 with B-frames',
      args: ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', ...aac],
    },
    {
      name: 'xvid-mp3.avi',
      trait: 'Xvid in AVI, with B-frames in one packet',
      encoders: ['libxvid', 'libmp3lame'],
      args: ['-c:v', 'libxvid', '-bf', '2', '-q:v', '3', ...mp3],
      // Its first packets hold nothing to see; the first picture is shown from the start on.
      more: { pictures: 123, comparison: { mayRepeat: true } },
    },
    {
      name: 'divx3-mp3.avi',
      trait: 'DivX ;-)',
      encoders: ['libmp3lame'],
      args: ['-c:v', 'msmpeg4', '-q:v', '3', ...mp3],
    },
    {
      name: 'h264-mp3.avi',
      trait: 'H.264 in AVI: no times of pictures',
      encoders: ['libmp3lame'],
      args: [...x264(50, 2), ...mp3],
    },
    {
      name: 'mpeg1-mp2.mpg',
      trait: 'a Video CD',
      args: ['-c:v', 'mpeg1video', '-q:v', '3', '-c:a', 'mp2', '-ar', '44100'],
    },
    {
      name: 'mpeg2-ac3.vob',
      trait: 'a DVD: MPEG-2 and AC-3',
      args: ['-c:v', 'mpeg2video', '-bf', '2', '-q:v', '3', '-c:a', 'ac3', '-f', 'vob'],
    },
    {
      name: 'mpeg2-mp2.ts',
      trait: 'television: MPEG-2 and MP2',
      args: ['-c:v', 'mpeg2video', '-bf', '2', '-q:v', '3', '-c:a', 'mp2'],
    },
    { name: 'wmv2-wma.asf', trait: 'Windows Media', args: ['-c:v', 'wmv2', '-q:v', '3', '-c:a', 'wmav2'] },
    { name: 'wmv1-wma.wmv', trait: 'Windows Media 7', args: ['-c:v', 'wmv1', '-q:v', '3', '-c:a', 'wmav1'] },
    {
      name: 'flv1-mp3.flv',
      trait: 'Flash of before H.264',
      encoders: ['libmp3lame'],
      args: ['-c:v', 'flv', '-q:v', '3', ...mp3, '-ar', '44100'],
    },
    {
      name: 'vp8-vorbis.webm',
      trait: 'the first WebM',
      encoders: ['libvpx', 'libvorbis'],
      args: [
        '-c:v',
        'libvpx',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-b:v',
        '900k',
        '-c:a',
        'libvorbis',
      ],
    },
    {
      name: 'vp9-10bit.webm',
      trait: 'VP9 of 10 bits (profile 2)',
      encoders: ['libvpx-vp9', 'libopus'],
      args: [
        '-pix_fmt',
        'yuv420p10le',
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-b:v',
        '700k',
        '-c:a',
        'libopus',
      ],
    },
    {
      name: 'vp9-444.mp4',
      trait: 'VP9 with all of its colour (profile 1)',
      encoders: ['libvpx-vp9'],
      args: [
        '-pix_fmt',
        'yuv444p',
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-b:v',
        '700k',
        ...aac,
      ],
    },
    {
      name: 'theora-vorbis.ogv',
      trait: 'Theora',
      encoders: ['libtheora', 'libvorbis'],
      args: ['-c:v', 'libtheora', '-q:v', '8', '-c:a', 'libvorbis'],
    },
    {
      name: 'h264-422.mov',
      trait: 'H.264 of a camera: 4:2:2 of 10 bits',
      args: [...x264(50, 2), '-pix_fmt', 'yuv422p10le', ...pcm],
    },
    {
      name: 'h264-444.mkv',
      trait: 'H.264 of a screen: 4:4:4',
      args: [...x264(50, 2), '-pix_fmt', 'yuv444p', ...aac],
    },
    {
      name: 'cinepak.mov',
      trait: 'a CD-ROM',
      args: ['-c:v', 'cinepak', ...pcm],
      more: { comparison: ofRgb },
    },
    {
      name: 'png-pcm.mov',
      trait: 'an animation: PNG pictures in QuickTime',
      args: ['-c:v', 'png', ...pcm],
      more: { comparison: ofRgb },
    },
    {
      name: 'rawvideo.avi',
      trait: 'not compressed at all',
      args: ['-c:v', 'rawvideo', '-pix_fmt', 'yuyv422', ...pcm],
    },
    {
      name: 'huffyuv.avi',
      trait: 'Huffyuv of a capture card',
      args: ['-pix_fmt', 'yuv422p', '-c:v', 'huffyuv', ...pcm],
    },
  ] satisfies Row[]
).map((it) => plain(it))

/** H.264 that a browser plays, in an order or at distances that break seeking. */
const GOPS: readonly CorpusFile[] = [
  {
    name: 'h264-opengop.mkv',
    trait: 'open GOPs in Matroska',
    args: [...at('30', '320x180', 8), ...openGops(60), ...aac],
    expected: film('transcode', 8, 30, { says: /open GOPs/ }),
  },
  {
    name: 'h264-opengop.ts',
    trait: 'open GOPs in a transport stream, as on television',
    args: [...at('25', '320x180', 8), ...openGops(24), ...aac],
    expected: film('transcode', 8, 25, { says: /open GOPs/ }),
  },
  {
    name: 'h264-intra-refresh.mp4',
    trait: 'one key frame, then refreshed column by column: a live encoder',
    args: [...at('30', '320x180', 8), ...x264(60, 0, ['-x264-params', 'intra-refresh=1']), ...aac],
    expected: film('transcode', 8, 30, { says: /open GOPs|No key frame|Key frames are/ }),
  },
  {
    name: 'h264-one-key.mp4',
    trait: 'a single key frame in 70 s',
    args: [...picture('160x90', '10', 70), ...sound(70), ...x264(9999, 2), ...aac],
    expected: film('transcode', 70, 10, { size: [160, 90], says: /Key frames are up to 70 s apart/ }),
  },
]

/** In the order of the table. */
export const CONVERTED_FILES: readonly CorpusFile[] = [...CODECS, ...GOPS]
