import { hasTestMedia } from './test-media.ts'

/*
 * The test files that Matinee plays as they are, each for one trait of real files. The tests that walk all of them
 * read these lists: packet by packet against the source, and in a browser.
 */

/** Cut on request, with one track of sound at most. */
export const REMUXED_MEDIA: readonly string[] = [
  ...['h264-aac-gop2.mp4', 'h264-aac-gop10.mp4', 'h264-irregular.mp4', 'h264-2997.mp4', 'h264-vfr.mp4'],
  ...['h264-delayed-audio.mp4', 'h264-editlist.mp4', 'h264-rotated.mp4', 'h264-fragmented.mp4'],
  ...['h264-aac.mov', 'h264-aac.mkv', 'h264-opus.mkv', 'vp9-opus.webm', 'h264-silent.mp4', 'aac.m4a'],
  ...['h264-aac.ts', 'h264-wrap.ts', 'h264-aac.m2ts', 'h264-tuned-in.ts', 'aac.ts'],
  ...['h264-live.mkv', 'vp9-live.webm', 'opus-live.webm'],
  ...['vp9-opus.mp4', 'av1-aac.mp4', 'av1-aac.mkv', 'av1-opus.webm'],
  ...['aac-adts.aac', 'aac-tagged.aac', 'flac-cover.flac', 'flac-24bit.flac', 'flac.mkv', 'opus-tags.ogg'],
].filter(hasTestMedia)

/** Cut on request into Packed Audio. */
export const PACKED_MEDIA: readonly string[] = ['mp3-vbr.mp3', 'mp3-bare.mp3', 'mp3-tagged.mp3'].filter(
  hasTestMedia,
)

/** Cut on request, each track of sound a rendition of its own. */
export const SEVERAL_SOUNDS_MEDIA: readonly string[] = [
  ...['h264-two-audio.mp4', 'h264-two-audio.mkv', 'h264-two-audio.ts', 'two-audio.m4a'],
  ...['h264-part-audio.mkv'],
]

/** Prepared once by ffmpeg. */
export const PACKAGED_MEDIA: readonly string[] = ['h264-aac.flv', 'h264-lost.ts']
