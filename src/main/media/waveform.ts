import type { MediaInfo } from '../../shared/media.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { ClipWindow } from './playable.ts'
import { soundsOf } from './sounds.ts'
import type { Tools } from './tools.ts'

/** How loud a file is: equal stretches of `durationS` in all, the highest peak of each, 0..127. */
export type Waveform = { durationS: number; peaks: number[] }

/** Samples per second that peaks are looked for in: what a wave looks like is in its low notes. */
const SAMPLE_RATE = 8_000
/** Stretches per second of short files, and the most of long ones: as many as a wide screen has dots. */
const PEAKS_PER_S = 50
const MAX_PEAKS = 2_000
const HIGHEST_PEAK = 127

/** A file that gives nothing for so long is given up. Decoding is some hundred times faster than playing. */
const SILENCE_MS = 60_000
const TIMEOUT_MS = (seconds: number): number => 120_000 + seconds * 500

/**
 * Measures how loud the default sound of a file is over its length, or over a stretch of it and nothing else. Throws
 * AppError `unsupported_media` when ffmpeg cannot read it, the signal's reason on abort.
 */
export async function measureWaveform(
  tools: Pick<Tools, 'ffmpeg'>,
  { path, media, window }: { path: string; media: MediaInfo; window?: ClipWindow },
  signal: AbortSignal,
): Promise<Waveform> {
  const sound = soundsOf(media).find((it) => it.isDefault)?.at ?? 0
  const { startS, endS } = window ?? { startS: 0, endS: media.durationS }
  const durationS = endS - startS
  const meter = createMeter(Math.max(1, Math.round(durationS * SAMPLE_RATE)), peakCount(durationS))
  const args = composeFfmpeg(
    { path, demuxer: media.demuxer },
    {
      options: [
        // Gaps are filled with silence, so that a sample's number is its time.
        ...['-map', `0:a:${sound}`, '-vn', '-af', 'aresample=async=1:first_pts=0', '-ac', '1'],
        ...['-ar', String(SAMPLE_RATE), '-t', durationS.toFixed(6), '-c:a', 'pcm_s16le', '-f', 's16le'],
      ],
      target: '-',
    },
    ['-threads', '1', ...(window ? ['-ss', startS.toFixed(6)] : [])],
  )
  await runFfmpeg(tools, args, {
    signal,
    timeoutMs: TIMEOUT_MS(durationS),
    silenceMs: SILENCE_MS,
    onBytes: async (chunk) => meter.add(chunk),
  })
  return { durationS, peaks: Array.from(meter.peaks) }
}

const peakCount = (durationS: number): number =>
  Math.max(1, Math.min(MAX_PEAKS, Math.round(durationS * PEAKS_PER_S)))

/** Finds the peaks in samples of 16 bits as they come; what comes after `sampleCount` of them is not looked at. */
export function createMeter(
  sampleCount: number,
  peakCount: number,
): { add: (chunk: Buffer) => void; peaks: Uint8Array } {
  const peaks = new Uint8Array(peakCount)
  let sample = 0
  let rest: Buffer = Buffer.alloc(0)
  return {
    peaks,
    add(chunk) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      let at = 0
      for (; at + 2 <= bytes.length && sample < sampleCount; at += 2, sample++) {
        const peak = Math.round((Math.abs(bytes.readInt16LE(at)) / 0x8000) * HIGHEST_PEAK)
        const place = Math.floor((sample * peakCount) / sampleCount)
        if (peak > (peaks[place] ?? 0)) peaks[place] = peak
      }
      // A sample may be torn apart by the end of a chunk.
      rest = sample < sampleCount ? bytes.subarray(at) : Buffer.alloc(0)
    },
  }
}
