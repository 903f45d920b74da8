import { aac, picture, sound } from '../recipe-parts.ts'
import { film, tone, type CorpusFile } from './expected.ts'

/* Sound that no browser plays in a stream: beside a picture that it plays, and alone. */

const SECONDS = 6

/** The picture is copied, only the sound is converted. */
const BESIDE_H264: readonly CorpusFile[] = [
  { name: 'h264-ac3.ts', args: ['-c:a', 'ac3', '-b:a', '192k'] },
  { name: 'h264-eac3.mp4', args: ['-c:a', 'eac3', '-ac', '6', '-b:a', '256k'] },
  { name: 'h264-ac3-51.mkv', args: ['-c:a', 'ac3', '-ac', '6', '-b:a', '384k'] },
  { name: 'h264-dts.mkv', args: ['-c:a', 'dca', '-strict', '-2', '-ac', '6'] },
  { name: 'h264-truehd.mkv', args: ['-c:a', 'truehd', '-strict', '-2', '-ac', '6'] },
  { name: 'h264-pcm.mov', args: ['-c:a', 'pcm_s16le'] },
  { name: 'h264-pcm24-96k.mkv', args: ['-c:a', 'pcm_s24le', '-ar', '96000'] },
  { name: 'h264-pcm-71.mov', args: ['-af', 'aformat=channel_layouts=7.1', '-c:a', 'pcm_s24le'] },
  { name: 'h264-mp3.mp4', encoders: ['libmp3lame'], args: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
  { name: 'h264-flac.mp4', args: ['-c:a', 'flac', '-strict', '-2'] },
  { name: 'h264-alac.mov', args: ['-c:a', 'alac'] },
  { name: 'h264-vorbis.mkv', encoders: ['libvorbis'], args: ['-c:a', 'libvorbis'] },
  { name: 'h264-mp2.ts', args: ['-c:a', 'mp2', '-b:a', '128k'] },
  { name: 'h264-mulaw-8k.mov', args: ['-c:a', 'pcm_mulaw', '-ac', '1', '-ar', '8000'] },
].map((it) => ({
  ...it,
  trait: 'the picture is copied, the sound converted',
  args: ['-i', '@h264-aac-gop2.mp4', '-t', String(SECONDS), '-c:v', 'copy', ...it.args],
  // Copied up to 6 s, the pictures reach a little further.
  expected: film('audio', 6.1, 0, { pictures: 182, says: /The sound is / }),
}))

const BESIDE_OTHERS: readonly CorpusFile[] = [
  {
    name: 'vp9-vorbis.webm',
    trait: 'WebM of before Opus',
    encoders: ['libvpx-vp9', 'libopus', 'libvorbis'],
    args: ['-i', '@vp9-opus.webm', '-c:v', 'copy', '-c:a', 'libvorbis'],
    expected: film('audio', 10, 30, { says: /The sound is Vorbis/ }),
  },
  {
    name: 'h264-ac3-late.mkv',
    trait: 'sound to convert that begins 1.5 s after the picture',
    args: [
      ...['-i', '@h264-aac-gop2.mp4', '-itsoffset', '1.5', '-i', '@h264-aac-gop2.mp4'],
      ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'ac3'],
    ],
    expected: film('audio', 11.5, 30, { pictures: 300 }),
  },
  {
    name: 'h264-two-pcm.mov',
    trait: 'two tracks of sound, neither of which a browser plays',
    args: ['-i', '@h264-two-audio.mp4', '-map', '0', '-c:v', 'copy', '-c:a', 'pcm_s16le'],
    expected: film('audio', 10, 30, { sounds: 2 }),
  },
]

/** Sound alone: as it is in AAC, Opus, FLAC and MP3, else converted. */
const ALONE: readonly CorpusFile[] = [
  ...[
    { name: 'pcm-8k-mono.wav', args: ['-c:a', 'pcm_s16le', '-ac', '1', '-ar', '8000'] },
    { name: 'pcm-96k-24bit.wav', args: ['-c:a', 'pcm_s24le', '-ar', '96000'] },
    { name: 'pcm-51.wav', args: ['-c:a', 'pcm_s16le', '-ac', '6'] },
    { name: 'adpcm.wav', args: ['-c:a', 'adpcm_ms'] },
    { name: 'wma.wma', args: ['-c:a', 'wmav2', '-b:a', '96k'] },
    { name: 'ac3.mka', args: ['-c:a', 'ac3', '-f', 'matroska'] },
    { name: 'vorbis.webm', encoders: ['libvorbis'], args: ['-c:a', 'libvorbis', '-f', 'webm'] },
    { name: 'mp3.mka', encoders: ['libmp3lame'], args: ['-c:a', 'libmp3lame', '-f', 'matroska'] },
  ].map((it) => ({
    ...it,
    trait: 'sound that is converted',
    args: [...sound(SECONDS), ...it.args],
    expected: tone('audio', SECONDS),
  })),
  ...[
    { name: 'aac-51.m4a', args: ['-c:a', 'aac', '-ac', '6', '-b:a', '256k'] },
    { name: 'aac-8k-mono.m4a', args: ['-c:a', 'aac', '-ac', '1', '-ar', '8000', '-b:a', '16k'] },
    { name: 'opus-mono.ogg', encoders: ['libopus'], args: ['-c:a', 'libopus', '-ac', '1', '-b:a', '24k'] },
    { name: 'flac-96k.flac', args: ['-c:a', 'flac', '-ar', '96000'] },
    {
      name: 'mp3-48k-mono.mp3',
      encoders: ['libmp3lame'],
      args: ['-c:a', 'libmp3lame', '-ac', '1', '-b:a', '64k'],
    },
  ].map((it) => ({
    ...it,
    trait: 'sound that is copied',
    args: [...sound(SECONDS), ...it.args],
    expected: tone('remux', SECONDS),
  })),
  {
    name: 'flac.ogg',
    trait: 'FLAC in Ogg',
    args: [...sound(SECONDS), '-c:a', 'flac'],
    expected: tone('remux', SECONDS, { says: /Ogg files are prepared once/ }),
  },
  {
    name: 'aac-chapters.m4b',
    trait: 'a book to hear, with a cover',
    args: [
      ...[...sound(SECONDS), ...picture('64x64', '1', 1), '-map', '0:a', '-map', '1:v', '-f', 'mp4'],
      ...[...aac, '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'],
    ],
    expected: tone('remux', SECONDS),
  },
]

/** In the order of the table. */
export const SOUND_FILES: readonly CorpusFile[] = [...BESIDE_H264, ...BESIDE_OTHERS, ...ALONE]
