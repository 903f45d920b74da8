import type { Chapter } from '../../shared/media.ts'
import type { ClipWindow } from './playable.ts'

/** A chapter by the name that people see. */
export type NamedChapter = { startS: number; endS: number; title: string }

/** The chapters of a file, or those that lie in a window of it, cut at its ends; times count from its start. */
export function chaptersIn(chapters: readonly Chapter[], window: ClipWindow | null): NamedChapter[] {
  const { startS, endS } = window ?? { startS: 0, endS: Infinity }
  return chapters.flatMap((it, at) => {
    const [fromS, toS] = [Math.max(it.startS, startS), Math.min(it.endS, endS)]
    if (!(toS > fromS)) return []
    return [{ startS: fromS - startS, endS: toS - startS, title: it.title?.trim() || `Chapter ${at + 1}` }]
  })
}
