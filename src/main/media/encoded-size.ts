import type { VideoTrackInfo } from '../../shared/media.ts'

/** Bits per pixel and picture that an encoder takes at our quality, on the safe side. */
const BITS_PER_PIXEL = 0.15
const USUAL_FRAME_RATE = 30

/** About how many bytes a picture takes when it is encoded, with `pixels` at the most in each. */
export function encodedBytes(
  { width, height, frameRate }: Pick<VideoTrackInfo, 'width' | 'height' | 'frameRate'>,
  lengthS: number,
  pixels = Infinity,
): number {
  return (Math.min(width * height, pixels) * (frameRate ?? USUAL_FRAME_RATE) * BITS_PER_PIXEL * lengthS) / 8
}
