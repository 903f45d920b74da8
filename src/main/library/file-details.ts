import type { File } from '../../shared/api/file.ts'
import type { MediaInfo } from '../../shared/media.ts'
import { chaptersIn } from '../media/chapters.ts'
import type { Subtitle } from '../media/subtitles.ts'

/** What only the answer of one file says: its chapters, and the subtitles in it and beside it. Absent where there are none. */
export function toDetails(
  media: MediaInfo | null,
  subtitles: readonly Subtitle[],
): Pick<File, 'chapters' | 'subtitles'> {
  const chapters = chaptersIn(media?.chapters ?? [], null)
  return {
    ...(chapters.length > 0
      ? {
          chapters: chapters.map(({ startS, endS, title }) => ({
            start_time: startS,
            end_time: endS,
            title,
          })),
        }
      : {}),
    ...(subtitles.length > 0
      ? {
          subtitles: subtitles.map(({ index, name, language, source, isText, isForced }) => ({
            ...{ index, name, source, forced: isForced },
            ...(language === null ? {} : { language }),
            kind: isText ? ('text' as const) : ('picture' as const),
          })),
        }
      : {}),
  }
}
