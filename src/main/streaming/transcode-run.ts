import { AppError } from '../base/errors.ts'
import { runFfmpeg } from '../media/ffmpeg.ts'
import type { Tools } from '../media/tools.ts'
import { createBoxReader, readAvcConfiguration, readFragmentSamples } from './fragment-reader.ts'
import type { Sample } from './fragment-writer.ts'

/** Who listens to an encoder. It waits for as long as they do. */
export type RunListener = {
  /** The `avcC` of the pictures that follow. */
  configuration?: (bytes: Buffer) => Promise<void>
  samples: (samples: Sample[]) => Promise<void>
  /** Nobody watches what it makes: encoders that somebody waits for come first on the processor. */
  isPatient?: boolean
}

/** Of an encoder that nobody watches, where those that are watched have that of every ffmpeg. What a pipe holds is made even while it stands still. */
const PATIENT_NICE = 19

/** What a run makes at most, which says how much it may use for it. */
export type RunExtent = { lengthS: number; bps: number }

/** A second of film never takes more of a processor than this, on the slowest of machines; what does not get on is ended. */
const CPU_S_PER_S = 120
const BASE_CPU_S = 600

/** An encoder keeps to its rate over a second or two: with less than that, and with the container, it may seem to give more. */
const MOST_OVER_RATE = 2
const BASE_BYTES = 32 * 1024 * 1024

/** Wall time of a run that has nothing to wait for: a day. What hangs is found out by whoever waits for it. */
const TIMEOUT_MS = 24 * 60 * 60 * 1000

type TranscodeRun = {
  listener: RunListener
  extent: RunExtent
  signal: AbortSignal
  cwd?: string
  /** What it reads, where it has no file. */
  input?: Iterable<Uint8Array>
}

/**
 * Runs ffmpeg with arguments that give fragmented MP4 of one track on stdout, and hands its samples on as they come.
 * Throws AppError `unsupported_media` when it ends badly, gives something else, nothing or far too much; the signal's reason on
 * abort, when the whole group is killed.
 */
export async function runTranscode(
  tools: Pick<Tools, 'ffmpeg'>,
  args: readonly string[],
  { listener, extent, signal, cwd, input }: TranscodeRun,
): Promise<void> {
  const reader = createBoxReader()
  const seen: { header: boolean; moof: Buffer | null } = { header: false, moof: null }
  const onBytes = async (chunk: Buffer): Promise<void> => {
    for (const { type, bytes } of reader.push(chunk)) {
      if (type === 'moov') {
        seen.header = true
        const configuration = readAvcConfiguration(bytes)
        if (configuration) await listener.configuration?.(configuration)
      } else if (type === 'moof') seen.moof = bytes
      else if (type === 'mdat' && seen.moof) {
        const samples = readFragmentSamples(seen.moof, bytes)
        seen.moof = null
        await listener.samples(samples)
      }
    }
  }
  try {
    await runFfmpeg(tools, args, {
      signal,
      timeoutMs: TIMEOUT_MS,
      cpuS: BASE_CPU_S + extent.lengthS * CPU_S_PER_S,
      maxOutputBytes: BASE_BYTES + (MOST_OVER_RATE * extent.lengthS * extent.bps) / 8,
      onBytes,
      ...(listener.isPatient ? { nice: PATIENT_NICE } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? {} : { input }),
    })
  } catch (error) {
    throw error instanceof RangeError ? notMade(error) : error
  }
  if (!seen.header || !reader.isWhole()) throw notMade()
}

const notMade = (cause?: unknown): AppError =>
  new AppError('unsupported_media', 'ffmpeg could not convert this file.', { cause })
