import { createDiskCache } from '../base/disk-cache.ts'
import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { cuesIn, writeWebVtt } from '../media/cues.ts'
import type { Playable } from '../media/playable.ts'
import { drawStoryboard, type Storyboard } from '../media/storyboard.ts'
import { createSubtitles, type Subtitle } from '../media/subtitles.ts'
import type { Tools } from '../media/tools.ts'
import { measureWaveform, type Waveform } from '../media/waveform.ts'
import { createMadeBehind } from './made-behind.ts'
import { presentationStartS } from './segment-plan.ts'
import { planStoryboard } from './storyboard-plan.ts'
import { packStoryboard, storyboardText, unpackStoryboard } from './storyboard-text.ts'

/**
 * What is shown around the picture of a playable. Of one with a window it is that of the window and nothing else: other
 * text, pictures and peaks are not in it, and times count from its start. Storyboards and waveforms are made behind
 * the scenes when they are first asked for, and undefined until then; where there is none, AppError `not_found` is thrown.
 */
export interface Around {
  /** All subtitles of the file, also those that are no text. */
  subtitles(playable: Pick<Playable, 'path' | 'media'>): Promise<Subtitle[]>
  /** One of them as WebVTT, read now if need be. Throws AppError `not_found`, `unsupported_media`. */
  subtitleText(playable: Playable, index: number, signal: AbortSignal): Promise<string>
  /** WebVTT that names parts of `storyboard/<sheet>.jpg`; `query` is what these addresses carry. */
  storyboard(playable: Playable, query?: string): Promise<string | undefined>
  /** A sheet of it, as JPEG; AppError `not_found` also while it is made, since nothing names it until then. */
  storyboardSheet(playable: Playable, sheet: number): Promise<Uint8Array>
  waveform(playable: Playable): Promise<Waveform | undefined>
  /** Drops all of a content that nobody has any more. */
  remove(fingerprint: string): Promise<void>
  close(): Promise<void>
}

/** Room for those of some thousand films. */
const MAX_BYTES = 1e9

/** Makes it; `dir` is a cache. */
export function createAround({ tools, dir, log }: { tools: Tools; dir: string; log: Log }): Around {
  const cache = createDiskCache({ dir, maxBytes: MAX_BYTES, nameOf: (key) => key })
  const subtitles = createSubtitles({ tools, cache })
  const behind = createMadeBehind({ cache, log })

  const findStoryboard = async (playable: Playable): Promise<Storyboard | undefined> => {
    if (!playable.media.video) throw new AppError('not_found', 'There is no picture in this file.')
    const bytes = await behind.find(keyOf(playable, 'storyboard'), async (signal) => {
      const made = await drawStoryboard(tools, playable, planStoryboard(playable), signal)
      return made && packStoryboard(made)
    })
    return bytes && unpackStoryboard(bytes)
  }

  return {
    subtitles: (playable) => subtitles.list(playable),
    async subtitleText(playable, index, signal) {
      const film = { ...playable, startS: presentationStartS(playable.index) }
      const cues = await subtitles.cues(film, index, signal)
      return writeWebVtt(playable.window ? cuesIn(cues, playable.window) : cues)
    },
    async storyboard(playable, query) {
      const board = await findStoryboard(playable)
      return board && storyboardText(board, playable.window?.startS ?? 0, query)
    },
    async storyboardSheet(playable, sheet) {
      const bytes = (await findStoryboard(playable))?.sheets[sheet]
      if (!bytes) throw new AppError('not_found', 'There is no such picture.')
      return bytes
    },
    async waveform(playable) {
      if (playable.media.audio.length === 0)
        throw new AppError('not_found', 'There is no sound in this file.')
      const bytes = await behind.find(keyOf(playable, 'waveform'), async (signal) =>
        Buffer.from(JSON.stringify(await measureWaveform(tools, playable, signal))),
      )
      return bytes && (JSON.parse(bytes.toString('utf8')) as Waveform)
    },
    remove: (fingerprint) => cache.removeNamed(`${fingerprint}-`),
    close: () => behind.close(),
  }
}

/** A name of a file: windows are numbers. */
const keyOf = ({ fingerprint, window }: Playable, kind: string): string =>
  [fingerprint, ...(window ? [window.startS, window.endS] : []), kind].join('-')
