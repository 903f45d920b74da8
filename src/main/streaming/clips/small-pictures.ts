import { composeFfmpeg, runFfmpeg } from '../../media/ffmpeg.ts'
import type { Tools } from '../../media/tools.ts'

/** Grey pictures so small that noise is gone and what is shown can still be told: one byte for each dot. */
const WIDTH = 64
const HEIGHT = 36

const TIMEOUT_MS = 120_000
const SILENCE_MS = 60_000
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** Which pictures of an input, in order of presentation; absent: all. */
type Wanted = { first: number; count: number }

/**
 * Decodes fragmented MP4 into small grey pictures, in order of presentation. Throws AppError `unsupported_media` when
 * ffmpeg cannot decode it.
 */
export async function smallPictures(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  source: readonly Uint8Array[],
  wanted: Wanted | null,
  signal: AbortSignal,
): Promise<Buffer[]> {
  const trim = wanted ? `trim=start_frame=${wanted.first}:end_frame=${wanted.first + wanted.count},` : ''
  const args = composeFfmpeg(
    { path: null, demuxer: 'mov' },
    {
      options: [
        ...['-map', '0:v:0', '-an', '-vf', `${trim}scale=${WIDTH}:${HEIGHT}:flags=area,format=gray`],
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
  const size = WIDTH * HEIGHT
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
}

/** How far two small pictures are apart: the mean of the differences of their dots, 0..255. */
export function pictureDistance(one: Uint8Array, other: Uint8Array): number {
  let sum = 0
  for (const [at, dot] of one.entries()) sum += Math.abs(dot - (other[at] ?? 255))
  return one.length > 0 ? sum / one.length : 255
}
