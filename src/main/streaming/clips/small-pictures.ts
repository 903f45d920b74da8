import { composeFfmpeg, runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'

/** Grey pictures so small that noise is gone and what is shown can still be told: one byte for each dot. */
const WIDTH = 64
const HEIGHT = 36

/** Bytes of one small picture, as `-f rawvideo` gives it. */
export const SMALL_PICTURE_BYTES = WIDTH * HEIGHT

/** The filter that makes small pictures (ffmpeg-filters, "scale"). */
export const SMALL_PICTURE_FILTER = `scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`

const TIMEOUT_MS = 120_000
const SILENCE_MS = 60_000
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/**
 * Decodes fragmented MP4 into small grey pictures, all of them, in order of presentation. Throws AppError
 * `unsupported_media` when ffmpeg cannot decode it.
 */
export async function smallPictures(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  source: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<Buffer[]> {
  const args = composeFfmpeg(
    { path: null, demuxer: 'mov' },
    {
      options: [
        ...['-map', '0:v:0', '-an', '-vf', SMALL_PICTURE_FILTER],
        ...[tools.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough', '-f', 'rawvideo'],
      ],
      target: '-',
    },
    ['-v', 'error', '-noautorotate'],
  )
  const bytes = await runFfmpeg(tools, args, {
    signal,
    input: source,
    timeoutMs: TIMEOUT_MS,
    silenceMs: SILENCE_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  })
  return Array.from({ length: Math.floor(bytes.length / SMALL_PICTURE_BYTES) }, (_, at) =>
    bytes.subarray(at * SMALL_PICTURE_BYTES, (at + 1) * SMALL_PICTURE_BYTES),
  )
}

/** How far two small pictures are apart: the mean of the differences of their dots, 0..255. */
export function pictureDistance(one: Uint8Array, other: Uint8Array): number {
  let sum = 0
  for (const [at, dot] of one.entries()) sum += Math.abs(dot - (other[at] ?? 255))
  return one.length > 0 ? sum / one.length : 255
}
