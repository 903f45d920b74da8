/** A named part of what plays; seconds. */
export type Chapter = { startS: number; endS: number; title: string }

/**
 * The chapters as they can be shown: in order, inside the media, each up to the next one, and each with a name. Fewer
 * than two divide nothing: none then.
 */
export function shownChapters(chapters: readonly Chapter[], durationS: number): Chapter[] {
  const endOf = (chapter: Chapter): number =>
    durationS > 0 ? Math.min(chapter.endS, durationS) : chapter.endS
  const inside = chapters
    .filter((it) => it.startS >= 0 && it.startS < endOf(it))
    .toSorted((one, other) => one.startS - other.startS)
    // Of several that begin together, as editions of one film do, the first counts.
    .filter((it, index, all) => it.startS > (all[index - 1]?.startS ?? -1))
  if (inside.length < 2) return []
  return inside.map((it, index) => ({
    startS: it.startS,
    endS: Math.min(endOf(it), inside[index + 1]?.startS ?? Infinity),
    title: it.title.trim() || `Chapter ${index + 1}`,
  }))
}

/** The chapter that a second lies in; undefined between two of them. */
export function chapterAt(chapters: readonly Chapter[], seconds: number): Chapter | undefined {
  // Seeks land on a frame, which may lie a moment before the chapter that was asked for.
  const atS = seconds + 0.05
  return chapters.findLast((it) => it.startS <= atS && (atS < it.endS || it === chapters.at(-1)))
}

/** Where a bar of the whole media is divided, as parts of it: each place where a chapter begins or ends. */
export function divisions(chapters: readonly Chapter[], durationS: number): number[] {
  const places = new Set(chapters.flatMap(({ startS, endS }) => [startS, endS]))
  return [...places]
    .map((it) => it / durationS)
    .filter((it) => it > 0.001 && it < 0.999)
    .toSorted((one, other) => one - other)
}
