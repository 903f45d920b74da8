const ENDINGS = new Set(
  (
    'mp4 m4v mov qt 3gp 3g2 mkv webm ts m2ts mts mpg mpeg m2v vob avi flv f4v wmv asf mxf ogv ' +
    'm4a m4b aac mp3 flac ogg oga opus wav aif aiff aifc wma mka'
  ).split(' '),
)

/** Endings of files that are worth a look, without a dot; what they really are is told by their bytes. */
export const MEDIA_ENDINGS: readonly string[] = [...ENDINGS]

/** True for a name that a media file has: an ending of those, and something before it. */
export const isMediaName = (name: string): boolean =>
  ENDINGS.has((/[^/\\]\.([^./\\]+)$/.exec(name)?.[1] ?? '').toLowerCase())
