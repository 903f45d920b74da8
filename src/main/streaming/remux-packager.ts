import { EncodedPacketSink, type Input } from 'mediabunny'
import { AppError } from '../base/errors.ts'
import type { Playable } from '../media/playable.ts'
import type { Sources } from '../media/source.ts'
import { variantOf } from './variant.ts'
import { writeFragment } from './fragment-writer.ts'
import type { MediaSegment, PackagedStream, Packager } from './packager.ts'
import { writeInit, type InitSegment } from './remux-init.ts'
import { readAudioSamples, readVideoSamples, type TimeLine } from './remux-samples.ts'
import { planSegments } from './segment-plan.ts'

type Tracks = { init: InitSegment; video: EncodedPacketSink | null; audio: EncodedPacketSink | null }

/**
 * Makes the packager that copies packets from the source into fMP4 when they are asked for. Nothing is prepared and
 * nothing is written: what it costs is one read of the segment's bytes.
 */
export function createRemuxPackager({ sources }: { sources: Pick<Sources, 'use'> }): Packager {
  // What an open input has been asked before; it goes with the input.
  const known = new WeakMap<Input, Promise<Tracks>>()
  const tracksOf = (input: Input, playable: Playable): Promise<Tracks> => {
    const found = known.get(input) ?? readTracks(input, playable)
    known.set(input, found)
    found.catch(() => known.delete(input))
    return found
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
      return {
        segments,
        variant: variantOf(playable),
        cacheable: true,
        init: () => sources.use(playable, async (input) => (await tracksOf(input, playable)).init.bytes),
        segment: (index, signal) =>
          sources.use(playable, async (input) => {
            const segment = segments[index]
            if (!segment) throw new AppError('not_found', 'There is no such segment.')
            const tracks = await tracksOf(input, playable)
            return readSegment(tracks, playable, segment, segments, signal)
          }),
      }
    },
  }
}

async function readTracks(input: Input, { index }: Playable): Promise<Tracks> {
  const video = await input.getPrimaryVideoTrack()
  const audio = (await input.getAudioTracks())[0] ?? null
  return {
    init: await writeInit({ video, audio, videoTimescale: index.videoTimescale, reorderS: index.reorderS }),
    video: video && new EncodedPacketSink(video),
    audio: audio && new EncodedPacketSink(audio),
  }
}

async function readSegment(
  { init, video, audio }: Tracks,
  { index }: Playable,
  segment: MediaSegment,
  segments: readonly MediaSegment[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const toS = segments[segment.index + 1]?.startS ?? null
  const line = { baseS: segments[0]?.startS ?? 0, reorderS: index.reorderS }
  const lineOf = (timescale: number): TimeLine => ({ ...line, timescale })
  // A picture that begins after the sound: the first segment begins before its first key packet.
  const keyS = segment.index === 0 ? (index.keyTimesS[0] ?? segment.startS) : segment.startS
  const [pictures, sounds] = await Promise.all([
    video && init.video
      ? readVideoSamples(video, { fromS: keyS, toS }, lineOf(init.video.timescale), signal)
      : [],
    audio && init.audio
      ? readAudioSamples(audio, { fromS: segment.startS, toS }, lineOf(init.audio.timescale), signal)
      : [],
  ])
  return writeFragment(segment.index + 1, [
    ...(init.video ? [{ id: init.video.id, kind: 'video' as const, samples: pictures }] : []),
    ...(init.audio ? [{ id: init.audio.id, kind: 'audio' as const, samples: sounds }] : []),
  ])
}
