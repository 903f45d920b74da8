import { BROKEN_FILES } from './broken-recipes.ts'
import { CONVERTED_FILES } from './converted-recipes.ts'
import { COPIED_FILES } from './copied-recipes.ts'
import type { CorpusFile } from './expected.ts'
import { SHAPED_FILES } from './shaped-recipes.ts'
import { SHARED_FILES } from './shared-files.ts'
import { SOUND_FILES } from './sound-recipes.ts'

/** Files that only the corpus needs lie in a folder of their own, so that the tests' own media stay few. */
const FOLDER = 'corpus/'

const OWN_FILES: readonly CorpusFile[] = [
  ...[...COPIED_FILES, ...SOUND_FILES, ...CONVERTED_FILES, ...SHAPED_FILES, ...BROKEN_FILES],
].map((it) => ({ ...it, name: FOLDER + it.name }))

/** Every file of the corpus, in the order of the table. */
export const CORPUS: readonly CorpusFile[] = [...SHARED_FILES, ...OWN_FILES]

/** The name of a file in tables and on the command line. */
export const shortName = ({ name }: Pick<CorpusFile, 'name'>): string => name.replace(FOLDER, '')

/** These files and all that they are made of. */
export function withSources(files: readonly CorpusFile[]): CorpusFile[] {
  const all = new Set(files)
  for (const { needs, args = [] } of all) {
    for (const it of CORPUS) if (it.name === needs || args.includes(`@${it.name}`)) all.add(it)
  }
  return [...all]
}

/** One file of each kind that npm test plays through as well. */
export const TESTED: readonly string[] = [
  ...['h264-delayed-picture.mp4', 'h264-late.mkv', 'h264-aac-51.mp4', 'h264-rotated-270.mp4', 'h264-50.ts'],
  ...['h264-eac3.mp4', 'h264-pcm.mov', 'pcm-8k-mono.wav', 'hevc-aac.mkv', 'mpeg2-interlaced.ts'],
  ...['prores-pcm.mov', 'mpeg4-rotated-90.mp4', 'ffv1-odd.mkv', 'cut-off.ts', 'web-page.mkv'],
]

/** Those that are tried with the old ffmpeg from npm too: each demuxer, each filter, each kind of delivery. */
export const TRIED_WITH_OLD_FFMPEG: readonly string[] = [
  ...['h264-aac-gop2.mp4', 'h264-aac.ts', 'h264-aac.flv', 'h264-ac3.mkv', 'h264-two-pcm.mov', 'vorbis.ogg'],
  ...['hevc-aac.mkv', 'hevc-hdr10.mp4', 'h264-opengop.ts', 'mpeg4-rotated-90.mp4', 'mpeg2-interlaced.ts'],
  ...['mpeg4-2997.mkv', 'mpeg4-mp3.avi', 'wmv2-wma.wmv', 'mpeg2-mp2.mpg', 'mpeg2-pcm.mxf'],
]

/** Those that other browsers play too: each packager and kind of stream. */
export const TRIED_IN_ALL_BROWSERS: readonly string[] = [
  ...['h264-aac-gop2.mp4', 'h264-2997.mp4', 'h264-rotated.mp4', 'vp9-opus.webm', 'aac.m4a', 'mp3-vbr.mp3'],
  ...['h264-aac.flv', 'h264-two-audio.mkv', 'h264-ac3.mkv', 'hevc-aac.mp4', 'h264-opus.mkv'],
]
