import { noise, packetsOf, picture, sound } from '../recipe-parts.ts'
import { film, refused, tone, type CorpusFile, type Expected } from './expected.ts'

/* Files that are not what they should be, and files that are something else. What can be played of them is played. */

type Read = (name: string) => Buffer

/** The first part of a file. */
const firstOf = (file: Buffer, part: number): Buffer => file.subarray(0, Math.floor(file.length * part))

/** A file with other bytes in its middle. */
function overwritten(file: Buffer, part: number, bytes: Buffer): Buffer {
  const copy = Buffer.from(file)
  bytes.copy(copy, Math.floor(file.length * part))
  return copy
}

/** No number of pictures is the right one. */
const DAMAGED: Partial<Expected> = { pictures: null, comparison: { isDamaged: true } }

const CUT_OFF: readonly CorpusFile[] = [
  {
    name: 'cut-off.ts',
    trait: 'a recording that stopped inside a packet',
    needs: 'h264-aac.ts',
    bytes: (read: Read) => firstOf(read('h264-aac.ts'), 0.55),
    expected: film('remux', 5.6, 30, DAMAGED),
  },
  {
    name: 'cut-off.mkv',
    trait: 'a download that stopped at 55 %',
    needs: 'h264-aac.mkv',
    bytes: (read: Read) => firstOf(read('h264-aac.mkv'), 0.55),
    // Of the cluster that was broken off nothing is read: it ends before it.
    expected: film('remux', 4.02, 30, { pictures: null, comparison: { isDamaged: true, leastKept: 0.7 } }),
  },
  {
    name: 'cut-off-fragmented.mp4',
    trait: 'a live recording that stopped inside a fragment',
    needs: 'h264-fragmented.mp4',
    bytes: (read: Read) => firstOf(read('h264-fragmented.mp4'), 0.55),
    // The fragment that was broken off names pictures that are not there: it ends before it.
    expected: film('remux', 4.07, 30, DAMAGED),
  },
  {
    name: 'cut-off-front-index.mp4',
    trait: 'its index at the front names pictures that were never copied',
    needs: 'h264-aac-gop2.mp4',
    bytes: (read: Read) => firstOf(read('h264-aac-gop2.mp4'), 0.55),
    expected: refused(/cut off: only \d+ % of it is here/),
  },
  {
    name: 'cut-off.avi',
    trait: 'an AVI without its index',
    encoders: ['libmp3lame'],
    needs: 'mpeg4-mp3.avi',
    bytes: (read: Read) => firstOf(read('mpeg4-mp3.avi'), 0.7),
    expected: film('transcode', 2.8, 30, { pictures: null }),
  },
  {
    name: 'cut-off.mp3',
    trait: 'a song that stopped inside a frame',
    encoders: ['libmp3lame'],
    needs: 'mp3-bare.mp3',
    bytes: (read: Read) => firstOf(read('mp3-bare.mp3'), 0.5),
    expected: tone('remux', 5, DAMAGED),
  },
]

