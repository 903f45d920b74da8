import { stat } from 'node:fs/promises'
import type { MediaIndex, MediaInfo } from '../../shared/media.ts'
import { composeFfmpeg, runFfmpeg } from '../media/ffmpeg.ts'
import type { Tools } from '../media/tools.ts'
import { REORDER_SAMPLE_PACKETS, reorderDelayS } from './reorder-delay.ts'

/** Wall time for a scan: a minute, and what a slow disk needs for the bytes. */
const SCAN_TIMEOUT_MS = 60_000
const SLOWEST_BYTES_PER_MS = 10_000

/** Streams of the scan's output, in the order they are mapped. */
const ALL_PICTURES = 0
const IDR_PICTURES = 1

/** `stream, dts, pts, duration, size, checksum[, F=flags]`: flags are told when they are not just "key". */
const PACKET_LINE = /^(\d+), *(-?\d+), *(-?\d+), *(\d+), *\d+, *0x[0-9a-f]+(, *F=0x[0-9a-f]+)?/i
const TIME_BASE_LINE = /^#tb (\d+): (\d+)\/(\d+)/

/** What ffmpeg's `framecrc` output adds up to, line by line. */
export function createScan() {
  const timeBases: number[] = []
  const allTimesS: number[] = []
  const idrTimesS: number[] = []
  let keyCount = 0
  let startS = Infinity
  let endS = 0
  return {
    line(line: string): void {
      const [, baseOf, numerator, denominator] = TIME_BASE_LINE.exec(line) ?? []
      if (baseOf !== undefined) timeBases[Number(baseOf)] = Number(numerator) / Number(denominator)
      const [, stream, , pts, duration, notJustKey] = PACKET_LINE.exec(line) ?? []
      if (stream === undefined) return
      const unitS = timeBases[Number(stream)] ?? 0
      const timeS = Number(pts) * unitS
      startS = Math.min(startS, timeS)
      endS = Math.max(endS, timeS + Number(duration) * unitS)
      if (Number(stream) === ALL_PICTURES) {
        allTimesS.push(timeS)
        if (!notJustKey) keyCount += 1
      }
      if (Number(stream) === IDR_PICTURES) idrTimesS.push(timeS)
    },
    index(): MediaIndex {
      return {
        keyTimesS: idrTimesS,
        openGop: keyCount > idrTimesS.length,
        startS: Number.isFinite(startS) ? Math.max(0, startS) : 0,
        endS,
        reorderS: reorderDelayS(allTimesS.slice(0, REORDER_SAMPLE_PACKETS)),
        videoTimescale: Math.round(1 / (timeBases[ALL_PICTURES] ?? 1)),
      }
    },
  }
}

/**
 * Reads the key table of an H.264 file that only ffmpeg can read, in one pass over its packets without decoding:
 * the picture is mapped twice, once whole and once through `filter_units=pass_types=5` (ffmpeg 4.0), which lets only
 * IDR slices by and drops packets that have none. ffmpeg's own key flag would not do: it counts recovery points.
 * Times are those of the stream that ffmpeg makes of the file, which begins at 0.
 */
export async function indexWithFfmpeg(
  { path, media, tools }: { path: string; media: MediaInfo; tools: Pick<Tools, 'ffmpeg'> },
  signal: AbortSignal,
): Promise<MediaIndex> {
  const scan = createScan()
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        ...['-map', '0:v:0', '-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy'],
        ...['-bsf:v:1', 'filter_units=pass_types=5', '-f', 'framecrc'],
      ],
      target: '-',
    },
    ['-v', 'error', '-fflags', '+genpts'],
  )
  const { size } = await stat(path)
  await runFfmpeg(tools, args, {
    signal,
    timeoutMs: SCAN_TIMEOUT_MS + size / SLOWEST_BYTES_PER_MS,
    onLine: (line) => scan.line(line),
  })
  return scan.index()
}
