import type { Playback } from '../../shared/api/share.ts'
import type { Chapter } from '../../shared/chapters.ts'
import type { PlayerOptions } from '../player/player.ts'

/** The chapters of what a share plays. */
export const chaptersOf = ({ chapters = [] }: Playback): Chapter[] =>
  chapters.map((it) => ({ startS: it.start_time, endS: it.end_time, title: it.title }))

/** What a share has around picture and sound, as the player takes it. */
export function aroundOf(
  playback: Playback,
): Pick<PlayerOptions, 'captions' | 'chapters' | 'storyboardUrl' | 'waveformUrl'> {
  const { subtitles = [], storyboard_url: storyboardUrl, waveform_url: waveformUrl } = playback
  return {
    captions: subtitles,
    chapters: chaptersOf(playback),
    ...(storyboardUrl === undefined ? {} : { storyboardUrl }),
    ...(waveformUrl === undefined ? {} : { waveformUrl }),
  }
}
