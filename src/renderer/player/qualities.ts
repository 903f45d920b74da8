/** What of a variant of a stream decides what people call it. */
type Level = { width: number; height: number; bitrate: number }

/** A quality that can be chosen, and the variants that are of it. */
export type Quality = { name: string; levels: number[] }

/**
 * The qualities of a stream, the best first. A picture is called by its shorter side, as `1080p` is called turned
 * upright too; none when no variant has a picture.
 */
export function qualitiesOf(levels: readonly Level[]): Quality[] {
  const named = new Map<number, number[]>()
  for (const [index, { width, height }] of levels.entries()) {
    const lines = Math.min(width, height)
    if (lines > 0) named.set(lines, [...(named.get(lines) ?? []), index])
  }
  return [...named]
    .toSorted(([one], [other]) => other - one)
    .map(([lines, indexes]) => ({ name: `${lines}p`, levels: indexes }))
}

/** The variant to play of a quality, the one with most bits; -1, which is any, when it is not there. */
export function levelOf(levels: readonly Level[], name: string): number {
  const of = qualitiesOf(levels).find((it) => it.name === name)?.levels ?? []
  const bitrate = (index: number): number => levels[index]?.bitrate ?? 0
  return of.toSorted((one, other) => bitrate(other) - bitrate(one))[0] ?? -1
}
