import { aac, picture, sound, type Recipe } from './recipe-parts.ts'

/** Sound without a picture, in containers of its own. */
export const SOUND_RECIPES: readonly Recipe[] = [
  ...[
    { name: 'mp3.mp3', encoders: ['libmp3lame'], args: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
    { name: 'opus.ogg', encoders: ['libopus'], args: ['-c:a', 'libopus', '-b:a', '48k'] },
    { name: 'flac.flac', args: ['-c:a', 'flac'] },
    { name: 'pcm.wav', args: ['-c:a', 'pcm_s16le'] },
    { name: 'pcm.aiff', args: ['-c:a', 'pcm_s16be'] },
    { name: 'aac.aac', args: aac },
    { name: 'alac.m4a', args: ['-c:a', 'alac'] },
  ].map((it) => ({ ...it, trait: 'sound in a container of its own', args: [...sound(3), ...it.args] })),
  {
    name: 'mp3-vbr.mp3',
    trait: 'MP3 as music is: a rate that varies, a Xing frame, tags with a cover before it',
    encoders: ['libmp3lame'],
    args: [
      ...[...sound(10, 44_100), ...picture('64x64', '1', 1), '-map', '0:a', '-map', '1:v'],
      ...['-c:v', 'mjpeg', '-disposition:v', 'attached_pic', '-id3v2_version', '3'],
      ...['-c:a', 'libmp3lame', '-ac', '2', '-q:a', '4', '-metadata', 'title=Side B'],
    ],
  },
  {
    name: 'mp3-bare.mp3',
    trait: 'MP3 of a low rate without tags and without any frame but sound',
    encoders: ['libmp3lame'],
    args: [
      ...[...sound(10, 22_050), '-c:a', 'libmp3lame', '-b:a', '40k'],
      ...['-write_xing', '0', '-id3v2_version', '0'],
    ],
  },
  {
    name: 'mp3-tagged.mp3',
    trait: 'a cover larger than all that is looked at first, and an old tag at the end',
    needs: 'mp3-bare.mp3',
    bytes: (read) => Buffer.concat([id3Tag(200_000), read('mp3-bare.mp3'), oldTag()]),
  },
  {
    name: 'aac-tagged.aac',
    trait: 'ADTS behind a tag larger than all that is looked at first',
    needs: 'aac-adts.aac',
    bytes: (read) => Buffer.concat([id3Tag(100_000), read('aac-adts.aac')]),
  },
  { name: 'aac-adts.aac', trait: 'ADTS of 44.1 kHz', args: ['-i', '@aac.m4a', '-c', 'copy', '-f', 'adts'] },
  {
    name: 'opus-tags.ogg',
    trait: 'Opus in Ogg, with tags',
    encoders: ['libopus'],
    args: [...sound(10), ...['-c:a', 'libopus', '-ac', '2', '-b:a', '64k', '-metadata', 'title=Voice note']],
  },
  {
    name: 'opus-live.webm',
    trait: 'a voice as browsers record it',
    encoders: ['libopus'],
    args: ['-i', '@opus-tags.ogg', '-c', 'copy', '-live', '1'],
  },
  {
    name: 'vorbis.ogg',
    trait: 'Vorbis in Ogg: browsers play it in no stream',
    encoders: ['libvorbis'],
    args: [...sound(3), '-c:a', 'libvorbis'],
  },
  {
    name: 'flac-cover.flac',
    trait: 'FLAC of a CD, with a cover',
    args: [
      ...[...sound(10, 44_100), ...picture('64x64', '1', 1), '-map', '0:a', '-map', '1:v'],
      ...['-c:v', 'mjpeg', '-disposition:v', 'attached_pic', '-c:a', 'flac', '-ac', '2'],
    ],
  },
  {
    name: 'flac-24bit.flac',
    trait: 'FLAC of 24 bits',
    args: [...sound(10, 48_000), '-c:a', 'flac', '-sample_fmt', 's32', '-bits_per_raw_sample', '24'],
  },
  {
    name: 'flac.mkv',
    trait: 'FLAC in Matroska',
    args: ['-i', '@flac-cover.flac', '-map', '0:a', '-c', 'copy'],
  },
]

/** An ID3v2.4 tag with that many bytes of padding in it. */
function id3Tag(length: number): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 127)
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), Buffer.from(size), Buffer.alloc(length)])
}

/** An ID3v1 tag. */
const oldTag = (): Buffer => Buffer.concat([Buffer.from('TAGSide B'), Buffer.alloc(119)])
