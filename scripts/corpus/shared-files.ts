import { RECIPES } from '../media-recipes.ts'
import { film, refused, tone, type CorpusFile, type Expected } from './expected.ts'

/* What is to come of the test media that all tests share, where the corpus needs them too. */

const EXPECTED: Readonly<Record<string, Expected>> = {
  'h264-aac-gop2.mp4': film('remux', 10, 30),
  'h264-aac-gop10.mp4': film('remux', 20, 30, { size: [640, 360] }),
  'h264-irregular.mp4': film('remux', 10, 30),
  'h264-2997.mp4': film('remux', 10, 29.97),
  'h264-vfr.mp4': film('remux', 10, 0, { pictures: 184 }),
  'h264-delayed-audio.mp4': film('remux', 11.5, 30, { pictures: 300 }),
  'h264-editlist.mp4': film('remux', 13, 30, { size: [640, 360], comparison: { isPictures: true } }),
  'h264-rotated.mp4': film('remux', 10, 30, { size: [180, 320] }),
  'h264-fragmented.mp4': film('remux', 10, 30),
  'h264-aac.mov': film('remux', 10, 30),
  'h264-aac.mkv': film('remux', 10, 30),
  'h264-live.mkv': film('remux', 10, 30),
  'h264-opus.mkv': film('remux', 10, 30),
  'h264-silent.mp4': film('remux', 10, 30, { sounds: 0 }),
  'h264-anamorphic.mp4': film('remux', 3, 30, { size: [427, 180], sounds: 0 }),
  'h264-two-audio.mkv': film('remux', 10, 30, { sounds: 2 }),
  'h264-part-audio.mkv': film('remux', 10, 30, { sounds: 2 }),
  'h264-aac-ac3.mkv': film('remux', 10, 30, { sounds: 1 }),
  'h264-aac.ts': film('remux', 10, 30),
  'h264-wrap.ts': film('remux', 10, 29.97),
  'h264-two-audio.ts': film('remux', 10, 30, { sounds: 2 }),
  'h264-aac.m2ts': film('remux', 10, 30),
  'h264-tuned-in.ts': film('remux', 8, 30),
  'h264-lost.ts': film('remux', 10, 30, { pictures: null }),
  'h264-aac.flv': film('remux', 10, 30, { says: /FLV files are prepared once/ }),
  'vp9-opus.webm': film('remux', 10, 30),
  'vp9-live.webm': film('remux', 10, 30),
  'vp9-opus.mp4': film('remux', 10, 30),
  'av1-aac.mp4': film('remux', 9, 15),
  'av1-opus.webm': film('remux', 9, 15),
  'aac.ts': tone('remux', 12),
  'aac.m4a': tone('remux', 12),
  'two-audio.m4a': tone('remux', 10, { sounds: 2 }),
  'aac-adts.aac': tone('remux', 12),
  'mp3-vbr.mp3': tone('remux', 10),
  'mp3-tagged.mp3': tone('remux', 10),
  'opus-tags.ogg': tone('remux', 10),
  'opus-live.webm': tone('remux', 10),
  'flac-cover.flac': tone('remux', 10),
  'flac-24bit.flac': tone('remux', 10),
  'h264-ac3.mkv': film('audio', 10, 30, { says: /The sound is AC-3/ }),
  'vorbis.ogg': tone('audio', 3, { says: /Vorbis/ }),
  'alac.m4a': tone('audio', 3, { says: /ALAC/ }),
  'pcm.wav': tone('audio', 3, { says: /PCM/ }),
  'pcm.aiff': tone('audio', 3, { says: /PCM/ }),
  // As small as this and as busy, pictures take more bits than they are given.
  'h264-opengop.mp4': film('transcode', 14, 30, {
    size: [160, 90],
    says: /open GOPs/,
    comparison: { leastDb: 36 },
  }),
  'h264-opengop-idr.mp4': film('transcode', 10, 30, { says: /open GOPs/ }),
  'h264-10bit.mp4': film('transcode', 4, 30, { says: /10 bit/ }),
  'hevc-aac.mp4': film('transcode', 4, 30, { says: /HEVC/ }),
  'av1-10bit.mp4': film('transcode', 2, 10, { size: [160, 90], sounds: 0, says: /AV1 \(10 bit/ }),
  'mpeg4-mp3.avi': film('transcode', 4, 30, { says: /MPEG-4 Part 2/ }),
  'mpeg2-mp2.mpg': film('transcode', 3, 25, { says: /MPEG-2/ }),
  'wmv2-wma.wmv': film('transcode', 3, 25, { says: /WMV2/ }),
  'mpeg2-pcm.mxf': film('transcode', 3, 25, { says: /MPEG-2/ }),
  'mpeg4-aac.3gp': film('transcode', 3, 25, { says: /MPEG-4 Part 2/ }),
  'truncated.mp4': refused(/./),
  'random.mp4': refused(/no audio or video file/),
  'zeros.mp4': refused(/nothing but zeros/),
  'empty.mp4': refused(/empty/),
  'playlist.mp4': refused(/playlist/),
  'concat.mp4': refused(/list of files/),
}

/** In the order of the table. */
export const SHARED_FILES: readonly CorpusFile[] = Object.entries(EXPECTED).map(([name, expected]) => {
  const recipe = RECIPES.find((it) => it.name === name)
  if (!recipe) throw new Error(`There is no recipe of ${name}.`)
  return { ...recipe, expected }
})
