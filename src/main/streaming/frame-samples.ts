import type { FileHandle } from 'node:fs/promises'
import type { FramesIndex } from '../../shared/media.ts'
import { AppError } from '../base/errors.ts'
import { readFully } from '../media/block-reader.ts'
import type { Sample } from './fragment-writer.ts'
import { createFramer } from './framers.ts'
import { ticksOf, type SampleReader } from './remux-samples.ts'
import { TARGET_SEGMENT_S } from './segment-plan.ts'

/** A frame, and the number of its first sample. */
export type PlacedFrame = { data: Buffer; firstSample: number; samples: number }

/** The frames of the segment that begins at `fromS`, up to the one at `toS` (null: to the end): one read. */
export async function readFrames(
  file: FileHandle,
  { format, at, firstSamples, endAt }: FramesIndex,
  { fromS, toS }: { fromS: number; toS: number | null },
  signal: AbortSignal,
): Promise<PlacedFrame[]> {
  signal.throwIfAborted()
  const segment = Math.round(fromS / TARGET_SEGMENT_S)
  const start = at[segment]
  const end = toS === null ? endAt : at[Math.round(toS / TARGET_SEGMENT_S)]
  if (start === undefined || end === undefined) throw new AppError('internal', 'A place is not in the index.')
  const bytes = Buffer.allocUnsafeSlow(end - start)
  await readFully(file, bytes, start)
  signal.throwIfAborted()

  const framer = createFramer(format)
  const frames: PlacedFrame[] = []
  let firstSample = firstSamples[segment] ?? 0
  for (let offset = 0; offset < bytes.length;) {
    const frame = framer(bytes, offset, true)
    if (frame === null || frame === 'more') {
      // What the scan has passed over.
      offset += 1
      continue
    }
    const data = bytes.subarray(offset + frame.headerBytes, offset + frame.bytes)
    frames.push({ data, firstSample, samples: frame.samples })
    firstSample += frame.samples
    offset += frame.bytes
  }
  return frames
}

/** Makes the reader of a file of bare frames for fMP4. */
export function createFrameReader(file: FileHandle, places: FramesIndex): SampleReader {
  return {
    async read(range, { audio: line }, signal) {
      if (!line) return { pictures: [], sounds: [], release: () => undefined }
      const frames = await readFrames(file, places, range, signal)
      const ticksAt = (sample: number): number => ticksOf(sample / places.sampleRate, line)
      const sounds = frames.map(({ data, firstSample, samples }): Sample => {
        const decodeTicks = ticksAt(firstSample)
        const durationTicks = ticksAt(firstSample + samples) - decodeTicks
        return { data, decodeTicks, offsetTicks: 0, durationTicks, isSync: true }
      })
      return { pictures: [], sounds, release: () => undefined }
    },
  }
}
