/** Tells whether ffmpeg decodes a codec of our names. */
export type CanDecode = (codec: string) => boolean

/** What ffmpeg calls codecs that we call otherwise. */
const FFMPEG_NAMES: Readonly<Record<string, string>> = {
  avc: 'h264',
  ulaw: 'pcm_mulaw',
  alaw: 'pcm_alaw',
}

/** Makes the answer from ffmpeg's list of what it decodes. */
export const decodingOf =
  (decodable: ReadonlySet<string>): CanDecode =>
  (codec) =>
    codec.startsWith('pcm') || decodable.has(FFMPEG_NAMES[codec] ?? codec)
