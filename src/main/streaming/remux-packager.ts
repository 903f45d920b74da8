import { AppError } from '../base/errors.ts'
import type { Playable } from '../media/playable.ts'
import type { Sources } from '../media/source.ts'
import { writeFragment } from './fragment-writer.ts'
import type { MediaSegment, PackagedRendition, PackagedStream, Packager } from './packager.ts'
import type { InitTrack } from './remux-init.ts'
import { openPackedRendition } from './packed-audio.ts'
import type { Reading } from './remux-reading.ts'
import { ticksIn, type TimeLine } from './remux-samples.ts'
import { planSegments } from './segment-plan.ts'
import { fillWithSilence, silentFrame } from './silence.ts'
import { createSourceReadings, type SourceReadings } from './source-readings.ts'
import { pictureOf, planRenditions, type RenditionPlan } from './variant.ts'

type RemuxDeps = { sources: Pick<Sources, 'use'>; readings?: SourceReadings }

/**
 * Makes the packager that copies packets from the source into fMP4 when they are asked for. Nothing is prepared and
 * nothing is written: what it costs is one read of the segment's bytes.
 */
export function createRemuxPackager({ sources, readings = createSourceReadings() }: RemuxDeps): Packager {
  const openRendition = (
    playable: Playable,
    plan: RenditionPlan,
    segments: readonly MediaSegment[],
  ): PackagedRendition => ({
    ...plan.facts,
    segments,
    cacheable: true,
    init: () => sources.use(playable, async (source) => (await readings(source, playable, plan)).init.bytes),
    segment: (index, signal) =>
      sources.use(playable, async (source) => {
        const segment = segments[index]
        if (!segment) throw new AppError('not_found', 'There is no such segment.')
        const reading = await readings(source, playable, plan)
        return readSegment(reading, playable, plan, segment, segments, signal)
      }),
  })

  return {
    name: 'remux',
    opensUnprepared: true,
    isReady: () => Promise.resolve(true),
    async prepare(_playable, signal, progress) {
      signal.throwIfAborted()
      progress(1)
    },
    async open(playable): Promise<PackagedStream> {
      const segments = planSegments(playable.index)
      const [main, ...others] = planRenditions(playable)
      const openOne = (plan: RenditionPlan) =>
        plan.facts.format === 'mp3'
          ? openPackedRendition(sources, playable, plan, segments)
          : openRendition(playable, plan, segments)
      return { renditions: [openOne(main), ...others.map(openOne)], picture: pictureOf(playable) }
    },
  }
}

async function readSegment(
  { init, reader }: Reading,
  { index, media }: Playable,
  { sound }: RenditionPlan,
  segment: MediaSegment,
  segments: readonly MediaSegment[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const lineOf = (track: InitTrack | null): TimeLine | null =>
    track && { timescale: track.timescale, baseS: segments[0]?.startS ?? 0, reorderS: index.reorderS }
  const range = {
    // A picture that begins after the sound: the first segment begins before its first key packet.
    keyS: segment.index === 0 ? (index.keyTimesS[0] ?? segment.startS) : segment.startS,
    fromS: segment.startS,
    toS: segments[segment.index + 1]?.startS ?? null,
  }
  const lines = { video: lineOf(init.video), audio: lineOf(init.audio) }
  const { pictures, sounds: found, release } = await reader.read(range, lines, signal)
  const track = sound === null ? undefined : media.audio[sound]
  const silence = track && silentFrame(track)
  const sounds =
    silence && lines.audio
      ? fillWithSilence(found, ticksIn(range, index.endS, lines.audio), silence, lines.audio.timescale)
      : found
  try {
    return writeFragment(segment.index + 1, [
      ...(init.video ? [{ id: init.video.id, kind: 'video' as const, samples: pictures }] : []),
      ...(init.audio ? [{ id: init.audio.id, kind: 'audio' as const, samples: sounds }] : []),
    ])
  } finally {
    release()
  }
}
