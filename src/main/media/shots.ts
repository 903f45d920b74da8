import type { MediaInfo } from '../../shared/media.ts'
import { composeFfmpeg, runFfmpeg } from './ffmpeg.ts'
import type { ClipWindow } from './playable.ts'
import type { Tools } from './tools.ts'

/** How much a picture differs from the one before it, 0..1, as ffmpeg scores it; its time in seconds of the file. */
export type SceneScore = { timeS: number; score: number }

/** `content`: a cut is a change above the threshold. `adaptive`: one that also stands out from those around it. */
export type ShotDetector = 'content' | 'adaptive'

/** Width of what is looked at. A cut changes all of a picture; more pixels would only cost time. */
const WIDTH = 320
/** A file that says nothing for so long is given up. */
const SILENCE_MS = 60_000
/** Wall time: a large picture at low priority may take longer than it plays. */
const TIMEOUT_MS = (seconds: number): number => 120_000 + seconds * 5_000

/** Neighbours on each side that an adaptive cut is measured against, and how far it must stand out. */
const NEIGHBOURS = 2
const STANDS_OUT = 3
/** Of the threshold, what is enough for a cut that stands out. */
const ADAPTIVE_PART = 0.55

/**
 * Finds the cuts in a stretch of a film: their times in seconds of the file, rising. Throws AppError
 * `unsupported_media` when ffmpeg cannot read it, the signal's reason on abort.
 */
export async function detectCuts(
  tools: Pick<Tools, 'ffmpeg'>,
  source: { path: string; media: MediaInfo },
  rules: { range: ClipWindow; detector: ShotDetector; threshold: number },
  job: { signal: AbortSignal; progress: (fraction: number) => void },
): Promise<number[]> {
  const { startS, endS } = rules.range
  const find = cutFinder(rules.detector, rules.threshold)
  let timeS = startS
  // `settb`: the `pts_time` of older versions has six digits, which is too few after some minutes.
  // The score is asked of every picture, for ffmpeg tells it only while it selects by it.
  const filters = [
    `scale=${WIDTH}:-2:flags=fast_bilinear`,
    'settb=1/1000000',
    'select=gte(scene\\,0)',
    'metadata=print:file=-',
  ]
  const args = composeFfmpeg(
    { path: source.path, demuxer: source.media.demuxer },
    {
      options: ['-map', '0:V:0', '-vf', filters.join(','), '-f', 'null'],
      target: '-',
    },
    ['-nostats', '-ss', startS.toFixed(6), '-t', (endS - startS).toFixed(6)],
  )
  await runFfmpeg(tools, args, {
    signal: job.signal,
    timeoutMs: TIMEOUT_MS(endS - startS),
    silenceMs: SILENCE_MS,
    onLine(line) {
      const [, pts] = /^frame:\d+\s+pts:(-?\d+)/.exec(line) ?? []
      const [, score] = /^lavfi\.scene_score=([\d.]+)/.exec(line) ?? []
      if (pts !== undefined) {
        timeS = startS + Number(pts) / 1e6
        job.progress((timeS - startS) / (endS - startS))
      } else if (score !== undefined) find.next({ timeS, score: Number(score) })
    },
  })
  return find.end()
}

/** Finds cuts in scores as they come. `threshold` is 0..100. */
export function cutFinder(
  detector: ShotDetector,
  threshold: number,
): { next(score: SceneScore): void; end(): number[] } {
  const cutsS: number[] = []
  if (detector === 'content') {
    return {
      next({ timeS, score }) {
        if (score * 100 >= threshold) cutsS.push(timeS)
      },
      end: () => cutsS,
    }
  }
  const around: SceneScore[] = []
  const judge = (at: number): void => {
    const it = around[at]
    if (!it || it.score * 100 < threshold * ADAPTIVE_PART) return
    const others = around.filter((_, index) => index !== at)
    const mean = others.reduce((sum, other) => sum + other.score, 0) / Math.max(1, others.length)
    if (it.score >= mean * STANDS_OUT) cutsS.push(it.timeS)
  }
  /** Scores that have come and were judged, from the first of `around` on. */
  let judged = 0
  return {
    next(score) {
      around.push(score)
      if (around.length - 1 - judged < NEIGHBOURS) return
      judge(judged)
      if (judged < NEIGHBOURS) judged += 1
      else around.shift()
    },
    end() {
      for (; judged < around.length;) {
        judge(judged)
        if (judged < NEIGHBOURS) judged += 1
        else around.shift()
      }
      return cutsS
    },
  }
}