const DAMAGED_FILES: readonly CorpusFile[] = [
  {
    name: 'noise-inside.ts',
    trait: '2 kB of noise inside a transport stream',
    needs: 'h264-aac.ts',
    bytes: (read: Read) => overwritten(read('h264-aac.ts'), 0.5, noise(2_000)),
    expected: film('remux', 10, 30, DAMAGED),
  },
  {
    name: 'noise-inside.mkv',
    trait: '500 bytes of noise inside a cluster of Matroska',
    needs: 'h264-aac.mkv',
    bytes: (read: Read) => overwritten(read('h264-aac.mkv'), 0.5, noise(500)),
    // mediabunny goes on at the next cluster, ffmpeg in the same one.
    expected: film('remux', 10, 30, { pictures: null, comparison: { isDamaged: true, leastKept: 0.75 } }),
  },
  {
    name: 'zeros-inside.mp4',
    trait: 'a disk lost 4 kB in the middle of its pictures',
    needs: 'h264-aac-gop2.mp4',
    bytes: (read: Read) => overwritten(read('h264-aac-gop2.mp4'), 0.6, Buffer.alloc(4096)),
    expected: film('remux', 10, 30, {
      ...DAMAGED,
      // Half of a key frame is zeros, which H.264 never has in a row (section 7.4.1): Chromium gives up there, ffmpeg goes on.
      known: ['Chromium: media: PipelineStatus::PIPELINE_ERROR_DECODE'],
    }),
  },
  {
    name: 'zeros-at-end.mp4',
    trait: 'a download of which the last third was never written',
    needs: 'h264-aac-gop2.mp4',
    bytes: (read: Read) => {
      const whole = read('h264-aac-gop2.mp4')
      const first = firstOf(whole, 0.66)
      return Buffer.concat([first, Buffer.alloc(whole.length - first.length)])
    },
    // Zeros for key frames are no key frames: what decodes of it is encoded anew.
    expected: film('transcode', 10, 30, { pictures: null, comparison: { isUncounted: true } }),
  },
  {
    name: 'no-times.avi',
    trait: 'AVI, which has no times at all, with sound of a varying rate',
    encoders: ['libmp3lame'],
    args: [
      ...[...picture('320x180', '25', 5), ...sound(5), '-c:v', 'mpeg4', '-q:v', '3', '-bf', '2'],
      ...['-c:a', 'libmp3lame', '-q:a', '5', '-write_xing', '0'],
    ],
    expected: film('transcode', 5, 25),
  },
  {
    name: 'negative-start.mp4',
    trait: 'half a second of sound and picture before the time 0, which an edit list hides',
    args: [
      ...['-itsoffset', '-0.5', '-i', '@h264-aac-gop2.mp4', '-c', 'copy'],
      ...['-avoid_negative_ts', 'disabled', '-t', '6'],
    ],
    expected: film('remux', 6.07, 30, { pictures: null, comparison: { isPictures: true } }),
  },
  {
    name: 'negative-start.ts',
    trait: 'a transport stream whose clock begins anew after its first second',
    args: ['-i', '@h264-aac-gop2.mp4', '-c', 'copy', '-output_ts_offset', '95442.7', '-t', '6'],
    expected: film('remux', 6.1, 0, { pictures: 182 }),
  },
  {
    name: 'twice.ts',
    trait: 'two recordings in one file: the clock jumps back in the middle',
    needs: 'h264-aac.ts',
    bytes: (read: Read) => {
      const packets = packetsOf(read('h264-aac.ts'))
      return Buffer.concat([...packets, ...packets])
    },
    expected: film('remux', 20, 30, { says: /prepared once/, comparison: { isDamaged: true } }),
  },
]

const REFUSED: readonly CorpusFile[] = [
  {
    name: 'text.mp4',
    trait: 'a text under the name of a film',
    bytes: () => Buffer.from('Dear diary, today I saw a film.\n'.repeat(400)),
    expected: refused(/no audio or video file/),
  },
  {
    name: 'web-page.mkv',
    trait: 'an error page that was saved as a film',
    bytes: () => Buffer.from('<!DOCTYPE html><title>404</title><p>Not found'),
    expected: refused(/web page/),
  },
  {
    name: 'archive.avi',
    trait: 'an archive under the name of a film',
    bytes: () => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), noise(5_000)]),
    expected: refused(/ZIP archive/),
  },
  {
    name: 'picture.mov',
    trait: 'a still picture under the name of a film',
    args: [...picture('64x64', '1', 1), '-frames:v', '1', '-c:v', 'mjpeg', '-f', 'image2pipe'],
    expected: refused(/picture, not a film/),
  },
  {
    name: 'only-head.mp4',
    trait: 'a download of 600 bytes',
    needs: 'h264-aac-gop10.mp4',
    bytes: (read: Read) => read('h264-aac-gop10.mp4').subarray(0, 600),
    expected: refused(/./),
  },
  {
    name: 'only-head.mkv',
    trait: 'a head of Matroska and then nothing',
    needs: 'h264-aac.mkv',
    bytes: (read: Read) => read('h264-aac.mkv').subarray(0, 300),
    expected: refused(/./),
  },
]

/** In the order of the table. */
export const BROKEN_FILES: readonly CorpusFile[] = [...CUT_OFF, ...DAMAGED_FILES, ...REFUSED]
