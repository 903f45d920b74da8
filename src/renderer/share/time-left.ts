/** How far something was at a time: fraction 0..1, Unix ms. */
export type Sample = { progress: number; atMs: number }

/** Samples of this time count; older ones tell of another speed. */
const WINDOW_MS = 15_000
/** A shorter stretch says nothing. */
const MIN_STRETCH_MS = 2_000

/** The samples with one more, without those that no longer count. Progress that went back starts afresh. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1)
  if (last && sample.progress < last.progress) return [sample]
  return [...samples.filter((it) => sample.atMs - it.atMs <= WINDOW_MS), sample]
}

/** Seconds left at the speed of the samples; null while that cannot be said. */
export function secondsLeft(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return null
  const done = last.progress - first.progress
  const tookMs = last.atMs - first.atMs
  if (done <= 0 || tookMs < MIN_STRETCH_MS) return null
  return Math.max(1, Math.round(((1 - last.progress) / done) * (tookMs / 1000)))
}

/** Rounds a guess of seconds to what a guess can say: seconds, then five of them, then minutes. */
export function roughly(seconds: number): number {
  const step = seconds < 20 ? 1 : seconds < 90 ? 5 : 60
  return Math.round(seconds / step) * step
}
