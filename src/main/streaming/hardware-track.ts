import { AppError } from '../base/errors.ts'
import type { Sample } from './fragment-writer.ts'
import type { HardwareSearch } from './hardware-encoders.ts'
import { joinConfigurations } from './joined-configuration.ts'
import type { PictureEncoder } from './transcode-encoder.ts'
import type { RunListener } from './transcode-run.ts'
import { orLeave } from './transcode-runs.ts'

/**
 * libx264 beside an encoder of the hardware: ids of parameter sets that no other encoder has, the highest that there are
 * of sequences (H.264 section 7.4.2.1.1).
 */
export const FALLBACK: PictureEncoder = { name: 'libx264', setId: 31 }

/** A track of pictures, and how it is encoded by one encoder. */
export type HardwareTrackDeps = {
  hardware: HardwareSearch
  /** How many slots there are. */
  count: number
  slotOf: (sample: Sample) => number
  /** Runs an encoder from a slot to the end. */
  encode: (
    encoder: PictureEncoder,
    first: number,
    listener: RunListener,
    signal: AbortSignal,
  ) => Promise<void>
  /** The `avcC` of what `FALLBACK` makes of this source. */
  fallbackConfiguration: (signal: AbortSignal) => Promise<Buffer>
}

/**
 * Encodes the pictures of a track by hardware until that fails once; from then on by libx264, into the same stream: the
 * configuration that is told at the beginning has the parameter sets of both. Throws what the run throws, also the one
 * that failed by hardware: the next one is another.
 */
export function createHardwareTrack({
  hardware,
  count,
  slotOf,
  encode,
  fallbackConfiguration,
}: HardwareTrackDeps): (first: number, listener: RunListener, signal: AbortSignal) => Promise<void> {
  let isDropped = false
  let fallback: Buffer | null = null

  const byHardware = async (
    encoder: PictureEncoder,
    first: number,
    listener: RunListener,
    signal: AbortSignal,
  ): Promise<void> => {
    let newest = first - 1
    const watched: RunListener = {
      async configuration(bytes) {
        fallback ??= await fallbackConfiguration(signal)
        await listener.configuration?.(joinConfigurations(fallback, bytes))
      },
      async samples(samples) {
        for (const sample of samples) {
          const slot = slotOf(sample)
          if (slot > newest && !sample.isSync) throw fault('did not begin a segment with a key frame')
          newest = Math.max(newest, slot)
        }
        await listener.samples(samples)
      },
    }
    await encode(encoder, first, watched, signal)
    // A film that ends too early is told from an encoder that does by the other encoder.
    if (newest < count - 1) throw fault('ended before the film did')
  }

  return async (first, listener, signal) => {
    const encoder = isDropped ? null : await orLeave(hardware.find(), signal)
    if (!encoder) return encode(FALLBACK, first, listener, signal)
    try {
      await byHardware(encoder, first, listener, signal)
    } catch (error) {
      // Anything else is somebody's wish, or the disk's fault.
      if (error instanceof AppError && error.code === 'unsupported_media' && !isDropped) {
        isDropped = true
        hardware.dropped(error)
      }
      throw error
    }
  }
}

const fault = (what: string): AppError =>
  new AppError('unsupported_media', `The encoder of the hardware ${what}.`)
