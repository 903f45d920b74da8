import type { Input } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import type { Playable } from '../media/playable.ts'
import type { OpenSource, Sources } from '../media/source.ts'
import { writeFragment } from './fragment-writer.ts'
import type { MediaSegment, PackagedStream, Packager } from './packager.ts'
import { openPlainSamples } from './plain-samples.ts'
import { writeInit, type InitSegment, type InitTrack } from './remux-init.ts'
import { createPacketReader, type SampleReader, type TimeLine } from './remux-samples.ts'
import { planSegments } from './segment-plan.ts'
import { pictureOf, soleRendition } from './variant.ts'

/** An open source as remux sees it. */
type Reading = { init: InitSegment; reader: SampleReader }

/**
 * Makes the packager that copies packets from the source into fMP4 when they are asked for. Nothing is prepared and
 * nothing is written: what it costs is one read of the segment's bytes.
 */
export function createRemuxPackager({ sources }: { sources: Pick<Sources, 'use'> }): Packager {
  // What an open input has been asked before; it goes with the input.
  const known = new WeakMap<Input, Promise<Reading>>()
  const readingOf = (source: OpenSource, playable: Playable): Promise<Reading> => {
    const { input } = source
    const reading = known.get(input) ?? openReading(source, playable)
    known.set(input, reading)
    reading.catch(() => known.delete(input))
    return reading
  }

  return {
    name: 'remux',
    isReady: () => Promise.resolve(true),
    async prepare(_playable, signal, progress) {
      signal.throwIfAborted()
      progress(1)
    },
    async open(playable): Promise<PackagedStream> {
      const segments = planSegments(playable.index)
      const rendition = {
        ...soleRendition(playable),
        segments,
        cacheable: true,
        init: () => sources.use(playable, async (source) => (await readingOf(source, playable)).init.bytes),
        segment: (index: number, signal: AbortSignal) =>
          sources.use(playable, async (source) => {
            const segment = segments[index]
            if (!segment) throw new AppError('not_found', 'There is no such segment.')
            return readSegment(await readingOf(source, playable), playable, segment, segments, signal)
          }),
      }
      return { renditions: [rendition], picture: pictureOf(playable) }
    },
  }
}

async function openReading({ input, file }: OpenSource, { index, media }: Playable): Promise<Reading> {
  const video = await input.getPrimaryVideoTrack()
  const audio = (await input.getAudioTracks())[0] ?? null
  const { videoTimescale, reorderS } = index
  const plain = media.demuxer === 'mov' ? await openPlainSamples(file) : null
  return {
    init: await writeInit({ video, audio, videoTimescale, reorderS }),
    reader: plain ?? createPacketReader(video, audio),
  }
}

async function readSegment(
  { init, reader }: Reading,
  { index }: Playable,
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
  const { pictures, sounds, release } = await reader.read(range, lines, signal)
  try {
    return writeFragment(segment.index + 1, [
      ...(init.video ? [{ id: init.video.id, kind: 'video' as const, samples: pictures }] : []),
      ...(init.audio ? [{ id: init.audio.id, kind: 'audio' as const, samples: sounds }] : []),
    ])
  } finally {
    release()
  }
}
