import { performance } from 'node:perf_hooks'

/** One line of the table. */
export type Row = {
  what: string
  /** Values with their unit, ready to be read. */
  ours: string
  peer: string
  /** How many times better than the peer. */
  ratio: number
  /** What TARGETS.md asks for at least. */
  must: number
}

/** A benchmark: measures, interleaved with its peer, and gives its lines. Throws PeerMissing when there is no peer. */
export type Benchmark = (bench: { folder: string; log: (line: string) => void }) => Promise<Row[]>

/** The program to compare with is not on this machine. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing'
}

/** The milliseconds that `work` takes. */
export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** The value below which `share` (0..1) of `values` lie, by the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}

/** The middle value: what one slow moment of a shared machine does not move. */
export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** A time for people. */
export const showMs = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`

/** Compares times of both sides by their value at `share`. */
export function compare(
  what: string,
  must: number,
  ours: readonly number[],
  peer: readonly number[],
  share = 0.5,
): Row {
  const [a, b] = [percentile(ours, share), percentile(peer, share)]
  return { what, ours: showMs(a), peer: showMs(b), ratio: b / a, must }
}
