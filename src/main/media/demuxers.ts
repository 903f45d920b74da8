const DEMUXERS = [
  'mov',
  'matroska',
  'mpegts',
  'mpeg',
  'avi',
  'flv',
  'asf',
  'mxf',
  'ogg',
  'wav',
  'aiff',
  'flac',
  'mp3',
  'aac',
  // Pictures of our own, to test encoders with.
  'yuv4mpegpipe',
] as const

/**
 * A demuxer of ffmpeg that may be used. Each reads the one file it is given and follows no name in it; those that do
 * (hls, concat, dash, sdp, image2) never stand in the list.
 */
export type Demuxer = (typeof DEMUXERS)[number]

/** True when ffmpeg may be given a file with this demuxer. */
export const isDemuxer = (name: string): name is Demuxer => (DEMUXERS as readonly string[]).includes(name)
