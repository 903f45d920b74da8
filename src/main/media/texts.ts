import type { Chapter, MediaInfo, SubtitleTrackInfo } from '../../shared/media.ts'
import { readMatroskaTexts } from './matroska-texts.ts'
import { readMp4Texts } from './mp4-texts.ts'
import { openFile } from './source.ts'

/** What a file says in words: its chapters, and which subtitles are in it. */
export type Texts = Pick<MediaInfo, 'chapters' | 'subtitles'>

/** More than any film or book has; a file that claims more is believed so far (S54). */
const MAX_CHAPTERS = 1_000
const MAX_SUBTITLES = 64
const MAX_TITLE_CHARACTERS = 500

/** True for containers whose tables are read here; of others ffprobe tells. */
export const hasOwnTexts = (demuxer: string): boolean => demuxer === 'mov' || demuxer === 'matroska'

/**
 * Reads chapters and subtitles of a file by its container's own tables. What is broken in them has none, for that is no
 * reason to refuse a film. Throws the system error when it cannot be read.
 */
export async function readTexts(path: string, { demuxer, durationS }: MediaInfo): Promise<Texts> {
  if (!hasOwnTexts(demuxer)) return {}
  const file = await openFile(path)
  try {
    const found = await (demuxer === 'mov'
      ? readMp4Texts(file, durationS)
      : readMatroskaTexts(file, durationS))
    return found ? tidyTexts(found, durationS) : {}
  } catch (error) {
    if (error instanceof RangeError) return {}
    throw error
  } finally {
    await file.close()
  }
}

/** Leaves out what cannot be, and empty lists. */
export function tidyTexts(
  { chapters, subtitles }: { chapters: readonly Chapter[]; subtitles: readonly SubtitleTrackInfo[] },
  durationS: number,
): Texts {
  const inside = chapters
    .map((it) => ({
      startS: Math.max(0, it.startS),
      endS: Math.min(it.endS, durationS),
      title: it.title?.trim().slice(0, MAX_TITLE_CHARACTERS) || null,
    }))
    .filter((it) => it.endS > it.startS)
  return {
    ...(inside.length > 0 ? { chapters: inside.slice(0, MAX_CHAPTERS) } : {}),
    ...(subtitles.length > 0 ? { subtitles: subtitles.slice(0, MAX_SUBTITLES) } : {}),
  }
}
