import { AppError, messageOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import type { ClipWindow, Playable } from '../../media/playable.ts'
import type { OpenSource, Sources } from '../../media/source.ts'
import type { Tools } from '../../media/tools.ts'
import type { PackagedRendition, PackagedStream, Packager } from '../packager.ts'
import { openPackedRendition } from '../packed-audio.ts'
import type { Reading } from '../remux-reading.ts'
import type { SourceReadings } from '../source-readings.ts'
import { pictureOf, planRenditions, wholeRendition, type RenditionPlan } from '../variant.ts'
import type { ClipCheck } from './clip-check.ts'
import { costOf, type ClipCost } from './clip-cost.ts'
import { cannotContinue } from './clip-encoder.ts'
import { writeClipFile, type ClipFileKind } from './clip-file.ts'
import { planSoundClip } from './clip-plan.ts'
import { encodeEnds, layOutClip, openClip, readClipSegment, type Clip } from './clip-reading.ts'
import type { CutSources } from './cut-source.ts'
import type { EncodedRuns } from './encoded-runs.ts'

/** A playable of which a window is streamed. */
export type WindowPlayable = Playable & { window: ClipWindow }

type ClipDeps = {
  tools: Pick<Tools, 'ffmpeg'>
  cutSources: CutSources
  sources: Pick<Sources, 'use'>
  readings: SourceReadings
  encode: EncodedRuns
  check: ClipCheck
  log: Log
  /** Ends what is made ahead of being asked for. */
  closing: AbortSignal
}

/** Streams windows of files, and what else is made of them. */
export interface ClipPackager extends Pick<Packager, 'isReady' | 'prepare' | 'open'> {
  /** What the clip of a window will take; nothing is encoded for that. */
  cost(playable: WindowPlayable, signal: AbortSignal): Promise<ClipCost>
  /** Writes the clip as one file, with its default track of sound; see `writeClipFile`. */
  file(
    playable: WindowPlayable,
    path: string,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<ClipFileKind>
}

/**
 * Makes the packager of windows: what lies in them is copied from the source as remux does it, and the ends are encoded
 * where they lie inside of a GOP. Opening throws AppError `bad_request` when the window is empty, `unsupported_media`
 * when its ends cannot be made exact.
 */
export function createClipPackager(deps: ClipDeps): ClipPackager {
  const { tools, cutSources, sources, readings } = deps
  return {
    isReady: (playable) => cutSources.isReady(playable),
    prepare: (playable, signal, progress) => cutSources.prepare(playable, signal, progress),
    open: async (playable) => openWindow(lasting(deps, playable), await cutSources.of(playable)),
    async cost(playable, signal) {
      const source = await cutSources.of(playable)
      const { media, index } = source
      const plan = wholeRendition(source)
      return sources.use(source, async (opened) => {
        const reading = await readings(opened, source, plan)
        const laid = await layOutClip({ media, index, window: playable.window }, reading, signal)
        return costOf(laid.plan, { index, picture: media.video, reading })
      })
    },
    async file(playable, path, signal, progress) {
      const source = await cutSources.of(playable)
      // Of several tracks of sound a file has one, which stays with the picture.
      const { renditions } = await openWindow(lasting(deps, playable), source, [wholeRendition(source)])
      return writeClipFile(tools, { rendition: renditions[0], path, signal, progress })
    },
  }
}

/** The same for one playable, whose source is made again where it was a file of ours that had to give way. */
const lasting = (deps: ClipDeps, playable: Playable): ClipDeps => ({
  ...deps,
  sources: { use: async (_source, work) => deps.sources.use(await deps.cutSources.of(playable), work) },
})

async function openWindow(
  deps: ClipDeps,
  playable: Playable,
  [main, ...others] = planRenditions(playable),
): Promise<PackagedStream> {
  const { sources, readings, encode, closing } = deps
  const { window, index } = playable
  if (!window) throw new Error('this playable has no window')
  if (main.facts.format === 'mp3') return openPackedClip(sources, { ...playable, window }, [main, ...others])

  const clip = await sources.use(playable, async (source) =>
    openClip(encode, { ...playable, window }, await readings(source, playable, main), closing),
  )
  if (clip.encoder) {
    // Whoever asks for the playlist asks for the first segment next.
    sources
      .use(playable, async (source) =>
        encodeEnds(clip, await readings(source, playable, main), index, closing),
      )
      .catch((error: unknown) => {
        if (!closing.aborted) deps.log.warn({ err: messageOf(error) }, 'the ends of a clip were not encoded')
      })
  }
  const copied: Clip = { plan: clip.plan, encoder: null }
  return {
    renditions: [
      openRendition(deps, playable, main, clip),
      ...others.map((plan) => openRendition(deps, playable, plan, plan.picture ? clip : copied)),
    ],
    picture: pictureOf(playable),
  }
}

function openRendition(
  { sources, readings, check, log }: ClipDeps,
  playable: Playable,
  plan: RenditionPlan,
  clip: Clip,
): PackagedRendition {
  const { segments } = clip.plan
  const reading = (source: OpenSource): Promise<Reading> => readings(source, playable, plan)
  const initOf = ({ init }: Reading): Uint8Array => clip.encoder?.init.bytes ?? init.bytes
  return {
    ...plan.facts,
    segments,
    cacheable: true,
    init: () => sources.use(playable, async (source) => initOf(await reading(source))),
    segment: (index, signal) =>
      sources.use(playable, async (source) => {
        const segment = segments[index]
        if (!segment) throw new AppError('not_found', 'There is no such segment.')
        const from = await reading(source)
        const track = plan.sound === null ? undefined : playable.media.audio[plan.sound]
        const made = await readClipSegment(
          clip,
          { reading: from, index: playable.index, track },
          segment,
          signal,
        )
        if (clip.encoder) {
          const wrong = await check(initOf(from), made, signal)
          if (wrong !== null) {
            log.error(
              { fingerprint: playable.fingerprint, window: playable.window, wrong },
              'a clip is not exact',
            )
            throw cannotContinue()
          }
        }
        return made.bytes
      }),
  }
}

/** Frames of MP3 need no init and no encoder. */
function openPackedClip(
  sources: Pick<Sources, 'use'>,
  playable: WindowPlayable,
  [main, ...others]: readonly [RenditionPlan, ...RenditionPlan[]],
): PackagedStream {
  const { window, index } = playable
  const plan = planSoundClip({ window, startS: index.startS, endS: index.endS })
  if (!plan) throw new AppError('bad_request', 'Nothing of this file lies between these times.')
  const open = (it: RenditionPlan): PackagedRendition =>
    openPackedRendition(sources, playable, it, plan.segments, plan)
  return { renditions: [open(main), ...others.map(open)], picture: null }
}
