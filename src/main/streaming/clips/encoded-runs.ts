import { createHash, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createDiskCache } from '../../base/disk-cache.ts'
import { createLimit } from '../../base/limit.ts'
import { createLru } from '../../base/lru.ts'
import { sharedRuns } from '../../base/shared-runs.ts'
import type { Tools } from '../../media/tools.ts'
import { readEncodedPictures, type EncodedPictures } from './access-units.ts'
import { encodeRun, ENDS_BYTES, type EncoderSettings, type RunRequest } from './encode-run.ts'
import { SMALL_PICTURE_BYTES } from './small-pictures.ts'

/** Pictures of a source encoded anew; `first` and `last` are small pictures of what the source shows there. */
export type EncodedStretch = EncodedPictures & { first: Buffer; last: Buffer }

/**
 * Encodes pictures, or finds them as they were encoded before. `told` is what decides what they show: not all of the
 * source does, for an init segment tells when it was made too. Throws what `encodeRun` throws.
 */
export type EncodedRuns = (
  settings: EncoderSettings,
  request: RunRequest & { told: readonly Uint8Array[] },
  signal: AbortSignal,
) => Promise<EncodedStretch>

/** Heads and tails of some hundred clips. */
const DISK_BYTES = 512 * 1024 * 1024
/** Those that the next segment asks for. */
const MEMORY_BYTES = 32 * 1024 * 1024

/** Encoders at the same time: each of them takes all cores it gets. */
const RUNS_AT_ONCE = 2

/** Goes up when the same request comes out as other pictures. */
const FORMAT = 3

/**
 * Makes the encoder of clips' ends. What is encoded is kept in `dir` by what goes in, so that the second viewer does not
 * wait, nor the first after a restart.
 */
export function createEncodedRuns(
  tools: Pick<Tools, 'ffmpeg' | 'hasFpsMode'>,
  { dir }: { dir: string },
): EncodedRuns {
  const disk = createDiskCache({ dir, maxBytes: DISK_BYTES })
  const memory = createLru<Buffer>({ max: MEMORY_BYTES, sizeOf: (bytes) => bytes.length })
  const running = sharedRuns<Buffer>()
  const limit = createLimit(RUNS_AT_ONCE)

  const make = async (
    settings: EncoderSettings,
    request: RunRequest,
    signal: AbortSignal,
  ): Promise<Buffer> => {
    await mkdir(dir, { recursive: true })
    const endsPath = join(dir, `${randomUUID()}.tmp`)
    const { stream, ends } = await encodeRun(tools, settings, request, { endsPath, signal })
    return Buffer.concat([ends, stream])
  }

  return async (settings, request, signal) => {
    const key = keyOf(tools.ffmpeg.version, settings, request)
    const bytes =
      memory.get(key) ??
      (await running(key, signal, async (runSignal) => {
        const kept = await disk.get(key)
        const made = kept ?? (await limit(() => make(settings, request, runSignal)))
        memory.set(key, made)
        if (!kept) await disk.put(key, made)
        return made
      }))
    const pictures = readEncodedPictures(bytes.subarray(ENDS_BYTES), settings.lengthSize)
    return {
      ...pictures,
      first: bytes.subarray(0, SMALL_PICTURE_BYTES),
      last: bytes.subarray(SMALL_PICTURE_BYTES, ENDS_BYTES),
    }
  }
}

function keyOf(
  version: string,
  settings: EncoderSettings,
  { told, first, count }: Parameters<EncodedRuns>[1],
): string {
  const hash = createHash('sha256')
  for (const part of told) hash.update(part)
  return JSON.stringify([FORMAT, version, settings, first, count, hash.digest('base64url')])
}
