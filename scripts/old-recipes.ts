import { picture, sound, type Recipe } from './recipe-parts.ts'

/** Films of twenty years ago, whose facts are read without a process: each for what their headers can say. */
export const OLD_RECIPES: readonly Recipe[] = [
  {
    name: 'mjpeg-pcm.avi',
    trait: 'a camera, with a title and the name of a track',
    args: [
      ...[...picture('320x240', '15', 2), ...sound(2), '-pix_fmt', 'yuvj422p', '-c:v', 'mjpeg'],
      ...['-c:a', 'pcm_u8', '-ar', '11025', '-metadata', 'title=Größe', '-metadata:s:a', 'title=Ton'],
    ],
  },
  {
    name: 'mpeg4-ac3.avi',
    trait: 'samples that are no squares, and two sounds of other kinds',
    args: [
      ...[...picture('352x288', '24', 2), ...sound(2), '-map', '0', '-map', '1', '-map', '1'],
      ...['-c:v', 'mpeg4', '-q:v', '6', '-aspect', '16:9', '-vtag', 'XVID'],
      ...['-c:a:0', 'ac3', '-ac:a:0', '6', '-c:a:1', 'mp2'],
    ],
  },
  {
    name: 'mpeg1-mp2.mpg',
    trait: 'a Video CD',
    args: [
      ...[...picture('352x240', '30000/1001', 2), ...sound(2), '-c:v', 'mpeg1video', '-b:v', '1M'],
      ...['-c:a', 'mp2', '-ar', '44100', '-f', 'mpeg'],
    ],
  },
  {
    name: 'mpeg2-ac3.vob',
    trait: 'a DVD: wide and interlaced, B pictures, and two sounds',
    args: [
      ...[...picture('720x576', '25', 3), ...sound(3), '-map', '0', '-map', '1', '-map', '1'],
      ...['-c:v', 'mpeg2video', '-b:v', '1M', '-flags', '+ildct+ilme', '-bf', '2', '-aspect', '16:9'],
      ...['-c:a:0', 'ac3', '-ac:a:0', '6', '-c:a:1', 'mp2', '-f', 'vob'],
    ],
  },
]
